import { jsonSchema, type ModelMessage, type ToolSet, tool } from "ai";
import { cleanText, cutText } from "../session/untrusted-text.ts";
import type { AgentEvent, AgentTool } from "./backend.ts";
import type { ModelToolCall } from "./model-step.ts";

/** Most calls of one step that are run; models that ask for more are going round in circles. */
const MAX_CALLS = 16;
/** Longest result the model is given, in UTF-16 units, about 16,000 tokens. */
const MAX_RESULT_LENGTH = 64 * 1024;
/** Longest summary for people, in UTF-16 units: one line of a phone. */
const MAX_SUMMARY_LENGTH = 80;
const LAST_CALL = "[That was the last call of a tool in this turn: answer now with what you know.]";

/** The tools as the SDK wants them, without a way to run them: that is ours. */
export function toolSet(tools: readonly AgentTool[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, inputSchema }) => [
      name,
      // The SDK's type is a JSON Schema in full; ours is one that the SDK hands on unread.
      tool({ description, inputSchema: jsonSchema(inputSchema as Parameters<typeof jsonSchema>[0]) }),
    ]),
  );
}

/** Runs the calls of a step, one after the other, and returns what the model is told; stops between them when `signal` aborts. */
export async function* runCalls(
  calls: readonly ModelToolCall[],
  tools: readonly AgentTool[],
  options: { readonly isLast: boolean; readonly signal: AbortSignal },
): AsyncGenerator<AgentEvent, ModelMessage, undefined> {
  const results: { readonly call: ModelToolCall; readonly text: string }[] = [];
  for (const [index, call] of calls.entries()) {
    if (options.signal.aborted) break;
    const text = yield* runCall(call, index, tools, options.signal);
    const isEnd = options.isLast && index === calls.length - 1;
    results.push({ call, text: isEnd ? `${text}\n${LAST_CALL}` : text });
  }
  return {
    role: "tool",
    content: results.map(({ call, text }) => ({
      type: "tool-result",
      toolCallId: call.id,
      toolName: call.name,
      output: { type: "text", value: text },
    })),
  };
}

async function* runCall(
  call: ModelToolCall,
  index: number,
  tools: readonly AgentTool[],
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, string, undefined> {
  const name = cutText(cleanText(call.name), MAX_SUMMARY_LENGTH);
  const known = tools.find((candidate) => candidate.name === call.name);
  if (known === undefined || call.problem !== null || index >= MAX_CALLS) {
    const problem = index >= MAX_CALLS ? `at most ${MAX_CALLS} calls at once` : (call.problem ?? "no such tool");
    yield { kind: "tool", name, phase: "failed", summary: summaryOf(problem) };
    return cutText(`This was not done: ${problem}`, MAX_RESULT_LENGTH);
  }
  yield { kind: "tool", name, phase: "started", summary: summaryOf(call.input) };
  try {
    const result = await orAborted(known.run(call.input), signal);
    yield { kind: "tool", name, phase: "finished" };
    return result === "" ? "(nothing)" : cutText(result, MAX_RESULT_LENGTH);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    yield { kind: "tool", name, phase: "failed", summary: summaryOf(problem) };
    return "This failed for a reason of our own; don't try it again in this turn.";
  }
}

/** One line for people: `rockets, limit 5` rather than braces and quotes. */
function summaryOf(input: unknown): string {
  if (typeof input === "string") return cutText(cleanText(input), MAX_SUMMARY_LENGTH);
  if (typeof input !== "object" || input === null) return "";
  const shown = Object.entries(input).map(([key, value]) =>
    typeof value === "string" ? value : `${key} ${JSON.stringify(value) ?? ""}`,
  );
  return cutText(cleanText(shown.join(", ")), MAX_SUMMARY_LENGTH);
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error("stopped"));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
