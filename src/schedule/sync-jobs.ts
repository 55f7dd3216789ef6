import { type JobRow, rewriteJob, selectJobs, updateJobState } from "../store/jobs.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import { checkDraft, draftColumns, type JobDraft, type JobRules, makeJob, newRow } from "./make-job.ts";

/** Jobs read at a time. */
const PAGE = 200;

/**
 * Makes the jobs of the configuration those of the database, at start: new ones are made, changed ones computed anew, and those that are gone are done (their
 * history stays). One that is as it was goes on as it stood, paused or due. Returns what could not be made, in words for an operator.
 */
export async function syncConfigJobs(
  store: SessionStore,
  drafts: readonly JobDraft[],
  rules: JobRules,
  nowMs: number,
): Promise<readonly string[]> {
  const wanted = new Set(drafts.map(({ name }) => name));
  const known = new Map<string, JobRow>();
  for (let after = 0; ; ) {
    const page = selectJobs(store.reader, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
    for (const row of page) if (row.made_by === "config") known.set(row.name, row);
  }
  const gone = [...known.values()].filter(({ name, state }) => state !== "done" && !wanted.has(name));
  if (gone.length + drafts.length === 0) return [];
  return await store.write((tx) => {
    for (const { id } of gone) end(tx, id, "done", GONE, nowMs);
    return drafts.flatMap((draft) => {
      const problem = syncJob(tx, draft, known.get(draft.name ?? "") ?? null, rules, nowMs);
      return problem === null ? [] : [`job ${draft.name}: ${problem}`];
    });
  });
}

/** Why a job is done that the file does not name. */
const GONE = "it is not in the configuration any more";

/** Makes one job what the file says; returns what stands in the way. */
function syncJob(tx: Tx, draft: JobDraft, row: JobRow | null, rules: JobRules, nowMs: number): string | null {
  const isOver = row?.state === "done";
  // What has run for the last time is not begun again by a restart.
  if (row !== null && isSame(row, draft) && !(isOver && row.state_reason === GONE)) return null;
  if (row === null || isOver) {
    const made = makeJob(tx, draft, rules, nowMs);
    return made.kind === "made" ? null : made.message;
  }
  const checked = checkDraft(draft, rules, nowMs);
  if (checked.kind === "checked") rewriteJob(tx, row.id, newRow(draft, checked, row.name, nowMs), nowMs);
  else end(tx, row.id, "paused", checked.message, nowMs);
  return checked.kind === "checked" ? null : checked.message;
}

function end(tx: Tx, id: number, state: JobRow["state"], reason: string, nowMs: number): void {
  updateJobState(tx, { id, state, reason, dueAtMs: null, runAtMs: null, nowMs });
}

/** Whether a stored job is what a draft says, apart from how it stands. */
function isSame(row: JobRow, draft: JobDraft): boolean {
  const { schedule_text, time_zone, text, agent, targets, session, catch_up, overlap, jitter_ms, days } = row;
  const stored = [schedule_text, time_zone, text, agent, targets, session, catch_up, overlap, jitter_ms, days];
  const said = draftColumns(draft);
  return [...stored, row.ends_at_ms, row.max_runs].every((value, index) => value === said[index]);
}
