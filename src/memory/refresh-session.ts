import { markExtracted, pendingExtraction, type SeqRange } from "../store/extractions.ts";
import { writeEvent } from "../store/lifecycle-events.ts";
import { endJob, insertJob, type LifecycleJob, selectJob, selectOpenJob } from "../store/lifecycle-jobs.ts";
import type { Placement } from "../store/memory-placement.ts";
import { type Session, sessionOf } from "../store/session.ts";
import { selectSession, selectSessionRow } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import type { Claim } from "./claims.ts";
import type { HygieneMode } from "./clean-claim.ts";
import { type Filed, fileClaims } from "./file-claims.ts";
import { fingerprint } from "./fingerprint.ts";
import { forgottenUntil } from "./forgotten-until.ts";
import { inTime } from "./in-time.ts";
import { keepLease } from "./keep-lease.ts";
import { knownTo } from "./known-memory.ts";
import { isSameForgotten, learnableLines } from "./learnable-lines.ts";
import { LEASE_MS, type Lifecycle, MODEL_TIMEOUT_MS } from "./lifecycle.ts";
import { EXTRACTION_PROMPT_VERSION } from "./prompts/extraction-prompt.ts";
import { retryLater } from "./retry-later.ts";
import { readLines } from "./window-lines.ts";

/** Most lines one extraction reads: what a model attends to at a time. */
export const MAX_EXTRACTED_LINES = 200;

/** Why lines are to be extracted, and up to which. */
export interface RefreshRequest {
  readonly reason: string;
  /** The newest when left out. */
  readonly throughSeq?: number;
  /** Fewer pending lines are left for later; 1 when left out. */
  readonly minPending?: number;
}

/** What came of an extraction. Where it is not ok, its lines are pending as before. */
export type RefreshResult =
  | ({ readonly ok: true; readonly jobId: number } & SeqRange & Filed)
  | {
      readonly ok: false;
      readonly reason: "nothing_pending" | "in_progress" | "no_model" | "stale" | "extractor_failed" | "store_failed";
      readonly error: string | null;
    };

type RefreshClaim = LifecycleJob | Extract<RefreshResult, { ok: false }>["reason"];

/** Takes the oldest pending lines of a session; nobody else extracts from it until the job ends. */
export function claimRefresh(
  tx: Tx,
  row: number,
  request: RefreshRequest,
  by: { readonly owner: string; readonly nowMs: number },
): RefreshClaim {
  const session = selectSessionRow(tx, row);
  if (session === null || session.end_reason === "delete") return "nothing_pending";
  if (selectOpenJob(tx, row, "extract") !== null) return "in_progress";
  const pending = pendingExtraction(
    tx,
    row,
    Math.min(session.message_count, request.throughSeq ?? session.message_count),
  );
  const [oldest] = pending;
  const count = pending.reduce((sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1, 0);
  if (oldest === undefined || count < (request.minPending ?? 1)) return "nothing_pending";
  const id = insertJob(tx, {
    session: row,
    kind: "extract",
    archiveId: null,
    fromSeq: oldest.fromSeq,
    toSeq: Math.min(oldest.toSeq, oldest.fromSeq + MAX_EXTRACTED_LINES - 1),
    reason: request.reason,
    instructions: null,
    strategy: "summarize",
    owner: by.owner,
    leaseUntilMs: by.nowMs + LEASE_MS,
    createdAtMs: by.nowMs,
  });
  const job = selectJob(tx, id);
  if (job === null) throw new RangeError(`lifecycle job ${id} is gone`);
  return job;
}

/** Extracts all that is pending in a session, a batch after the other, and returns the last result: `nothing_pending` when all went well. */
export async function refreshSession(
  lifecycle: Lifecycle,
  sessionId: string,
  request: RefreshRequest,
  signal?: AbortSignal,
): Promise<RefreshResult> {
  const session = selectSession(lifecycle.store.reader, sessionId);
  if (session === null) return { ok: false, reason: "nothing_pending", error: null };
  return await refreshRange(lifecycle, session.id, request, signal);
}

/** As `refreshSession`, of the session with this row. Bounded: each batch marks its lines, so that there are fewer each time. */
export async function refreshRange(
  lifecycle: Lifecycle,
  row: number,
  request: RefreshRequest,
  signal?: AbortSignal,
): Promise<RefreshResult> {
  const { store, clock, owner } = lifecycle;
  if (lifecycle.extract === null) return { ok: false, reason: "no_model", error: null };
  let last: RefreshResult | null = null;
  for (;;) {
    let claim: RefreshClaim;
    const asked = last === null ? request : { ...request, minPending: 1 };
    try {
      claim = await store.write((tx) => claimRefresh(tx, row, asked, { owner, nowMs: clock.nowMs() }));
    } catch (error) {
      lifecycle.failed("extraction", error);
      return { ok: false, reason: "store_failed", error: textOf(error) };
    }
    if (typeof claim === "string") {
      return claim === "nothing_pending" && last !== null ? last : { ok: false, reason: claim, error: null };
    }
    last = await runRefresh(lifecycle, claim, signal);
    if (!last.ok) return last;
  }
}

/** Does what a claimed extraction is for: asks the model outside of any transaction, then files its claims and marks exactly the job's lines. */
export async function runRefresh(lifecycle: Lifecycle, job: LifecycleJob, given?: AbortSignal): Promise<RefreshResult> {
  const { store, clock, extract } = lifecycle;
  using lease = keepLease(lifecycle, job, given);
  let reason: "extractor_failed" | "store_failed" = "store_failed";
  try {
    const row = selectSessionRow(store.reader, job.session);
    if (row === null || extract === null) throw new Error("there is no session, or no model, for it any more");
    const session = sessionOf(row);
    const lines = readLines(store.reader, job.session, job.fromSeq, job.toSeq);
    const forgotten = forgottenUntil(store.reader, session, lines);
    const learnable = learnableLines(lines, forgotten);
    const known = knownTo(store.reader, session, learnable);
    const input = { lines: learnable, known: known.map(({ content }) => content) };
    reason = "extractor_failed";
    const found =
      learnable.length === 0 ? [] : await inTime(clock, MODEL_TIMEOUT_MS, lease.signal, (both) => extract(input, both));
    reason = "store_failed";
    const claims = asStored(found, known);
    const { hygiene } = lifecycle;
    return await store.write((tx) => {
      // What somebody wanted forgotten meanwhile is not learned: the lines stay pending, and are read without it.
      if (!isSameForgotten(forgotten, forgottenUntil(tx, session, lines))) return putOff(tx, job, clock.nowMs());
      return finishRefresh(tx, job, session, claims, { nowMs: clock.nowMs(), hygiene });
    });
  } catch (error) {
    if (!lease.signal.aborted) lifecycle.failed("extraction", error);
    const message = textOf(error);
    try {
      const nowMs = clock.nowMs();
      // A model that failed is asked again at the next occasion; a store that failed, as soon as it can be.
      await store.write((tx) => {
        if (reason === "store_failed") retryLater(tx, job, { error: message, wasStopped: false }, nowMs);
        else endJob(tx, { id: job.id, state: "failed", finishedAtMs: nowMs, error: message });
      });
    } catch (again) {
      // Nothing can be written just now: the lease will lapse, and the job is taken up then.
      lifecycle.failed("extraction", again);
    }
    return { ok: false, reason: lease.signal.aborted ? "stale" : reason, error: message };
  }
}

function putOff(tx: Tx, { id }: LifecycleJob, nowMs: number): RefreshResult {
  const error = "somebody asked to be forgotten meanwhile";
  endJob(tx, { id, state: "failed", finishedAtMs: nowMs, error });
  return { ok: false, reason: "stale", error };
}

/** What a claim names among what is known has the fingerprint it was stored with: another hygiene may have made it. */
function asStored(claims: readonly Claim[], known: readonly Pick<Placement, "content" | "fingerprint">[]): Claim[] {
  const stored = new Map(known.map((one) => [fingerprint(one.content), one.fingerprint]));
  return claims.map((claim) => {
    const { replaces } = claim;
    return replaces === null ? claim : { ...claim, replaces: stored.get(replaces) ?? replaces };
  });
}

function finishRefresh(
  tx: Tx,
  claimed: LifecycleJob,
  session: Session,
  claims: readonly Claim[],
  { nowMs, hygiene }: { readonly nowMs: number; readonly hygiene: HygieneMode },
): RefreshResult {
  const job = selectJob(tx, claimed.id);
  const isOurs = job?.state === "running" && job.owner === claimed.owner && job.attempts === claimed.attempts;
  if (job === null || !isOurs) return { ok: false, reason: "stale", error: job?.error ?? null };
  const range = { fromSeq: job.fromSeq, toSeq: job.toSeq };
  const filed = fileClaims(tx, session, claims, { range, nowMs, hygiene });
  markExtracted(tx, job.session, range);
  const result = { ok: true, jobId: job.id, ...range, ...filed } as const;
  endJob(tx, { id: job.id, state: "done", finishedAtMs: nowMs, result });
  const { kept, reinforced, refused } = filed;
  writeEvent(tx, {
    kind: "memory.refreshed",
    sessionId: session.sessionId,
    sessionKey: session.sessionKey,
    data: { from: range.fromSeq, to: range.toSeq, kept, reinforced, refused, promptVersion: EXTRACTION_PROMPT_VERSION },
    atMs: nowMs,
  });
  return result;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
