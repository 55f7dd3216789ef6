import type { AgentBackend, AgentEvent, AgentFailure, TurnRequest, Usage } from "../agent/backend.ts";
import { type Clock, sleep } from "../clock/clock.ts";
import type { Attachment } from "../message/message.ts";

/** What an agent made of a turn. */
export interface Answer {
  /** Markdown; what there was until it failed, when it failed. */
  readonly text: string;
  /** What is posted of it. */
  readonly posted: string;
  /** What goes out with it. */
  readonly files: readonly Attachment[];
  readonly usage: Usage | null;
  /** Null when it came to its end. */
  readonly failure: AgentFailure | null;
}

/** Longest answer, in UTF-16 units; the rest is not read. Far above what anybody reads in a chat. */
const MAX_ANSWER_LENGTH = 1024 * 1024;
/** How long an agent may take to end after it was told to stop; then it is left alone. */
const STOP_GRACE_MS = 1_000;

/** Most files of one answer; what is more is not kept. */
const MAX_FILES = 10;

/** Asks an agent and gathers its answer; `onDelta` gets the text as it grows, `keepFile` what is to go out with it. It never throws: whatever goes wrong is in the answer. */
export async function runAgent(
  agent: AgentBackend,
  request: TurnRequest,
  options: {
    readonly clock: Clock;
    readonly timeoutMs: number;
    readonly stop: AbortSignal;
    readonly onDelta: (delta: string, text: string) => void;
    readonly onTool?: (event: Extract<AgentEvent, { kind: "tool" }>) => void;
    readonly keepFile: (file: Extract<AgentEvent, { kind: "file" }>) => Promise<Attachment>;
  },
): Promise<Answer> {
  const { clock, timeoutMs, stop, onDelta, onTool, keepFile } = options;
  // Whoever stopped the turn while its files were fetched does not want an agent, or a program, started.
  if (stop.aborted) {
    return { text: "", posted: "", files: [], usage: null, failure: stoppedFailure("before the agent was asked") };
  }
  const ending = new AbortController();
  let isTimeout = false;
  const timer = clock.setTimer(timeoutMs, () => {
    isTimeout = true;
    ending.abort();
  });
  const onStop = () => ending.abort();
  stop.addEventListener("abort", onStop);
  // An agent that does not heed the signal must not hold its session for ever.
  const abandoned = new Promise<"abandoned">((resolve) => {
    ending.signal.addEventListener("abort", () => {
      void sleep(clock, STOP_GRACE_MS).then(() => resolve("abandoned"));
    });
  });

  let text = "";
  const files: Promise<Attachment>[] = [];
  let usage: Usage | null = null;
  let failure: AgentFailure | null = null;
  let isEnded = false;
  const take = (event: AgentEvent) => {
    switch (event.kind) {
      case "text": {
        const delta = event.delta.slice(0, MAX_ANSWER_LENGTH - text.length);
        text += delta;
        if (delta !== "") onDelta(delta, text);
        break;
      }
      case "usage":
        usage = event.usage;
        break;
      case "failed":
        failure = event.failure;
        isEnded = true;
        break;
      case "done":
        isEnded = true;
        break;
      case "tool":
        onTool?.(event);
        break;
      case "file":
        if (files.length < MAX_FILES) files.push(keepFile(event));
        break;
    }
  };

  let events: AsyncIterator<AgentEvent> | null = null;
  try {
    events = agent.run(request, ending.signal)[Symbol.asyncIterator]();
    while (!isEnded) {
      const next = await Promise.race([events.next(), abandoned]);
      if (next === "abandoned") {
        failure = stoppedFailure("it did not end when it was told to");
        break;
      }
      if (next.done === true) {
        failure = { ...brokenFailure("its stream ended without done or failed"), retryable: true };
        break;
      }
      take(next.value);
    }
  } catch (error) {
    failure = brokenFailure(error instanceof Error ? error.message : String(error));
  } finally {
    timer.cancel();
    stop.removeEventListener("abort", onStop);
    // Lets the agent tidy up behind its last word. One that was abandoned may never get there: nobody waits for it.
    events?.return?.()?.catch(() => {});
  }
  if (isTimeout) failure = timeoutFailure(timeoutMs);
  const kept = await Promise.allSettled(files);
  const lost = kept.find((outcome) => outcome.status === "rejected");
  if (lost !== undefined && failure === null) failure = lostFile(lost.reason);
  return {
    text: text.toWellFormed(),
    posted: text.toWellFormed(),
    files: kept.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : [])),
    usage,
    failure,
  };
}

function lostFile(error: unknown): AgentFailure {
  return {
    reason: "error",
    message: "A file that belongs to this answer could not be kept.",
    detail: error instanceof Error ? error.message : String(error),
    retryable: false,
  };
}

function timeoutFailure(timeoutMs: number): AgentFailure {
  const minutes = Math.max(1, Math.round(timeoutMs / 60_000));
  return {
    reason: "timeout",
    message: `I gave up after ${minutes} minute${minutes === 1 ? "" : "s"}: the answer took too long.`,
    detail: `no answer within ${timeoutMs} ms`,
    retryable: true,
  };
}

function stoppedFailure(detail: string): AgentFailure {
  return { reason: "stopped", message: "Stopped.", detail, retryable: true };
}

function brokenFailure(detail: string): AgentFailure {
  return {
    reason: "error",
    message: "Something went wrong on my side and I could not answer. The operator's log says what.",
    detail,
    retryable: false,
  };
}
