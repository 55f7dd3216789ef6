import type { WaitingPost } from "./attempt-post.ts";
import type { Post } from "./posts.ts";

/** A post that was just written, as reading its row back would give it. */
export function waitingOf(post: Post): WaitingPost {
  return {
    id: post.outboxId,
    text: post.text,
    reply_to: post.replyTo,
    attempts: 0,
    next_attempt_at_ms: post.atMs,
    created_at_ms: post.atMs,
    post_id: null,
    file: post.file === null ? null : JSON.stringify(post.file),
    buttons: post.buttons.length === 0 ? null : JSON.stringify(post.buttons),
    private_to: post.privateTo === null ? null : JSON.stringify(post.privateTo),
    grows: post.grows ? 1 : 0,
    maybe_sent: 0,
    resends: 0,
  };
}
