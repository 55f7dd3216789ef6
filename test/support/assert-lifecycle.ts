import assert from "node:assert/strict";
import type { Statement } from "../../src/store/statement.ts";
import type { SessionStore } from "../../src/store/store.ts";

/** What was seen before: what is final must be the same the next time. */
export interface Seen {
  readonly archives: Map<string, string>;
}

/** Each statement finds what must not be: it is named by the promise it would break. */
const broken: Readonly<Record<string, string>> = {
  "lines are gapless": `SELECT s.session_id FROM sessions s WHERE s.message_count <>
    (SELECT COUNT(*) FROM messages WHERE session = s.id) OR s.message_count <> COALESCE((SELECT MAX(seq) FROM messages WHERE session = s.id), 0)`,
  "archives of lines cover a prefix without gap or overlap": `SELECT a.archive_id FROM archives a WHERE a.merges = 0 AND a.from_seq <> 1 + COALESCE(
    (SELECT MAX(to_seq) FROM archives b WHERE b.session = a.session AND b.merges = 0 AND b.to_seq < a.to_seq), 0)`,
  "live archives cover a prefix without gap or overlap": `SELECT a.archive_id FROM archives a WHERE a.merged_into IS NULL AND a.from_seq <> 1 + COALESCE(
    (SELECT MAX(to_seq) FROM archives b WHERE b.session = a.session AND b.merged_into IS NULL AND b.to_seq < a.to_seq), 0)`,
  "what is archived is there": `SELECT a.archive_id FROM archives a JOIN sessions s ON s.id = a.session WHERE a.to_seq > s.message_count`,
  "a merge has exactly its children": `SELECT a.archive_id FROM archives a WHERE a.merges > 0 AND a.merges <> (SELECT COUNT(*) FROM archives c WHERE c.merged_into = a.id)`,
  "at most nine archives are live": `SELECT session FROM archives WHERE merged_into IS NULL GROUP BY session HAVING COUNT(*) > 9`,
  "one open job of a kind": `SELECT session FROM lifecycle_jobs WHERE state IN ('running', 'waiting') GROUP BY session, kind HAVING COUNT(*) > 1`,
  "an open commit is of the window": `SELECT j.id FROM lifecycle_jobs j WHERE j.kind = 'commit' AND j.state IN ('running', 'waiting') AND
    j.from_seq <> 1 + COALESCE((SELECT MAX(to_seq) FROM archives WHERE session = j.session), 0)`,
  "an open job is of lines that are there": `SELECT j.id FROM lifecycle_jobs j JOIN sessions s ON s.id = j.session WHERE j.state IN ('running', 'waiting') AND j.to_seq > s.message_count`,
  "attempts are bounded": `SELECT id FROM lifecycle_jobs WHERE attempts > 5`,
  "counters count archives": `SELECT w.session FROM windows w WHERE w.commit_count <> (SELECT COUNT(*) FROM archives WHERE session = w.session AND merges = 0) OR w.cycle <> w.commit_count
    OR (w.compacted_at_ms IS NULL) <> (w.commit_count = 0)`,
  "marks are of lines that are there": `SELECT e.session FROM extractions e JOIN sessions s ON s.id = e.session WHERE e.to_seq > s.message_count`,
  "neighbouring marks are joined": `SELECT e.session FROM extractions e JOIN extractions f ON f.session = e.session AND f.from_seq > e.from_seq AND f.from_seq <= e.to_seq + 1`,
  "a tombstone has nothing": `SELECT s.session_id FROM sessions s WHERE s.end_reason = 'delete' AND (EXISTS (SELECT 1 FROM messages WHERE session = s.id)
    OR EXISTS (SELECT 1 FROM archives WHERE session = s.id) OR EXISTS (SELECT 1 FROM memory_placements WHERE scope = 'session:' || s.session_id))`,
  "one active memory of the same words": `SELECT scope FROM memory_placements WHERE state = 'active' GROUP BY scope, fingerprint HAVING COUNT(*) > 1`,
  "preliminary is of a session alone": `SELECT id FROM memory_placements WHERE state = 'preliminary' AND scope <> 'session:' || source_session`,
  "a private word reaches its person alone": `SELECT p.id FROM memory_placements p JOIN sessions s ON s.session_id = p.source_session
    WHERE s.chat_type = 'dm' AND p.state = 'active' AND p.scope <> 'user:telegram:default:ann'`,
  "every memory has content": `SELECT p.id FROM memory_placements p LEFT JOIN memory_nodes n ON n.addr = p.addr WHERE n.addr IS NULL`,
  "recall finds what holds, and no more": `SELECT id FROM memory_placements WHERE (state IN ('active', 'preliminary')) <> (id IN (SELECT rowid FROM memory_fts))`,
  "one live session a key": `SELECT session_key FROM sessions WHERE live = 1 GROUP BY session_key HAVING COUNT(*) > 1`,
  "an ended session has a date, a live one none": `SELECT session_id FROM sessions WHERE (live = 0) <> (purge_after_ms IS NOT NULL)`,
  "an ended session has told its end": `SELECT s.session_id FROM sessions s WHERE s.live = 0 AND NOT EXISTS
    (SELECT 1 FROM lifecycle_events e WHERE e.session_id = s.session_id AND e.kind = 'session.ended' AND (e.at_ms = s.ended_at_ms))`,
  "every event goes to its hook": `SELECT e.id FROM lifecycle_events e LEFT JOIN hook_deliveries d ON d.event = e.id WHERE d.event IS NULL`,
};

const early = `SELECT session_id FROM lifecycle_events p WHERE kind = 'session.purged' AND json_extract(data, '$.reason') = 'retention'
  AND at_ms < (SELECT MAX(at_ms) FROM lifecycle_events e WHERE e.session_id = p.session_id AND e.kind = 'session.ended') + 30 * 86400000`;
const archives = `SELECT archive_id, a.session, from_seq || '-' || to_seq AS range,
  (SELECT group_concat(content) FROM messages m WHERE m.session = a.session AND m.seq BETWEEN a.from_seq AND a.to_seq) AS text FROM archives a`;
const present = "SELECT id FROM sessions WHERE end_reason IS NOT 'delete'";

type Rows = Statement<object, Record<string, unknown>>;
/** Prepared once: these run after each of some thousand steps. */
const statementOf = (sql: string): Rows => ({ compiled: () => ({ sql, names: [] }) });
const promises = Object.entries({ ...broken, "nothing is purged before its time": early }).map(
  ([promise, sql]) => [promise, statementOf(sql)] as const,
);
const [archiveRows, presentRows] = [statementOf(archives), statementOf(present)];

/** Asks the whole database for what must not be; archives that were seen before must be there with the same range and words, or their session gone. */
export function assertLifecycle({ reader }: Pick<SessionStore, "reader">, seen: Seen): void {
  for (const [promise, rows] of promises) assert.deepEqual(reader.all(rows, {}), [], promise);
  const found = new Map(
    reader
      .all(archiveRows, {})
      .map((row) => [String(row.archive_id), `${String(row.session)} ${String(row.range)} ${String(row.text)}`]),
  );
  const isThere = new Set(reader.all(presentRows, {}).map(({ id }) => String(id)));
  for (const [archiveId, what] of seen.archives) {
    if (found.has(archiveId)) assert.equal(found.get(archiveId), what, "what is archived is final");
    else assert.ok(!isThere.has(what.split(" ")[0] ?? ""), `archive ${archiveId} is gone, and its session is not`);
  }
  seen.archives.clear();
  for (const [archiveId, what] of found) seen.archives.set(archiveId, what);
}
