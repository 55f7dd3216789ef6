import { sizeText } from "../media/attachment-size.ts";
import type { Attachment, Button, PrivateTo } from "../message/message.ts";
import type { Adapter } from "../platform/adapter.ts";
import { insertOutbox, type Lane, type OutboxRow } from "../store/outbox.ts";
import type { Tx } from "../store/writer.ts";

/** A post that was written to the outbox. */
export interface Post extends Lane {
  readonly outboxId: number;
  readonly inboxId: number | null;
  readonly kind: OutboxRow["kind"];
  readonly text: string;
  /** The message it answers; null on all but the first post of an answer. */
  readonly replyTo: string | null;
  readonly atMs: number;
  readonly file: Attachment | null;
  readonly buttons: readonly Button[];
  /** Null for everybody in the place. */
  readonly privateTo: PrivateTo | null;
  /** True for the beginning of an answer under way. */
  readonly grows: boolean;
  /** Whether storing it was delivering it. */
  readonly isDelivered: boolean;
}

/** Something to say in a conversation, before it is cut into posts. */
export interface Speech {
  readonly place: Lane;
  readonly inboxId: number | null;
  readonly session: number | null;
  readonly kind: OutboxRow["kind"];
  /** Markdown; an empty text makes no post. */
  readonly text: string;
  /** Shown on the first post, where the platform shows such a thing. */
  readonly replyTo: string | null;
  readonly nowMs: number;
  /** Shown under the last post, where the platform has buttons. Absent: none. */
  readonly buttons?: readonly Button[];
  /** Posted after the text, one each. Absent: none. */
  readonly files?: readonly Attachment[];
  /** Whom it is for alone. Absent: everybody in the place. */
  readonly privateTo?: PrivateTo;
}

/** The adapter of a platform's bot; undefined when it is not configured (any more). */
export type AdapterOf = (platform: string, account: string) => Adapter | undefined;

/** Writes one outbox row for each post the platform needs to say this, in order. */
export function writePosts(tx: Tx, adapterOf: AdapterOf, speech: Speech): Post[] {
  const { files = [], buttons = [] } = speech;
  if (speech.text === "" && files.length === 0) return [];
  const adapter = adapterOf(speech.place.platform, speech.place.account);
  const pieces = speech.text === "" ? [] : splitFor(adapter, speech.text);
  const posts: Pick<Draft, "text" | "buttons" | "file">[] = pieces.map((text, index) => ({
    text,
    buttons: index === pieces.length - 1 ? buttons : [],
    file: null,
  }));
  for (const file of files) {
    // Who reads our own store reads where the file is, too.
    const text = adapter?.deliversOnStore ? storedFileText(file) : "";
    posts.push({ text, buttons: [], file });
  }
  return posts.map((post, index) =>
    writePost(tx, adapter, { ...speech, ...post, replyTo: index === 0 ? speech.replyTo : null }),
  );
}

function storedFileText({ name, sizeBytes, path }: Attachment): string {
  const place = path.split(/[\\/]/).slice(-3).join("/");
  return `File: ${name}, ${sizeText(sizeBytes)}, in the data directory as \`${place}\``;
}

/** The posts an adapter needs for an answer. */
export function splitFor(adapter: Adapter | undefined, markdown: string): readonly string[] {
  return adapter?.split?.(markdown) ?? [markdown];
}

/** One post, as it is written; `grows` for the beginning of an answer under way. */
export interface Draft extends Omit<Speech, "files"> {
  readonly buttons: readonly Button[];
  readonly file: Attachment | null;
  readonly grows?: true;
}

/** Writes one outbox row. */
export function writePost(tx: Tx, adapter: Adapter | undefined, draft: Draft): Post {
  const { place, inboxId, session, kind, text, replyTo, nowMs, file, buttons, privateTo = null } = draft;
  const isDelivered = adapter?.deliversOnStore ?? false;
  const outboxId = insertOutbox(tx, {
    platform: place.platform,
    account: place.account,
    chatId: place.chatId,
    threadId: place.threadId,
    inboxId,
    session,
    kind,
    text,
    replyTo,
    state: isDelivered ? "sent" : "pending",
    nowMs,
    sentAtMs: isDelivered ? nowMs : null,
    file: file === null ? null : JSON.stringify(file),
    buttons: buttons.length === 0 ? null : JSON.stringify(buttons),
    privateTo: privateTo === null ? null : JSON.stringify(privateTo),
    grows: draft.grows ? 1 : 0,
  });
  return {
    ...place,
    outboxId,
    inboxId,
    kind,
    text,
    replyTo,
    atMs: nowMs,
    file,
    buttons,
    privateTo,
    grows: draft.grows ?? false,
    isDelivered,
  };
}
