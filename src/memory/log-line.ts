import type { TranscriptMessage } from "../store/transcript-line.ts";
import type { LogLine } from "./summary.ts";

/** A line of a transcript as memory sees it; tool calls are known by the fields that chat models give them. */
export function logLineOf(message: TranscriptMessage): LogLine {
  const { seq, role, content: text, atMs, senderId, extra } = message;
  const line = { seq, role, text, atMs, senderId };
  if (extra === null) return line;
  const toolCallIds = idsOf(extra.tool_calls);
  const answered = extra.tool_call_id;
  return {
    ...line,
    ...(toolCallIds.length === 0 ? {} : { toolCallIds }),
    ...(typeof answered === "string" ? { toolCallId: answered } : {}),
  };
}

function idsOf(calls: unknown): string[] {
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call: unknown) =>
    typeof call === "object" && call !== null && "id" in call && typeof call.id === "string" ? [call.id] : [],
  );
}
