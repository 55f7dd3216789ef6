import type { Attachment, Button } from "../message/message.ts";
import type { OutboxRow } from "../store/outbox.ts";
import type { LiveEvent, PostedFile } from "./live-feed.ts";
import type { Post } from "./posts.ts";

/** A post as those who watch hear of it. */
export type PostEvent = Extract<LiveEvent, { kind: "post" }>;

/** The event of a post that was just written. */
export function postEvent(post: Post): PostEvent {
  const { platform, account, chatId, threadId, outboxId, inboxId, kind, text, atMs, file, buttons } = post;
  return {
    kind: "post",
    place: { platform, account, chatId, threadId },
    outboxId,
    inboxId,
    postKind: kind,
    text,
    atMs,
    file: file === null ? null : postedFile(file),
    buttons,
  };
}

/** The event of a post as it is stored, for who was not there when it was written. */
export function storedPostEvent(row: OutboxRow): PostEvent {
  return {
    kind: "post",
    place: { platform: row.platform, account: row.account, chatId: row.chat_id, threadId: row.thread_id },
    outboxId: row.id,
    inboxId: row.inbox_id,
    postKind: row.kind,
    text: row.text,
    atMs: row.created_at_ms,
    file: row.file === null ? null : postedFile(JSON.parse(row.file) as Attachment),
    buttons: row.buttons === null ? [] : (JSON.parse(row.buttons) as readonly Button[]),
  };
}

// Where a file lies is nobody's business.
function postedFile({ kind, mimeType, sizeBytes, name }: Attachment): PostedFile {
  return { kind, mimeType, sizeBytes, name };
}
