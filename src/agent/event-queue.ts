import type { AgentEvent } from "./backend.ts";

/** Events on their way from whoever says them to whoever reads the turn. */
export interface EventQueue {
  /**
   * Adds one; nothing is taken after the first `done` or `failed`. Text that was not read yet grows instead of queueing up.
   * False when the turn's text has become too long and the rest of it is lost.
   */
  push(event: AgentEvent): boolean;
  /** The events in order, up to `done` or `failed`; for one reader. */
  read(): AsyncGenerator<AgentEvent>;
}

/** Most text of one turn, in UTF-16 units: twice what the gateway keeps, so that only a runaway agent gets there. */
export const MAX_TEXT_LENGTH = 2 * 1024 * 1024;
/** Most other events waiting to be read; what a runaway agent says beyond them about its tools is lost. */
const MAX_WAITING = 1000;

/** Starts empty. It holds at most `MAX_TEXT_LENGTH` of text and `MAX_WAITING` other events. */
export function eventQueue(): EventQueue {
  const waiting: AgentEvent[] = [];
  let textLength = 0;
  let isOver = false;
  let wake = () => {};
  return {
    push(event) {
      if (isOver) return true;
      const last = waiting.at(-1);
      if (event.kind === "text") {
        const { delta } = event;
        textLength += delta.length;
        if (textLength > MAX_TEXT_LENGTH) return false;
        if (last?.kind === "text") waiting[waiting.length - 1] = { kind: "text", delta: last.delta + delta };
        else waiting.push({ kind: "text", delta });
      } else {
        isOver = event.kind === "done" || event.kind === "failed";
        if (!isOver && waiting.length >= MAX_WAITING) return true;
        waiting.push(event);
      }
      wake();
      return true;
    },
    async *read() {
      for (;;) {
        const event = waiting.shift();
        if (event === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        yield event;
        if (event.kind === "done" || event.kind === "failed") return;
      }
    },
  };
}
