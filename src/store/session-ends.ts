import { writeEvent } from "./lifecycle-events.ts";
import { selectLifecycleRules } from "./lifecycle-rules.ts";
import type { EndReason, SessionRow } from "./session.ts";
import { selectSessionRow } from "./sessions.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

const ending = statement<{
  row: number;
  endedAtMs: number;
  reason: string;
  notice: string | null;
  purgeAfterMs: number | null;
}>()((db, p) =>
  db
    .updateTable("sessions")
    .set({
      live: 0,
      ended_at_ms: p.endedAtMs,
      end_reason: p.reason,
      pending_notice: p.notice,
      next_reset_at_ms: null,
      purge_after_ms: p.purgeAfterMs,
    })
    .where("id", "=", p.row)
    .where("live", "=", 1),
);
/** Ends a live session, dates its purge, and writes what hooks are told of it, all in this transaction; false when it was not live. */
export function updateEnded(
  db: Run & Reader,
  ended: { row: number; endedAtMs: number; reason: EndReason; notice: string | null },
): boolean {
  const { retentionMs } = selectLifecycleRules(db);
  const purgeAfterMs = retentionMs === null ? null : ended.endedAtMs + retentionMs;
  if (db.run(ending, { ...ended, purgeAfterMs }).changes === 0) return false;
  const session = selectSessionRow(db, ended.row);
  if (session === null) return true;
  writeEvent(db, {
    kind: "session.ended",
    sessionId: session.session_id,
    sessionKey: session.session_key,
    data: { reason: ended.reason, messageCount: session.message_count },
    atMs: ended.endedAtMs,
  });
  return true;
}

const reopening = statement<{ row: number; key: string; atMs: number; nextResetAtMs: number | null }>()((db, p) =>
  db
    .updateTable("sessions")
    .set({
      live: 1,
      session_key: p.key,
      ended_at_ms: null,
      end_reason: null,
      pending_notice: null,
      last_active_ms: p.atMs,
      next_reset_at_ms: p.nextResetAtMs,
      purge_after_ms: null,
    })
    .where("id", "=", p.row),
);
/** Makes an ended session the live one of `key`; the caller has ended the one before. */
export function updateReopened(
  db: Run,
  change: { row: number; key: string; atMs: number; nextResetAtMs: number | null },
): void {
  db.run(reopening, change);
}

const erasure = statement<{ row: number }>()((db, p) =>
  db
    .updateTable("sessions")
    .set({
      end_reason: "delete",
      title: null,
      opening_note: null,
      pending_notice: null,
      message_count: 0,
      mirror_stale: 1,
    })
    .where("id", "=", p.row),
);
/** Marks an ended session as deleted and blanks what people wrote in its row; its file is to be removed. */
export function updateErased(db: Run, row: number): void {
  db.run(erasure, { row });
}

const toTell = statement<{ key: string }>()((db, p) =>
  db
    .selectFrom("sessions")
    .selectAll()
    .where("session_key", "=", p.key)
    .where("pending_notice", "is not", null)
    .orderBy("id", "desc")
    .limit(1),
);
/** The newest session of a key whose end its people have not been told of, or null. */
export function selectUntoldSession(db: Reader, key: string): SessionRow | null {
  return db.get(toTell, { key });
}

const told = statement<{ key: string }>()((db, p) =>
  db
    .updateTable("sessions")
    .set({ pending_notice: null })
    .where("session_key", "=", p.key)
    .where("pending_notice", "is not", null),
);
/** Nothing is left to tell about the past sessions of a key. */
export function clearPendingNotices(db: Run, key: string): void {
  db.run(told, { key });
}
