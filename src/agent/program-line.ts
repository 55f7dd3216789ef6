import { basename } from "node:path";
import { z } from "zod";
import { cutText, untrustedLine } from "../session/untrusted-text.ts";
import type { AgentEvent } from "./backend.ts";
import { failed } from "./program-failure.ts";
import { mimeTypeOf } from "./program-mime.ts";

/** What a line of a program's output says; a file is still where the program put it. */
export type ProgramEvent =
  | AgentEvent
  | { readonly kind: "file_at"; readonly path: string; readonly name: string; readonly mimeType: string };

/** What became of a line. */
export type ReadLine =
  | { readonly kind: "event"; readonly event: ProgramEvent }
  /** Not JSON, or not an event: `why` is for the operator's log. */
  | { readonly kind: "noise"; readonly why: string };

/** Longest failure message of a program that people get to read, in UTF-16 units. */
const MAX_MESSAGE_LENGTH = 2000;

const tokens = z.number().nonnegative().default(0);
const fileName = z.string().min(1).optional();
/** One event, as docs/agents-programs.md describes it. */
const lineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), delta: z.string() }),
  z.object({
    type: z.literal("tool"),
    name: z.string().min(1),
    phase: z.enum(["started", "finished", "failed"]).default("started"),
    summary: z.string().optional(),
  }),
  z.object({
    type: z.literal("usage"),
    inputTokens: tokens,
    outputTokens: tokens,
    cacheReadTokens: tokens,
    cacheWriteTokens: tokens,
    costUsd: z.number().nonnegative().nullable().default(null),
  }),
  z.object({
    type: z.literal("file"),
    path: z.string().min(1).optional(),
    data: z.base64().optional(),
    name: fileName,
    mimeType: z.string().min(1).optional(),
  }),
  z.object({
    type: z.literal("failed"),
    message: z.string().optional(),
    detail: z.string().optional(),
    reason: z.enum(["unavailable", "refused", "misconfigured", "quota", "too_long", "error"]).default("error"),
    retryable: z.boolean().optional(),
  }),
  z.object({ type: z.literal("done") }),
]);

/** Reads one line of JSON. Names and summaries come out as one clean, short line: the program may have them from anybody. */
export function readLine(line: string): ReadLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: "noise", why: "not JSON" };
  }
  return readEvent(value);
}

/** The same for JSON that is parsed already. */
export function readEvent(value: unknown): ReadLine {
  const read = lineSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { kind: "noise", why: `not an event: ${issue?.path.join(".") || "type"}: ${issue?.message ?? "unknown"}` };
  }
  return eventOf(read.data);
}

function eventOf(line: z.output<typeof lineSchema>): ReadLine {
  switch (line.type) {
    case "text":
      return event({ kind: "text", delta: line.delta });
    case "tool": {
      const summary = untrustedLine(line.summary ?? "");
      return event({
        kind: "tool",
        name: untrustedLine(line.name),
        phase: line.phase,
        ...(summary === "" ? {} : { summary }),
      });
    }
    case "usage": {
      const { type: _, ...usage } = line;
      return event({ kind: "usage", usage });
    }
    case "file":
      return fileOf(line);
    case "failed": {
      const { message, reason, detail, retryable } = line;
      const said = message === undefined ? {} : { message: cutText(message.trim(), MAX_MESSAGE_LENGTH) };
      return event(
        failed(reason, untrustedLine(detail ?? message ?? "the program said that it failed"), {
          ...said,
          ...(retryable === undefined ? {} : { retryable }),
        }),
      );
    }
    case "done":
      return event({ kind: "done" });
  }
}

function fileOf(line: z.output<typeof lineSchema> & { readonly type: "file" }): ReadLine {
  const name = untrustedLine(basename(line.name ?? line.path ?? "")) || "file";
  const mimeType = line.mimeType ?? mimeTypeOf(name);
  if (line.data !== undefined) return event({ kind: "file", name, mimeType, data: Buffer.from(line.data, "base64") });
  if (line.path !== undefined) return event({ kind: "file_at", path: line.path, name, mimeType });
  return { kind: "noise", why: "not an event: a file needs a path or data" };
}

function event(said: ProgramEvent): ReadLine {
  return { kind: "event", event: said };
}
