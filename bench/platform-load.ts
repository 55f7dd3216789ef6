import { setTimeout as sleep } from "node:timers/promises";
import type { PlatformRig } from "./platform-rig.ts";

/** People who write to a bot over its platform and wait for its answers. */
export interface PlatformLoad {
  /** Sends so many messages, each chat the next when its last one was answered; resolves with how long all took, in ms. */
  rush(messages: number): Promise<number>;
  /** Sends a message every `everyMs` and resolves with how long each waited for its answer, counted from when it was due. */
  paced(messages: number, everyMs: number): Promise<readonly number[]>;
}

/** A bot that leaves a message unanswered for longer has lost it. */
const ANSWER_LIMIT_MS = 30_000;

/** Listens to a rig's posts; one load a rig. */
export function platformLoad(rig: PlatformRig, chats: number): PlatformLoad {
  const waiting = new Map<string, () => void>();
  let count = 0;
  rig.onPost((text) => {
    const mark = /\bm\d+\b/.exec(text)?.[0] ?? "";
    waiting.get(mark)?.();
    waiting.delete(mark);
  });

  async function converse(chat: number): Promise<void> {
    count += 1;
    const mark = `m${count}`;
    const answered = new Promise<void>((resolve) => waiting.set(mark, resolve));
    rig.say(chat, `${mark} the quick brown fox jumps over`);
    const limit = new AbortController();
    const late = sleep(ANSWER_LIMIT_MS, "late", { signal: limit.signal }).catch(() => "answered");
    const first = await Promise.race([answered, late]);
    limit.abort();
    if (first === "late") throw new Error(`${rig.platform}: message ${mark} was not answered in ${ANSWER_LIMIT_MS} ms`);
  }

  return {
    async rush(messages) {
      const startedMs = performance.now();
      let left = messages;
      await Promise.all(
        Array.from({ length: chats }, async (_, chat) => {
          while (left-- > 0) await converse(chat);
        }),
      );
      return performance.now() - startedMs;
    },
    async paced(messages, everyMs) {
      const startMs = performance.now();
      const answers: Promise<number>[] = [];
      for (let sent = 0; sent < messages; sent++) {
        const dueMs = startMs + sent * everyMs;
        while (dueMs > performance.now()) await sleep(Math.max(1, dueMs - performance.now()));
        answers.push(converse(sent % chats).then(() => performance.now() - dueMs));
      }
      return await Promise.all(answers);
    },
  };
}
