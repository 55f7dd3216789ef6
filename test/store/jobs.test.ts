import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDraft, newRow } from "../../src/schedule/make-job.ts";
import {
  deleteOldRuns,
  insertJobRun,
  markRunEnded,
  markRunStarted,
  selectJobRun,
  selectJobRuns,
  selectRunOfInbox,
  updateRunError,
  updateRunInbox,
} from "../../src/store/job-runs.ts";
import { claimJob, countJobs, deleteDoneJobs, rewriteJob, selectJob, updateJobState } from "../../src/store/jobs.ts";
import { addJob, hourly, jobNow, jobRules } from "../support/job-world.ts";
import { NOON_MS, testStore } from "../support/test-store.ts";

test("a run is told step by step, and ends once", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  const open = { job: job.id, dueAtMs: NOON_MS, attempt: 1, byHand: 0, finishedAtMs: null, error: null };
  const id = await store.write((tx) => {
    const run = insertJobRun(tx, { ...open, state: "claimed", nowMs: NOON_MS });
    updateRunInbox(tx, run, 77);
    markRunStarted(tx, run, "20260401_120000_00000000", NOON_MS + 1);
    return run;
  });
  const end = {
    id,
    state: "done",
    nowMs: NOON_MS + 2,
    error: null,
    inputTokens: 1,
    outputTokens: 2,
    costUsd: 0.5,
  } as const;
  const ended = { ...end, output: "said", delivered: '["local"]' };
  assert.equal(await store.write((tx) => markRunEnded(tx, ended)), true);
  assert.equal(await store.write((tx) => markRunEnded(tx, { ...ended, state: "failed" })), false);
  await store.write((tx) => updateRunError(tx, id, "memory:team: gone"));
  const run = selectRunOfInbox(store.reader, 77);
  assert.deepEqual(run, selectJobRun(store.reader, id));
  assert.deepEqual(
    [run?.state, run?.started_at_ms, run?.finished_at_ms, run?.cost_usd, run?.error],
    ["done", NOON_MS + 1, NOON_MS + 2, 0.5, "memory:team: gone"],
  );
});

test("a due time is taken once, and not of a job that rests", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  const runAtMs = job.nextRunAtMs ?? 0;
  const next = { nextDueAtMs: runAtMs + 1, nextRunAtMs: runAtMs + 1, counts: 1, lastRunAtMs: NOON_MS };
  const claims = await Promise.all(
    [0, 1].map(() => store.write((tx) => claimJob(tx, { id: job.id, runAtMs, ...next }))),
  );
  assert.deepEqual(claims, [true, false]);
  assert.equal(jobNow(store, job.id).runs, 1);
  await store.write((tx) =>
    updateJobState(tx, { id: job.id, state: "paused", reason: null, dueAtMs: null, runAtMs: null, nowMs: NOON_MS }),
  );
  assert.equal(await store.write((tx) => claimJob(tx, { id: job.id, runAtMs: runAtMs + 1, ...next })), false);
});

test("the newest runs are kept, and numbers are never used again", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  const skipped = { job: job.id, attempt: 1, byHand: 0, state: "skipped", finishedAtMs: NOON_MS, error: "x" } as const;
  const ids = await store.write((tx) =>
    Array.from({ length: 5 }, (_, index) => insertJobRun(tx, { ...skipped, dueAtMs: index, nowMs: NOON_MS })),
  );
  assert.equal(await store.write((tx) => deleteOldRuns(tx, job.id, 2)), 3);
  assert.deepEqual(
    selectJobRuns(store.reader, job.id, 10).map(({ id }) => id),
    ids.slice(3).reverse(),
  );
  await store.write((tx) => deleteOldRuns(tx, job.id, 0));
  const next = await store.write((tx) => insertJobRun(tx, { ...skipped, dueAtMs: 9, nowMs: NOON_MS }));
  assert.equal(next, 6);
});

test("a job that is rewritten is active again, and one that was done long ago is forgotten with its runs", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  const changed = hourly({ schedule: "every day at 9", text: "Something else." });
  const checked = checkDraft(changed, jobRules, NOON_MS);
  assert.ok(checked.kind === "checked");
  await store.write((tx) => rewriteJob(tx, job.id, newRow(changed, checked, job.name, NOON_MS), NOON_MS + 5));
  assert.deepEqual([jobNow(store, job.id).text, jobNow(store, job.id).state], ["Something else.", "active"]);
  await store.write((tx) =>
    insertJobRun(tx, {
      job: job.id,
      dueAtMs: 0,
      attempt: 1,
      byHand: 0,
      state: "skipped",
      nowMs: NOON_MS,
      finishedAtMs: NOON_MS,
      error: null,
    }),
  );
  await store.write((tx) =>
    updateJobState(tx, { id: job.id, state: "done", reason: "over", dueAtMs: null, runAtMs: null, nowMs: NOON_MS }),
  );
  assert.deepEqual(countJobs(store.reader), { active: 0, paused: 0, done: 1 });
  assert.equal(await store.write((tx) => deleteDoneJobs(tx, NOON_MS, 10)), 0);
  assert.equal(await store.write((tx) => deleteDoneJobs(tx, NOON_MS + 1, 10)), 1);
  assert.equal(selectJob(store.reader, job.id), null);
  assert.deepEqual(selectJobRuns(store.reader, job.id, 10), []);
});
