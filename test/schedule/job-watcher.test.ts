import assert from "node:assert/strict";
import { test } from "node:test";
import type { InboundMessage } from "../../src/message/message.ts";
import { resumeJob } from "../../src/schedule/change-job.ts";
import { finishInbox, selectInbox } from "../../src/store/inbox.ts";
import { countOpenRuns } from "../../src/store/job-runs.ts";
import type { FakeClock } from "../support/fake-clock.ts";
import { addJob, endOpenRuns, hourly, jobNow, runsOf, watchJobs } from "../support/job-world.ts";
import { openTestStore, testStore } from "../support/test-store.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test("a due job is one inbox row that says what it is, and its next time moves on", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  using jobs = watchJobs(store, clock);
  await clock.advance(59 * MINUTE_MS);
  assert.equal(jobs.waiting.length, 0);
  await clock.advance(MINUTE_MS);
  assert.equal(jobs.waiting.length, 1);
  const row = selectInbox(store.reader, jobs.waiting[0]?.inboxId ?? 0);
  assert.equal(row?.session_key, "agent:main:job:dm:standup:thread:1");
  const message = JSON.parse(row?.payload ?? "") as InboundMessage;
  assert.deepEqual(message.job, { runId: 1, jobName: "standup", origin: null });
  assert.match(
    message.text,
    /job "standup": every hour at minute 0 \(UTC\)\. This run is for 2026-04-01 13:00; the job has not run before/,
  );
  assert.match(message.text, /\n\nSay what is open\.$/);
  await endOpenRuns(store, clock);
  await clock.advance(HOUR_MS);
  assert.match(
    (JSON.parse(selectInbox(store.reader, jobs.waiting[1]?.inboxId ?? 0)?.payload ?? "") as InboundMessage).text,
    /the job last ran on 2026-04-01 13:00/,
  );
  assert.equal(jobNow(store, job.id).nextRunAtMs, clock.nowMs() + HOUR_MS);
});

test("a run out of turn is one that the next is told of", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  using jobs = watchJobs(store, clock);
  const told = () => {
    const row = selectInbox(store.reader, jobs.waiting.at(-1)?.inboxId ?? 0);
    return (JSON.parse(row?.payload ?? "") as InboundMessage).text;
  };
  await jobs.watcher.runNow(job.id);
  assert.match(told(), /the job has not run before/);
  await endOpenRuns(store, clock);
  assert.equal(jobNow(store, job.id).lastRunAtMs, clock.nowMs());
  await clock.advance(HOUR_MS);
  assert.match(told(), /the job last ran on 2026-04-01 12:00/);
});

test("two schedulers on one store fire once", async () => {
  await using first = await testStore();
  await using second = await openTestStore(first.dataDir, first.clock);
  const { clock } = first;
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, index) => addJob(first.store, clock, hourly({ name: `job-${index}` }))),
  );
  using one = watchJobs(first.store, clock, { maxOpenRuns: 100 });
  using other = watchJobs(second, clock, { maxOpenRuns: 100 });
  await clock.advance(HOUR_MS);
  assert.equal(one.waiting.length + other.waiting.length, made.length);
  assert.equal(countOpenRuns(first.store.reader), made.length);
  for (const { id } of made) assert.deepEqual(runsOf(first.store, id), ["04-01T13:00 claimed"]);
});

const overlaps = [
  ["skip", ["04-01T13:00 done", "04-01T14:00 skipped", "04-01T15:00 skipped", "04-01T16:00 claimed"]],
  ["queue", ["04-01T13:00 done", "04-01T14:00 claimed"]],
] as const;
for (const [overlap, expected] of overlaps) {
  test(`overlap ${overlap}: a time that comes while the run before is not over`, async () => {
    await using test = await testStore();
    const { store, clock } = test;
    const job = await addJob(store, clock, hourly({ overlap, catchUp: "none" }));
    using jobs = watchJobs(store, clock);
    await clock.advance(3 * HOUR_MS + MINUTE_MS);
    await endOpenRuns(store, clock);
    jobs.watcher.poke();
    await clock.advance(HOUR_MS - 2 * MINUTE_MS + (overlap === "skip" ? 2 * MINUTE_MS : 0));
    assert.deepEqual(runsOf(store, job.id), expected);
  });
}

test("five failures in a row pause a job, with a word to whoever made it; resuming starts anew", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly({ schedule: "0 0 * * *" }));
  using jobs = watchJobs(store, clock);
  await clock.advance(12 * HOUR_MS);
  const tries: number[] = [];
  for (let failure = 1; failure <= 5; failure++) {
    assert.equal(await endOpenRuns(store, clock, "failed"), 1, `attempt ${failure}`);
    jobs.watcher.poke();
    const next = jobNow(store, job.id).nextRunAtMs;
    if (next === null) break;
    tries.push((next - clock.nowMs()) / MINUTE_MS);
    await clock.advance(next - clock.nowMs());
  }
  assert.deepEqual(tries, [1, 2, 4, 8]);
  const now = jobNow(store, job.id);
  assert.equal(now.state, "paused");
  assert.equal(now.stateReason, "it failed 5 times in a row: boom");
  assert.equal(now.runs, 1, "retries are no runs of their own");
  const resumed = await store.write((tx) => resumeJob(tx, job.id, clock.nowMs()));
  assert.ok(resumed.kind === "changed");
  assert.deepEqual([resumed.job.state, resumed.job.failures, resumed.job.stateReason], ["active", 0, null]);
});

test("a job that went well again has forgotten its failures", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  using jobs = watchJobs(store, clock);
  await clock.advance(HOUR_MS);
  await endOpenRuns(store, clock, "failed");
  jobs.watcher.poke();
  await clock.advance(MINUTE_MS);
  await endOpenRuns(store, clock, "done");
  assert.deepEqual(runsOf(store, job.id), ["04-01T13:00 failed", "04-01T13:00 done"]);
  assert.equal(jobNow(store, job.id).failures, 0);
  assert.equal(jobNow(store, job.id).nextRunAtMs, clock.nowMs() + 59 * MINUTE_MS);
});

test("a job whose maker may not speak any more is paused, and nothing runs", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  using jobs = watchJobs(store, clock, { refusal: () => "its maker was turned away" });
  await clock.advance(HOUR_MS);
  assert.deepEqual(jobs.waiting, []);
  assert.deepEqual(jobs.paused, ["standup: its maker was turned away"]);
  assert.equal(jobNow(store, job.id).state, "paused");
});

const ends = [
  ["max runs", { maxRuns: 2 }, ["04-01T13:00 done", "04-01T14:00 done"]],
  ["an end", { endsAtMs: Date.UTC(2026, 3, 1, 13, 30) }, ["04-01T13:00 done"]],
  ["one time", { schedule: "in 20m" }, ["04-01T12:20 done"]],
] as const;
for (const [what, about, expected] of ends) {
  test(`a job with ${what} is done after its last run, and its name is free`, async () => {
    await using test = await testStore();
    const { store, clock } = test;
    const job = await addJob(store, clock, hourly(about));
    using jobs = watchJobs(store, clock);
    for (let hour = 0; hour < 4; hour++) {
      await clock.advance(HOUR_MS);
      await endOpenRuns(store, clock);
      jobs.watcher.poke();
    }
    assert.deepEqual(runsOf(store, job.id), expected);
    assert.deepEqual([jobNow(store, job.id).state, jobNow(store, job.id).runs], ["done", expected.length]);
    await addJob(store, clock, hourly());
  });
}

const jumps: readonly (readonly [what: string, move: (clock: FakeClock) => void, expected: readonly string[]])[] = [
  [
    "suspended for three hours and a half: the last time is made up for, once",
    (clock) => clock.jumpWallClock(Date.UTC(2026, 3, 1, 16, 30)),
    ["04-01T13:00 done", "04-01T16:00 done", "04-01T17:00 done"],
  ],
  [
    "set back by half an hour: what ran does not run again",
    (clock) => clock.jumpWallClock(Date.UTC(2026, 3, 1, 12, 40)),
    ["04-01T13:00 done", "04-01T14:00 done"],
  ],
  [
    "set forward by ten years and mended: it goes on",
    (clock) => clock.jumpWallClock(Date.UTC(2036, 3, 1, 12, 50)),
    ["04-01T13:00 done", "04-01T12:00 done", "04-01T14:00 done"],
  ],
];
for (const [what, move, expected] of jumps) {
  test(`the clock: ${what}`, async () => {
    await using test = await testStore();
    const { store, clock } = test;
    const job = await addJob(store, clock, hourly());
    using _jobs = watchJobs(store, clock);
    const pass = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        await clock.advance(MINUTE_MS);
        await endOpenRuns(store, clock);
      }
    };
    await pass(65);
    move(clock);
    await pass(1);
    if (clock.nowMs() > Date.UTC(2030, 0, 1)) clock.jumpWallClock(Date.UTC(2026, 3, 1, 13, 6));
    await pass(99);
    assert.deepEqual(runsOf(store, job.id).slice(0, expected.length), expected);
  });
}

test("a thousand jobs of one minute are never more than the limit at once, and each runs once", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const made = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => addJob(store, clock, hourly({ name: `job-${index}` }))),
  );
  using jobs = watchJobs(store, clock, { maxOpenRuns: 8 });
  await clock.advance(HOUR_MS);
  let most = 0;
  for (let ended = 0; ended < made.length; ) {
    most = Math.max(most, countOpenRuns(store.reader));
    ended += await endOpenRuns(store, clock);
    jobs.watcher.poke();
    await clock.advance(1);
  }
  assert.equal(most, 8);
  assert.equal(jobs.waiting.length, 1_000);
  assert.equal(new Set(jobs.waiting.map(({ jobName }) => jobName)).size, 1_000);
});

test("a run whose row was dropped is no run any more", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  using jobs = watchJobs(store, clock);
  await clock.advance(HOUR_MS);
  const id = jobs.waiting[0]?.inboxId ?? 0;
  const dropped = { firstOutboxId: null, finishedAtMs: clock.nowMs(), error: "dropped by /queue clear" };
  await store.write((tx) => finishInbox(tx, { id, state: "done", ...dropped }));
  jobs.watcher.poke();
  await clock.advance(1);
  assert.deepEqual(runsOf(store, job.id), ["04-01T13:00 skipped"]);
});

test("a run out of turn leaves the schedule as it is, and there is one at a time", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  using jobs = watchJobs(store, clock);
  const run = await jobs.watcher.runNow(job.id);
  assert.equal(run.kind, "claimed");
  assert.equal(jobNow(store, job.id).nextRunAtMs, job.nextRunAtMs);
  assert.deepEqual(await jobs.watcher.runNow(job.id), { kind: "refused", message: "standup is running already." });
  await endOpenRuns(store, clock, "failed");
  assert.equal(jobNow(store, job.id).failures, 0, "a try by hand is no failure of the job");
});
