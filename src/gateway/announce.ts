import type { ControlEffect, SessionChange } from "../command/command.ts";
import type { Events } from "../observe/events.ts";
import type { Lane } from "../store/outbox.ts";
import { type Begun, type BegunTurn, turnName } from "./begun-turn.ts";
import type { Delivery } from "./deliver.ts";
import type { LiveFeed } from "./live-feed.ts";
import { postEvent } from "./post-event.ts";
import type { Post } from "./posts.ts";
import type { Reply, ReplyWaiters } from "./reply-waiters.ts";

/** Tells of what a transaction has done, once it is on disk: posts on their way, waiters answered, watchers told. */
export interface Announcer {
  /** A row has begun, or is done already. */
  begun(begun: Exclude<Begun, { readonly kind: "finished" }>): void;
  posts(posts: readonly Post[]): void;
  /** A turn is over. */
  finished(turn: BegunTurn, posts: readonly Post[], outcome: "done" | "failed"): void;
  /** Nobody saw a turn run that was over when it had begun: it is told of as any. */
  finishedAtOnce(begun: Extract<Begun, { readonly kind: "finished" }>): void;
}

/** Opens it. */
export function openAnnouncer(options: {
  readonly delivery: Delivery;
  readonly waiters: ReplyWaiters;
  readonly events: Events;
  readonly feed: LiveFeed;
  /** Does what a command has decided about its conversation. */
  readonly onEffect: (effect: ControlEffect, by: { readonly key: string; readonly inboxId: number }) => void;
  readonly onSessionEnded: () => void;
}): Announcer {
  const { delivery, waiters, events, feed, onEffect } = options;

  const tellChange = (change: SessionChange, begun: BegunTurn | null) => {
    const { sessionId } = change;
    if (change.kind === "ended") {
      events.sessionReset({ sessionId, reason: change.reason });
      options.onSessionEnded();
    }
    if (change.kind === "started") {
      events.sessionStarted({ sessionId, platform: begun?.session.source.platform ?? "" });
    }
    feed.publish({ kind: "session", sessionId });
  };

  const posts = (written: readonly Post[]) => {
    for (const post of written) {
      feed.publish(postEvent(post));
      // What grew is posted already, or waits: the lane has to read how it stands.
      if (!post.isDelivered) delivery.notify(placeOf(post), post.grows ? undefined : post);
    }
  };

  const finished: Announcer["finished"] = (turn, written, outcome) => {
    posts(written);
    feed.publish({ kind: "turn_finished", place: placeOf(turn.message.source), inboxId: turn.inboxId, outcome });
    const reply = { sessionId: turn.session.sessionId, text: textOf(written) };
    for (const inboxId of turn.inboxIds) waiters.answered(inboxId, reply);
  };

  return {
    posts,
    begun(begun) {
      if (begun.kind === "gone") return;
      posts(begun.posts);
      if (begun.kind === "dead") {
        const { inboxId, attempts } = begun;
        events.turnDead({ inboxId, sessionId: null, attempts, reason: "interrupted" });
        waiters.answered(inboxId, { sessionId: null, text: textOf(begun.posts) });
        return;
      }
      for (const change of begun.changes) tellChange(change, begun.kind === "agent" ? begun : null);
      if (begun.effect !== null) onEffect(begun.effect, begun);
      if (begun.kind === "answered") {
        waiters.answered(begun.inboxId, { sessionId: begun.sessionId, text: textOf(begun.posts) });
      }
    },
    finished,
    finishedAtOnce({ turn, text, posts: written }) {
      const { inboxId, session, message } = turn;
      const place = placeOf(message.source);
      events.turnStarted(turnName(turn));
      feed.publish({ kind: "turn_started", place, inboxId, sessionId: session.sessionId });
      if (text !== "") feed.publish({ kind: "delta", place, inboxId, text });
      events.turnFinished({ ...turnName(turn), durationMs: 0 });
      finished(turn, written, "done");
    },
  };
}

function placeOf({ platform, account, chatId, threadId }: Lane): Lane {
  return { platform, account, chatId, threadId };
}

/** What a person reads as the answer: everything but notices, and what was said elsewhere. */
function textOf(posts: readonly Post[]): Reply["text"] {
  return posts
    .filter(({ kind }) => kind !== "notice" && kind !== "message")
    .map(({ text }) => text)
    .join("\n\n");
}
