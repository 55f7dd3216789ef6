import { remember } from "../../src/memory/remember.ts";
import { formatScope } from "../../src/session/memory-scope.ts";
import type { Session } from "../../src/store/session.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { randomNumbers } from "../../test/support/random-numbers.ts";
import { dmSource, line } from "../../test/support/test-store.ts";
import { newValues, topics } from "./planted-facts.ts";
import { smallTalk } from "./small-talk.ts";

const BATCH = 500;
const NOW_MS = Date.UTC(2026, 0, 5, 9);

/** Opens a person's direct conversation and fills it with so many messages. */
export async function talkedSession(store: SessionStore, who: string, messages: number): Promise<Session> {
  const { session } = await store.resolveSession(dmSource(who, { userId: who, userName: who }), NOW_MS);
  const random = randomNumbers(messages);
  for (let from = 0; from < messages; from += BATCH) {
    const drafts = Array.from({ length: Math.min(BATCH, messages - from) }, (_, place) => {
      const isPerson = (from + place) % 2 === 0;
      const about = isPerson ? { senderId: who } : { role: "assistant" as const, senderId: null, senderName: null };
      return line(smallTalk(random, 2), { atMs: NOW_MS, ...about });
    });
    await store.appendMessages(session.sessionId, drafts);
  }
  return session;
}

/** Lets a person have so many facts remembered. They say the same of few things: their words are no rare ones. */
export async function rememberMany(store: SessionStore, who: string, count: number): Promise<void> {
  const random = randomNumbers(count);
  const newValue = newValues(random);
  const scope = formatScope({ kind: "user", platform: "telegram", account: "default", userId: who });
  for (let from = 0; from < count; from += BATCH) {
    await store.write((tx) => {
      for (let place = from; place < Math.min(count, from + BATCH); place += 1) {
        const value = newValue();
        const content = random.oneOf(random.oneOf(topics.mine).say(value));
        remember(tx, { scope, content, bucket: "preference", author: scope, source: null }, NOW_MS + place);
      }
    });
  }
}
