import { z } from "zod";
import type { IncomingMessage } from "../node-http.ts";
import { serverSentData } from "./http-events.ts";
import { failed } from "./program-failure.ts";
import { type ProgramEvent, readEvent } from "./program-line.ts";
import { type ProgramOutput, programOutput } from "./program-output.ts";

/** Longest answer, or event of one, in one piece of JSON, in UTF-16 units: a file of 20 MB in base64 and what is around it. */
const MAX_JSON_LENGTH = 32 * 1024 * 1024;

const jsonAnswer = z.object({
  text: z.string().default(""),
  usage: z.record(z.string(), z.unknown()).optional(),
  files: z.array(z.record(z.string(), z.unknown())).default([]),
});

/**
 * Reads an endpoint's answer as it arrives, in whichever of the four forms its content type names. Throws when the
 * connection breaks in the middle.
 */
export async function* httpAnswer(
  response: IncomingMessage,
  onNoise: (why: string) => void,
): AsyncGenerator<ProgramEvent> {
  const contentType = (response.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const reader = readerFor(contentType, onNoise);
  const decoder = new TextDecoder();
  const chunks: AsyncIterable<Uint8Array> = response;
  for await (const chunk of chunks) {
    if (reader === null) {
      yield failed(
        "misconfigured",
        `expected an answer of type application/json, text/plain, text/event-stream or application/x-ndjson, got ${JSON.stringify(contentType)}`,
      );
      return;
    }
    yield* reader.push(decoder.decode(chunk, { stream: true }));
  }
  if (reader !== null) yield* [...reader.push(decoder.decode()), ...reader.end()];
}

function readerFor(contentType: string, onNoise: (why: string) => void): ProgramOutput | null {
  switch (contentType) {
    case "application/json":
      return wholeJson(onNoise);
    case "text/event-stream":
      return eventStream(onNoise);
    case "application/x-ndjson":
    case "application/ndjson":
    case "application/jsonl":
      return programOutput("jsonl", onNoise);
    case "text/plain":
    case "text/markdown":
      return programOutput("text", onNoise);
    default:
      return null;
  }
}

function wholeJson(onNoise: (why: string) => void): ProgramOutput {
  const pieces: string[] = [];
  let length = 0;
  return {
    push(piece) {
      length += piece.length;
      pieces.push(piece);
      return length > MAX_JSON_LENGTH
        ? [failed("error", `the endpoint's answer is longer than ${MAX_JSON_LENGTH} characters`)]
        : [];
    },
    end() {
      const text = pieces.join("");
      return text.trim() === "" ? [] : eventsOfJson(text, onNoise);
    },
  };
}

/** `{ text, usage, files }`, or a single event such as `failed`. */
function eventsOfJson(text: string, onNoise: (why: string) => void): readonly ProgramEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [failed("error", "the endpoint's answer is not the JSON it is called")];
  }
  const event = readEvent(value);
  if (event.kind === "event") return [event.event];
  const answer = jsonAnswer.safeParse(value);
  if (!answer.success) return [failed("error", "the endpoint's answer has no text")];
  const { text: delta, usage, files } = answer.data;
  const read = [
    ...files.map((file) => readEvent({ ...file, type: "file" })),
    ...(usage === undefined ? [] : [readEvent({ ...usage, type: "usage" })]),
  ];
  const events: ProgramEvent[] = delta === "" ? [] : [{ kind: "text", delta }];
  for (const part of read) {
    if (part.kind === "event") events.push(part.event);
    else onNoise(part.why);
  }
  return events;
}

function eventStream(onNoise: (why: string) => void): ProgramOutput {
  const stream = serverSentData();
  const eventsOf = (datas: readonly string[]): string =>
    datas
      .map((data) => (data.trim() === "[DONE]" ? '{"type":"done"}' : data.replaceAll("\n", " ")))
      .map((line) => `${line}\n`)
      .join("");
  const lines = programOutput("jsonl", onNoise);
  return {
    push(piece) {
      const complete = eventsOf(stream.push(piece));
      return stream.pendingLength() > MAX_JSON_LENGTH
        ? [failed("error", `an event of the endpoint's answer is longer than ${MAX_JSON_LENGTH} characters`)]
        : lines.push(complete);
    },
    end: () => lines.end(),
  };
}
