import type { Clock } from "../clock/clock.ts";
import type { Lane } from "../store/outbox.ts";
import type { SessionRules } from "../store/resolve-session.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import type { Delivery } from "./deliver.ts";
import type { LiveFeed } from "./live-feed.ts";
import { noteDelivered } from "./note-delivered.ts";
import { postEvent } from "./post-event.ts";
import { type AdapterOf, type Post, writePosts } from "./posts.ts";

/** Writes a message that answers nobody (`parley send`) to the outbox and sets it on its way; resolves with its first outbox number. */
export async function sendMessage(
  gateway: {
    readonly store: SessionStore;
    readonly adapterOf: AdapterOf;
    readonly clock: Clock;
    readonly feed: LiveFeed;
    readonly delivery: Delivery;
  },
  place: Lane,
  text: string,
): Promise<number> {
  const { store, adapterOf } = gateway;
  const nowMs = gateway.clock.nowMs();
  const posts = await store.write((tx) => saySomething(tx, adapterOf, store.rules, { place, text, nowMs }));
  const first = posts[0];
  if (first === undefined) throw new RangeError("a message to send needs a text");
  sendPosts(gateway, posts);
  return first.outboxId;
}

/** Tells of posts that were written outside a turn, and sets them on their way. */
export function sendPosts(
  { feed, delivery }: { readonly feed: LiveFeed; readonly delivery: Delivery },
  posts: readonly Post[],
): void {
  for (const post of posts) {
    feed.publish(postEvent(post));
    const { platform, account, chatId, threadId } = post;
    if (!post.isDelivered) delivery.notify({ platform, account, chatId, threadId });
  }
}

/** Writes a message that answers nobody, in a transaction, and notes it where it is said; the posts are the caller's to send. */
export function saySomething(
  tx: Tx,
  adapterOf: AdapterOf,
  rules: SessionRules,
  { place, text, nowMs }: { readonly place: Lane; readonly text: string; readonly nowMs: number },
): readonly Post[] {
  const said = text.toWellFormed();
  noteDelivered(tx, rules, { place, text: said, except: null, extra: { sent: true }, nowMs });
  const speech = { inboxId: null, session: null, kind: "message", replyTo: null } as const;
  return writePosts(tx, adapterOf, { ...speech, place, text: said, nowMs });
}
