import { z } from "zod";
import type { AgentEvent } from "./backend.ts";

const tokens = z.number().nonnegative().default(0);
const event = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), delta: z.string() }),
  z.object({
    kind: z.literal("tool"),
    name: z.string(),
    phase: z.enum(["started", "finished", "failed"]),
    summary: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal("file"), name: z.string(), mimeType: z.string(), data: z.instanceof(Uint8Array) }),
  z.object({
    kind: z.literal("usage"),
    usage: z.object({
      inputTokens: tokens,
      outputTokens: tokens,
      cacheReadTokens: tokens,
      cacheWriteTokens: tokens,
      costUsd: z.number().nonnegative().nullable().default(null),
    }),
  }),
  z.object({ kind: z.literal("done") }),
  z.object({
    kind: z.literal("failed"),
    failure: z.object({
      reason: z.enum(["stopped", "timeout", "unavailable", "refused", "misconfigured", "quota", "too_long", "error"]),
      message: z.string(),
      detail: z.string().default(""),
      retryable: z.boolean().default(false),
    }),
  }),
]);

/** What a module yielded as an event: a string is text. Throws a TypeError for anything that is no event. */
export function moduleEvent(yielded: unknown): AgentEvent {
  if (typeof yielded === "string") return { kind: "text", delta: yielded };
  const read = event.safeParse(yielded);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new TypeError(`the module yielded neither a string nor an AgentEvent${where}: ${issue?.message ?? "unknown"}`);
}
