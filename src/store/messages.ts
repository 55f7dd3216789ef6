import type { Selectable } from "kysely";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";
import type { MessagesTable } from "./tables.ts";
import type { TranscriptMessage } from "./transcript-line.ts";

type Run = Pick<Connection, "run">;
type MessageRow = Selectable<MessagesTable>;

const known = statement<{ session: number; messageId: string }>()((db, p) =>
  db.selectFrom("messages").select("seq").where("session", "=", p.session).where("message_id", "=", p.messageId),
);
/** The line a platform message already has in this session, or null. */
export function selectSeqOfMessage(db: Reader, session: number, messageId: string): number | null {
  return db.get(known, { session, messageId })?.seq ?? null;
}

const page = statement<{ session: number; before: number; limit: number }>()((db, p) =>
  db
    .selectFrom("messages")
    .selectAll()
    .where("session", "=", p.session)
    .where("seq", "<", p.before)
    .orderBy("seq", "desc")
    .limit(p.limit),
);
/** At most `limit` lines before `seq`, newest last. */
export function selectMessagesBefore(db: Reader, session: number, before: number, limit: number): TranscriptMessage[] {
  return db.all(page, { session, before, limit }).map(messageOf).reverse();
}

const onwards = statement<{ session: number; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("messages")
    .selectAll()
    .where("session", "=", p.session)
    .where("seq", ">", p.after)
    .orderBy("seq")
    .limit(p.limit),
);
/** At most `limit` lines after `seq`, oldest first. */
export function selectMessagesAfter(db: Reader, session: number, after: number, limit: number): TranscriptMessage[] {
  return db.all(onwards, { session, after, limit }).map(messageOf);
}

/** Lines read at a time where a whole transcript is walked: bounds memory, not the transcript. */
const WALK_PAGE = 500;
/** Every line of a session in order, read page by page. */
export function* walkMessages(db: Reader, session: number): Iterable<TranscriptMessage> {
  for (let after = 0; ; ) {
    const messages = selectMessagesAfter(db, session, after, WALK_PAGE);
    yield* messages;
    const last = messages.at(-1);
    if (last === undefined || messages.length < WALK_PAGE) return;
    after = last.seq;
  }
}

const numbersFrom = statement<{ session: number; from: number }>()((db, p) =>
  db.selectFrom("messages").select("id").where("session", "=", p.session).where("seq", ">=", p.from).orderBy("seq"),
);
/** The row numbers of a session's lines from `seq` on. */
export function selectMessageRows(db: Reader, session: number, fromSeq: number): number[] {
  return db.all(numbersFrom, { session, from: fromSeq }).map((row) => row.id);
}

const removal = statement<{ session: number; from: number }>()((db, p) =>
  db.deleteFrom("messages").where("session", "=", p.session).where("seq", ">=", p.from),
);
/** Removes a session's lines from `seq` on. */
export function deleteMessages(db: Run, session: number, fromSeq: number): void {
  db.run(removal, { session, from: fromSeq });
}

const greatest = statement<object>()((db) => db.selectFrom("messages").select("id").orderBy("id", "desc").limit(1));
/** The greatest row number in use; 0 when there are no lines. */
export function selectGreatestMessageRow(db: Reader): number {
  return db.get(greatest, {})?.id ?? 0;
}

const touched = statement<{ after: number }>()((db, p) =>
  // Made distinct by SQL, it would read the whole index on (session, seq).
  db.selectFrom("messages").select("session").where("id", ">", p.after),
);
/** The sessions that have lines with greater row numbers than this one, and how many. */
export function selectSessionsWithMessagesAfter(
  db: Reader,
  after: number,
): readonly { readonly row: number; readonly newLines: number }[] {
  const counts = new Map<number, number>();
  for (const { session } of db.all(touched, { after })) counts.set(session, (counts.get(session) ?? 0) + 1);
  return [...counts].map(([row, newLines]) => ({ row, newLines }));
}

/** A stored line as the rest of the program sees it. */
export function messageOf(row: MessageRow): TranscriptMessage {
  return {
    seq: row.seq,
    role: row.role as TranscriptMessage["role"],
    content: row.content,
    atMs: row.at_ms,
    messageId: row.message_id,
    senderId: row.sender_id,
    senderName: row.sender_name,
    extra: row.extra === null ? null : (JSON.parse(row.extra) as Record<string, unknown>),
  };
}
