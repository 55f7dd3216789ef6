import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Clock } from "../../src/clock/clock.ts";
import type { ConversationKind, KnownChat, KnownNames, NeededNames } from "./known-names.ts";
import { waitAtMost } from "./patience.ts";

/** Most people and most chats whose names are kept, each; the ones heard of longest ago are forgotten. */
const MAX_NAMES = 5000;
/** A message never waits longer than this for its names. */
const PATIENCE_MS = 1000;
/** People rename themselves rarely: a name is used this long, and after it until a newer one has come. */
const FRESH_MS = 60 * 60 * 1000;
/** How long a look-up that failed is left alone, so that a missing permission costs no call for each message. */
const RETRY_AFTER_FAILURE_MS = 60 * 1000;

/** Names of people and chats, looked up once and kept. */
export interface Names extends KnownNames {
  /** Looks up what is not known yet; resolves after a second at the latest and never rejects. Null when all is known already. */
  load(needed: NeededNames): Promise<void> | null;
  /** Remembers what sort of place a chat is, from a message that said so. */
  learnKind(chatId: string, kind: ConversationKind): void;
}

interface Entry<Value> {
  value: Value | null;
  /** When to ask (again), by the monotonic clock. */
  askAtMs: number;
  asking: Promise<void> | null;
}

/** Opens an empty cache; after `signal` aborts nothing is asked any more. */
export function openNames(web: WebClient, clock: Clock, signal: AbortSignal): Names {
  const users = new Map<string, Entry<string>>();
  const chats = new Map<string, Entry<KnownChat>>();

  const askUser = async (userId: string) => nameOfUser.parse(await web.users.info({ user: userId }));
  const askChat = async (chatId: string) => chatInfo.parse(await web.conversations.info({ channel: chatId }));

  function look<Value>(known: Map<string, Entry<Value>>, id: string, ask: (id: string) => Promise<Value>) {
    const entry = known.get(id) ?? { value: null, askAtMs: 0, asking: null };
    known.delete(id);
    known.set(id, entry);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_NAMES) break;
      known.delete(oldest);
    }
    if (clock.monotonicMs() >= entry.askAtMs && entry.asking === null && !signal.aborted) {
      entry.asking = ask(id)
        .then((value) => {
          entry.value = value;
          entry.askAtMs = clock.monotonicMs() + FRESH_MS;
        })
        // Whoever asked goes on with the id: a name is worth neither a message nor a line in the log.
        .catch(() => {
          entry.askAtMs = clock.monotonicMs() + RETRY_AFTER_FAILURE_MS;
        })
        .finally(() => {
          entry.asking = null;
        });
    }
    return entry.value === null ? entry.asking : null;
  }

  return {
    user: (userId) => users.get(userId)?.value ?? null,
    chat: (chatId) => chats.get(chatId)?.value ?? null,
    load({ userIds, chatIds }) {
      const waits = [
        ...userIds.map((id) => look(users, id, askUser)),
        ...chatIds.map((id) => look(chats, id, askChat)),
      ].filter((wait) => wait !== null);
      return waits.length === 0 ? null : waitAtMost(Promise.all(waits), PATIENCE_MS, clock).then(() => {});
    },
    learnKind(chatId, kind) {
      const entry = chats.get(chatId);
      if (entry !== undefined && entry.value === null) entry.value = { name: null, topic: null, kind };
    },
  };
}

const maybeText = z.string().nullish();

/** docs.slack.dev/reference/methods/users.info: the display name is what others see, and may be empty. */
const nameOfUser = z
  .object({
    user: z.object({
      name: maybeText,
      real_name: maybeText,
      profile: z.object({ display_name: maybeText, real_name: maybeText }).nullish(),
    }),
  })
  .transform(
    ({ user: { name, real_name, profile } }) =>
      profile?.display_name || profile?.real_name || real_name || name || null,
  )
  .pipe(z.string());

/** docs.slack.dev/reference/methods/conversations.info */
const chatInfo = z
  .object({
    channel: z.object({
      name: maybeText,
      is_im: z.boolean().nullish(),
      is_mpim: z.boolean().nullish(),
      topic: z.object({ value: maybeText }).nullish(),
    }),
  })
  .transform(
    ({ channel }): KnownChat => ({
      name: channel.name || null,
      topic: channel.topic?.value || null,
      kind: channel.is_im ? "dm" : channel.is_mpim ? "group" : "channel",
    }),
  );
