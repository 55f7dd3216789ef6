import { windowStart } from "./archives.ts";
import { dropMessages } from "./drop-messages.ts";
import { selectMessagesBefore } from "./messages.ts";
import type { SessionRow } from "./session.ts";
import { updateMessageCount } from "./sessions.ts";
import type { Reader } from "./sqlite.ts";
import { updateMirrorStale } from "./stale-sessions.ts";
import type { TranscriptMessage } from "./transcript-line.ts";
import type { Tx } from "./writer.ts";

/** The end of a transcript, from the first line of an exchange on. */
export interface LastExchanges {
  /** How many there are: fewer than were asked for when the session has no more. */
  readonly count: number;
  /** Their lines, in order. */
  readonly lines: readonly TranscriptMessage[];
}

/** Lines read at a time on the way back. */
const PAGE = 100;
/** Most lines looked at: twenty exchanges of a chat have some hundred, those of an imported coding session some thousand. */
const MAX_LOOKED_AT = 5_000;

/**
 * The last `count` exchanges of a session. An exchange is what people said until they were answered, and everything up to what they
 * said next: messages that became one turn belong together. What is archived is no part of it: that is final.
 */
export function lastExchanges(db: Reader, session: Pick<SessionRow, "id">, count: number): LastExchanges {
  const newestFirst: TranscriptMessage[] = [];
  const archived = windowStart(db, session.id);
  let found = 0;
  let length = 0;
  for (let before = Number.MAX_SAFE_INTEGER; newestFirst.length < MAX_LOOKED_AT; ) {
    const page = selectMessagesBefore(db, session.id, before, PAGE)
      .filter(({ seq }) => seq > archived)
      .reverse();
    for (const line of page) {
      const isWithin = newestFirst.at(-1)?.role === "user" && line.role === "user";
      if (line.role === "user" && !isWithin) found += 1;
      // The people's line before this belongs to an exchange that nobody asked for.
      if (found > count) return { count, lines: newestFirst.slice(0, length).reverse() };
      newestFirst.push(line);
      if (line.role === "user") length = newestFirst.length;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    before = last.seq;
  }
  return { count: found, lines: newestFirst.slice(0, length).reverse() };
}

/**
 * Drops a live session's lines from `fromSeq` on, for good, with their search entries. The JSONL file is marked stale in the same
 * transaction: the caller sees that it is replaced after the commit; where that does not happen any more, the next start does it.
 */
export function takeBack(tx: Tx, session: Pick<SessionRow, "id">, fromSeq: number): void {
  if (!dropMessages(tx, session.id, fromSeq)) return;
  updateMessageCount(tx, session.id, fromSeq - 1);
  updateMirrorStale(tx, session.id, true);
}
