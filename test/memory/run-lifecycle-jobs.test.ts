import assert from "node:assert/strict";
import { test } from "node:test";
import { claimCommit } from "../../src/memory/claim-commit.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import { LEASE_MS } from "../../src/memory/lifecycle.ts";
import { recoverLifecycle } from "../../src/memory/recover-lifecycle.ts";
import { nextLifecycleDue, runLifecycleJobs } from "../../src/memory/run-lifecycle-jobs.ts";
import { selectArchives, selectLatestArchive } from "../../src/store/archives.ts";
import { endJob, selectJob, selectJobsOfSession } from "../../src/store/lifecycle-jobs.ts";
import { lifecycleWorld, numbered, summaryOf } from "../support/lifecycle-world.ts";

const now = { reason: "test" };

test("a summariser that throws three times leaves quotations, which a model replaces later", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const no = () => Promise.reject(new Error("overloaded"));
  world.summaries.push(no, no, no);
  const committing = commitSession(world.lifecycle, session.sessionId, now);
  await world.clock.advance(10_000);
  const result = await committing;
  assert.ok(result.ok && result.isExtractive);
  assert.equal(world.asked.length, 3);
  const archive = selectLatestArchive(world.store.reader, session.row);
  assert.ok((archive?.abstract.length ?? 999) <= 100);
  assert.match(archive?.overview ?? "", /m1\b/);
  assert.match(archive?.overview ?? "", /m7\b/);
  const dueMs = nextLifecycleDue(world.lifecycle);
  assert.ok(dueMs !== null && dueMs > world.clock.nowMs());
  await world.clock.advance(dueMs - world.clock.nowMs());
  assert.equal(await runLifecycleJobs(world.lifecycle), 1);
  const redone = selectLatestArchive(world.store.reader, session.row);
  assert.deepEqual([redone?.overview, redone?.details.isExtractive, redone?.redoAtMs], ["S4", false, null]);
  assert.equal(nextLifecycleDue(world.lifecycle), null);
});

test("a previous archive that can't be read fails the job, which is tried again and given up after five attempts", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  assert.ok((await commitSession(world.lifecycle, session.sessionId, now)).ok);
  await world.say(session, ...numbered(13, 24));
  const corrupt = { compiled: () => ({ sql: "UPDATE archives SET details = '{'", names: [] }) };
  await world.store.write((tx) => tx.run(corrupt, {}));
  const result = await commitSession(world.lifecycle, session.sessionId, now);
  assert.equal(!result.ok && result.reason, "store_failed");
  assert.equal(world.asked.length, 1);
  const jobId = result.ok ? 0 : (result.jobId ?? 0);
  for (let attempt = 2; attempt <= 5; attempt += 1) {
    assert.equal(selectJob(world.store.reader, jobId)?.state, "waiting");
    await world.clock.advance(60 * 60_000);
    await runLifecycleJobs(world.lifecycle);
    assert.equal(selectJob(world.store.reader, jobId)?.attempts, attempt);
  }
  assert.equal(selectJob(world.store.reader, jobId)?.state, "failed");
  assert.deepEqual(world.window(session), numbered(8, 24));
});

test("a job whose lease ran out is taken up again with the same archive; one that was cancelled is not", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const { clock, store } = world;
  const claim = () =>
    store.write((tx) => claimCommit(tx, session.sessionId, now, { owner: "dead", nowMs: clock.nowMs() }));
  const first = await claim();
  assert.ok(first.kind === "claimed");
  assert.equal((await claim()).kind, "refused");
  await clock.advance(LEASE_MS - 1);
  assert.equal(await recoverLifecycle(world.lifecycle), 0);
  await clock.advance(1);
  assert.equal(await runLifecycleJobs(world.lifecycle), 1);
  assert.equal(selectLatestArchive(store.reader, session.row)?.archiveId, first.job.archiveId);

  await world.say(session, ...numbered(13, 24));
  const second = await claim();
  assert.ok(second.kind === "claimed");
  const { id } = second.job;
  assert.equal(await store.write((tx) => endJob(tx, { id, state: "cancelled", finishedAtMs: clock.nowMs() })), true);
  await clock.advance(LEASE_MS);
  assert.equal(await runLifecycleJobs(world.lifecycle), 0);
  assert.equal(selectArchives(store.reader, session.row).length, 1);
});

test("a commit whose process stops in the middle goes on in the next one at once, with the same archive", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const stopping = new AbortController();
  world.summaries.push(async (_, signal) => {
    stopping.abort(new Error("stopping"));
    signal.throwIfAborted();
    return summaryOf("never");
  });
  const stopped = await commitSession(world.lifecycle, session.sessionId, { reason: "test" }, stopping.signal);
  assert.ok(!stopped.ok && stopped.jobId !== null);
  const job = selectJob(world.store.reader, stopped.jobId);
  assert.deepEqual([job?.state, job?.nextAttemptAtMs], ["waiting", world.clock.nowMs()]);
  assert.equal(await runLifecycleJobs(world.lifecycle), 1);
  const [archive] = selectArchives(world.store.reader, session.row);
  assert.equal(archive?.archiveId, job?.archiveId);
});

test("a lease is renewed while a summary takes long, and one that is cancelled meanwhile is not written", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const slow = Promise.withResolvers<void>();
  world.summaries.push(async () => {
    await slow.promise;
    return summaryOf("slow");
  });
  const committing = commitSession(world.lifecycle, session.sessionId, now);
  await world.clock.advance(80_000);
  const [job] = selectJobsOfSession(world.store.reader, session.row, 9).filter(({ kind }) => kind === "commit");
  assert.ok(job?.leaseUntilMs === world.clock.nowMs() + LEASE_MS);
  await world.store.write((tx) => endJob(tx, { id: job.id, state: "cancelled", finishedAtMs: 0 }));
  await world.clock.advance(1);
  slow.resolve();
  const result = await committing;
  assert.equal(!result.ok && result.reason, "stale");
  assert.deepEqual(world.window(session), numbered(1, 12));
});
