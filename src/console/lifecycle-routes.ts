import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { lifecycleState } from "../memory/lifecycle-state.ts";
import { prepareCompaction } from "../memory/prepare-compaction.ts";
import { listWorkingSet } from "../memory/working-set.ts";
import { windowStart } from "../store/archives.ts";
import { pendingExtraction } from "../store/extractions.ts";
import { endJob, type LifecycleJob, selectJob, selectJobsOfSession, selectOpenJob } from "../store/lifecycle-jobs.ts";
import { selectSession, selectSessionRow } from "../store/sessions.ts";
import { selectWindow, TOKEN_LIFE_MS } from "../store/windows.ts";
import { countText, noSession, readBody, readIdParam, readQuery } from "./read-request.ts";
import { RequestError } from "./request-error.ts";

/** Live sessions on one page: of each up to 500 lines are counted. */
const MAX_WORKING = 100;
const DEFAULT_WORKING = 20;
/** Longest wish for a summary, in UTF-16 units; what is passed on is cut shorter. */
const MAX_INSTRUCTIONS = 2_000;
/** Most lines that are named for one archive. */
const MAX_SEQS = 2_000;
/** Jobs of a session that are shown, the newest. */
const SHOWN_JOBS = 10;

const workingQuery = z.strictObject({ limit: countText(1, MAX_WORKING).default(DEFAULT_WORKING) });
const compactBody = z.strictObject({
  instructions: z.string().max(MAX_INSTRUCTIONS).exactOptional(),
  strategy: z.enum(["summarize", "truncate", "hybrid"]).exactOptional(),
  token: z.string().max(200).exactOptional(),
  seqs: z.array(z.int().min(1)).max(MAX_SEQS).exactOptional(),
});
const jobId = z.string().regex(/^\d{1,15}$/);

/** `/api/sessions/:id/lifecycle`, `/api/lifecycle`: where conversations stand, compacting them in one step or two, and the jobs that do. */
export function lifecycleRoutes(gateway: Gateway, clock: Clock): Hono {
  const routes = new Hono();
  const { store } = gateway;
  const { reader } = store;
  const requireRow = (c: Context) => {
    const row = selectSession(reader, readIdParam(c));
    const session = store.session(readIdParam(c));
    if (row === null || session === null) throw noSession();
    return { row, session };
  };

  routes.get("/api/lifecycle", (c) => {
    const sessions = listWorkingSet(reader, readQuery(c, workingQuery).limit).map(({ session, ...work }) => ({
      sessionId: session.sessionId,
      state: lifecycleState(session, clock.nowMs(), selectOpenJob(reader, session.row, "commit") !== null),
      lastActiveMs: session.lastActiveMs,
      ...work,
    }));
    return c.json({ sessions });
  });
  routes.get("/api/sessions/:id/lifecycle", (c) => {
    const { row, session } = requireRow(c);
    const isCompacting = selectOpenJob(reader, row.id, "commit") !== null;
    const { commitCount, compactedAtMs, state } = selectWindow(reader, row.id);
    return c.json({
      sessionId: session.sessionId,
      state: lifecycleState(session, clock.nowMs(), isCompacting),
      windowFromSeq: windowStart(reader, row.id) + 1,
      windowToSeq: row.message_count,
      pending: pendingExtraction(reader, row.id, row.message_count),
      commitCount,
      compactedAtMs,
      activeTask: state.activeTask,
      commitments: state.commitments.map(({ kind, text, state: stands, atMs }) => ({
        kind,
        text,
        state: stands,
        atMs,
      })),
      jobs: selectJobsOfSession(reader, row.id, SHOWN_JOBS).map((job) => jobJson(session.sessionId, job)),
    });
  });
  routes.post("/api/sessions/:id/prepare-compaction", async (c) => {
    const { row } = requireRow(c);
    const nowMs = clock.nowMs();
    const token = await store.write((tx) => {
      const session = selectSessionRow(tx, row.id);
      return session === null || session.end_reason === "delete" ? null : prepareCompaction(tx, session, nowMs);
    });
    if (token === null) throw noSession();
    return c.json({ token, expiresAtMs: nowMs + TOKEN_LIFE_MS });
  });
  routes.post("/api/sessions/:id/compact", async (c) => {
    const { session } = requireRow(c);
    const result = await gateway.compact(session.sessionId, await readBody(c, compactBody));
    if (result === null) throw new RequestError(409, "switched_off", "Nothing is compacted here.");
    return c.json(result);
  });
  routes.get("/api/lifecycle/jobs/:id", (c) => c.json(shownJob(requireJob(c))));
  routes.delete("/api/lifecycle/jobs/:id", async (c) => {
    const { id } = requireJob(c);
    const cancelled = {
      id,
      state: "cancelled",
      finishedAtMs: clock.nowMs(),
      error: "cancelled by an operator",
    } as const;
    if (!(await store.write((tx) => endJob(tx, cancelled))))
      throw new RequestError(409, "over", "That job has ended already.");
    return c.json(shownJob(requireJob(c)));
  });
  return routes;

  function requireJob(c: Context): LifecycleJob {
    const id = jobId.safeParse(c.req.param("id"));
    const job = id.success ? selectJob(reader, Number(id.data)) : null;
    if (job === null) throw new RequestError(404, "not_found", "There is no such job, or it is forgotten.");
    return job;
  }

  function shownJob(job: LifecycleJob) {
    return jobJson(selectSessionRow(reader, job.session)?.session_id ?? null, job);
  }
}

function jobJson(sessionId: string | null, job: LifecycleJob) {
  const { id, kind, state, archiveId, fromSeq, toSeq, reason, strategy, attempts, result, error } = job;
  const { nextAttemptAtMs, createdAtMs, finishedAtMs } = job;
  const about = { id, sessionId, kind, state, archiveId, fromSeq, toSeq, reason, strategy, attempts, result, error };
  return { ...about, nextAttemptAtMs, createdAtMs, finishedAtMs };
}
