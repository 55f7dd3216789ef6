import type { Clock } from "../clock/clock.ts";
import type { Lane } from "../store/outbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { Delivery } from "./deliver.ts";
import type { LiveFeed } from "./live-feed.ts";
import { postEvent } from "./post-event.ts";
import { type AdapterOf, writePosts } from "./posts.ts";

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
  const posts = await gateway.store.write((tx) =>
    writePosts(tx, gateway.adapterOf, {
      place,
      inboxId: null,
      session: null,
      kind: "message",
      text: text.toWellFormed(),
      replyTo: null,
      nowMs: gateway.clock.nowMs(),
    }),
  );
  const first = posts[0];
  if (first === undefined) throw new RangeError("a message to send needs a text");
  for (const post of posts) {
    gateway.feed.publish(postEvent(post));
    if (!post.isDelivered) gateway.delivery.notify(place);
  }
  return first.outboxId;
}
