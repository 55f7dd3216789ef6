import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { sleep, systemClock } from "../clock/clock.ts";
import type { Answer, ChatDoor, Speaker } from "./chat-door.ts";
import { type DaemonAnswer, daemonClient } from "./daemon-client.ts";
import { CommandFailure } from "./failure.ts";
import { findDaemon } from "./running-daemon.ts";
import { watchEvents } from "./watch-events.ts";

/** How long one request waits for an answer; then it is asked again, under the same message id. */
const WAIT_SECONDS = 60;
/** What the daemon may need besides waiting. */
const REQUEST_TIMEOUT_MS = (WAIT_SECONDS + 30) * 1_000;
/** First pause before the daemon is looked for again; each further one is twice as long. */
const FIRST_RETRY_MS = 50;
/** Longest such pause: somebody who watches should not wait much longer than the daemon needs. */
const MAX_RETRY_MS = 2_000;
/** A script does not wait longer than this for a daemon that is gone; a person leaves when they like. */
const GIVE_UP_MS = 60_000;

const acceptedBody = z.object({ inboxId: z.number(), reply: z.object({ text: z.string() }).optional() });

/** Talks to the running daemon; when that one is restarted, goes on with the next, wherever it listens. */
export function httpDoor(config: Config, speaker: Speaker, options: { readonly givesUp: boolean }): ChatDoor {
  const closing = new AbortController();

  const post = async (body: object, signal: AbortSignal): Promise<DaemonAnswer> => {
    const url = (await findDaemon(config))?.url ?? null;
    if (url === null) return { kind: "unreached", why: "no daemon runs" };
    const client = daemonClient(url, config.console.token);
    return await client.request("POST", `/api/messages?wait=${WAIT_SECONDS}`, {
      body,
      signal,
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
  };

  return {
    description: "talking to the running daemon",
    async ask({ text, messageId }, signal, onTrouble) {
      const body = { platform: "local", ...speaker, text, messageId };
      let unreachedSinceMs: number | null = null;
      for (let delayMs = FIRST_RETRY_MS; ; ) {
        const answer = await post(body, signal);
        if (signal.aborted) return { kind: "left" };
        const settled = settledAnswer(answer);
        if (settled !== null) return settled;
        if (answer.kind === "ok") {
          // It is being worked on.
          if (unreachedSinceMs !== null) onTrouble("The daemon is back.");
          unreachedSinceMs = null;
          delayMs = FIRST_RETRY_MS;
          continue;
        }
        if (unreachedSinceMs === null) {
          unreachedSinceMs = systemClock.monotonicMs();
          onTrouble(troubleWords(answer));
        }
        if (options.givesUp && systemClock.monotonicMs() - unreachedSinceMs > GIVE_UP_MS) throw givenUp();
        await sleep(systemClock, delayMs, signal);
        delayMs = Math.min(delayMs * 2, MAX_RETRY_MS);
      }
    },
    watch(onEvent) {
      void watchEvents({ config, chatId: speaker.chatId, onEvent, signal: closing.signal });
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
    },
  };
}

/** The end of a question; null while it must be asked again. */
function settledAnswer(answer: DaemonAnswer): Answer | null {
  switch (answer.kind) {
    case "ok": {
      const { inboxId, reply } = acceptedBody.parse(answer.body);
      return reply === undefined ? null : { kind: "answered", inboxId, text: reply.text };
    }
    case "refused":
      // It is stopping, or its disk is full: neither lasts.
      return answer.status >= 500 ? null : { kind: "refused", message: answer.message };
    case "unreached":
      return null;
  }
}

function troubleWords(answer: Exclude<DaemonAnswer, { kind: "ok" }>): string {
  return answer.kind === "refused"
    ? `${answer.message} Trying again.`
    : "The daemon cannot be reached; waiting for it.";
}

function givenUp(): CommandFailure {
  return new CommandFailure(
    `the daemon could not be reached for ${GIVE_UP_MS / 1_000} s. Start it (parley run) and send the unanswered rest again.`,
  );
}
