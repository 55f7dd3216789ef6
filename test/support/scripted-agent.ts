import type { AgentBackend, AgentEvent, TurnRequest } from "../../src/agent/backend.ts";

/** An agent a test holds the strings of: each turn waits until it is answered. */
export interface ScriptedAgent extends AgentBackend {
  /** The turns that run now, in order of their beginning. */
  readonly running: { readonly request: TurnRequest; answer(text: string): void; say(event: AgentEvent): void }[];
  /** Every request so far. */
  readonly requests: TurnRequest[];
}

/** Makes one; with `obeysStop: false` it goes on when it is told to stop. */
export function scriptedAgent(options: { readonly obeysStop?: boolean } = {}): ScriptedAgent {
  const running: ScriptedAgent["running"] = [];
  const requests: TurnRequest[] = [];
  return {
    name: "scripted",
    running,
    requests,
    async *run(request, signal) {
      requests.push(request);
      const queue: AgentEvent[] = [];
      let wake = () => {};
      const say = (event: AgentEvent) => {
        queue.push(event);
        wake();
      };
      const turn = {
        request,
        say,
        answer(text: string) {
          say({ kind: "text", delta: text });
          say({ kind: "done" });
        },
      };
      running.push(turn);
      const stop = () =>
        say({
          kind: "failed",
          failure: { reason: "stopped", message: "Stopped.", detail: "told to", retryable: true },
        });
      if (options.obeysStop !== false) signal.addEventListener("abort", stop);
      try {
        for (;;) {
          const event = queue.shift();
          if (event === undefined)
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          else {
            yield event;
            if (event.kind === "done" || event.kind === "failed") return;
          }
        }
      } finally {
        signal.removeEventListener("abort", stop);
        running.splice(running.indexOf(turn), 1);
      }
    },
  };
}
