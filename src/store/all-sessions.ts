import { listSessions } from "./list-sessions.ts";
import type { Session } from "./session.ts";
import type { Reader } from "./sqlite.ts";

/** Sessions read at a time: bounds memory. */
const PAGE = 500;

/** Every session that was not deleted, a page at a time. */
export function* allSessions(reader: Reader): Generator<Session, void> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page = listSessions(reader, { limit: PAGE, ...(cursor === "" ? {} : { cursor }) });
    yield* page.sessions;
    cursor = page.next;
  }
}
