import assert from "node:assert/strict";
import { test } from "node:test";
import type { InboundMessage } from "../../src/message/message.ts";
import { pauseJob, removeJob, resumeJob } from "../../src/schedule/change-job.ts";
import { describePlan } from "../../src/schedule/describe-schedule.ts";
import { upcoming } from "../../src/schedule/job.ts";
import { type JobDraft, type JobRules, makeJob } from "../../src/schedule/make-job.ts";
import { putTimeZone, selectTimeZone } from "../../src/store/people.ts";
import { addJob, hourly, jobNow, jobRules } from "../support/job-world.ts";
import { dmSource, NOON_MS, testStore } from "../support/test-store.ts";

const source = { ...dmSource("c1"), platform: "memory" };
const origin: InboundMessage["job"] = {
  runId: 0,
  jobName: "",
  origin: { source, roleIds: ["r"], isPerson: true },
};
const anns: Partial<JobDraft> = {
  madeBy: "chat",
  maker: { platform: "memory", userId: "ann", name: "Ann" },
  origin: origin.origin,
};
const notAdmin: JobRules = { ...jobRules, isAdmin: false };

const refusals: readonly (readonly [about: Partial<JobDraft>, rules: JobRules, says: RegExp])[] = [
  [{ schedule: "0 9 * * 8" }, jobRules, /schedule "0 9 \* \* 8", character 9: "8" is no weekday/],
  [{ name: "../etc" }, jobRules, /1 to 64 lower-case letters/],
  [{ timeZone: "Mars/Base" }, jobRules, /IANA name/],
  [{ text: "  " }, jobRules, /needs a text/],
  [{ text: "ä".repeat(20_000) }, jobRules, /at most 32 KiB/],
  [{ agent: "nobody" }, jobRules, /no agent "nobody"/],
  [{ days: [] }, jobRules, /weekdays, at least one/],
  [{ days: [8] }, jobRules, /weekdays/],
  [{ maxRuns: 0 }, jobRules, /at least once/],
  [{ jitterMs: -1 }, jobRules, /at most a day/],
  [{ endsAtMs: NOON_MS }, jobRules, /never run/],
  [{ schedule: "0 9 * * 6", days: [1] }, jobRules, /never run/],
  [{ session: "origin" }, jobRules, /made in a chat/],
  [{ deliver: ["matrix:1"] }, jobRules, /expected a platform of local, memory, other, web/],
  [{ deliver: ["other"] }, jobRules, /other has no home channel. Set platforms\.other\.homeChannel/],
  [{ deliver: [] }, jobRules, /1 to 50 targets/],
  [{ ...anns, deliver: ["memory:elsewhere"] }, notAdmin, /Only admins/],
  [{ ...anns, deliver: ["local"] }, notAdmin, /Only admins/],
];
for (const [about, rules, says] of refusals) {
  test(`${JSON.stringify(about).slice(0, 60)} is refused: ${says.source}`, async () => {
    await using test = await testStore();
    const made = await test.store.write((tx) => makeJob(tx, hourly(about), rules, NOON_MS));
    assert.ok(made.kind === "refused");
    assert.match(made.message, says);
  });
}

test("what is made in a chat is delivered there, in the maker's name", async () => {
  await using test = await testStore();
  const { deliver: _, ...draft } = hourly({ ...anns, name: null, text: "Look at the oven!" });
  const made = await test.store.write((tx) => makeJob(tx, draft, notAdmin, NOON_MS));
  assert.ok(made.kind === "made");
  assert.equal(made.job.name, "look-at-the-oven");
  assert.deepEqual(made.job.targets, ["origin"]);
  assert.deepEqual(made.job.maker, anns.maker);
  assert.deepEqual(made.job.origin, origin.origin);
});

test("a name belongs to one job until it is done; names made of texts differ", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  await assert.rejects(addJob(store, clock, hourly()), /There is a job standup already/);
  const named = await Promise.all(
    ["a", "b"].map(() => addJob(store, clock, hourly({ name: null, text: "Ärger? 你好" }))),
  );
  assert.deepEqual(
    named.map(({ name }) => name),
    ["arger", "arger-2"],
  );
  const unnamed = await addJob(store, clock, hourly({ name: null, text: "你好" }));
  assert.equal(unnamed.name, "job");
  assert.equal((await store.write((tx) => removeJob(tx, job.id, "removed", NOON_MS))).kind, "changed");
  await addJob(store, clock, hourly());
});

test("a person has at most fifty jobs", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  for (let count = 0; count < 50; count++) await addJob(store, clock, hourly({ ...anns, name: `j${count}` }));
  await assert.rejects(addJob(store, clock, hourly({ ...anns, name: "more" })), /50 jobs already/);
  await addJob(store, clock, hourly({ name: "operators" }));
});

test("a paused job has no next time, and goes on when it is resumed", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly());
  await store.write((tx) => pauseJob(tx, job.id, "paused by Ann", NOON_MS));
  assert.deepEqual([jobNow(store, job.id).state, jobNow(store, job.id).nextRunAtMs], ["paused", null]);
  const again = await store.write((tx) => pauseJob(tx, job.id, "", NOON_MS));
  assert.deepEqual(again, { kind: "refused", message: "standup is not active." });
  await store.write((tx) => resumeJob(tx, job.id, NOON_MS + 90 * 60_000));
  assert.equal(jobNow(store, job.id).nextRunAtMs, NOON_MS + 120 * 60_000);
});

test("jobs of the configuration are not changed elsewhere", async () => {
  await using test = await testStore();
  const { store, clock } = test;
  const job = await addJob(store, clock, hourly({ madeBy: "config" }));
  for (const change of [pauseJob, removeJob]) {
    const changed = await store.write((tx) => change(tx, job.id, "", NOON_MS));
    assert.ok(changed.kind === "refused" && changed.message.includes("configuration file"));
  }
});

test("a plan is described with all that bounds it", async () => {
  await using test = await testStore();
  const about = { schedule: "every day at 9", timeZone: "Europe/Berlin", days: [1, 3], jitterMs: 90_000 };
  const job = await addJob(test.store, test.clock, hourly({ ...about, endsAtMs: Date.UTC(2026, 4, 1, 8) }));
  assert.equal(
    describePlan(job.plan),
    "every day at 09:00, only on Monday and Wednesday, up to 1 minute 30 seconds later, until 2026-05-01 10:00 (Europe/Berlin)",
  );
  assert.deepEqual(
    upcoming(job.plan, NOON_MS, 2).map((atMs) => new Date(atMs).toISOString()),
    ["2026-04-06T07:00:00.000Z", "2026-04-08T07:00:00.000Z"],
  );
});

test("a person's time zone is kept, changed and given up", async () => {
  await using test = await testStore();
  const { store } = test;
  const ann = { platform: "memory", userId: "ann" };
  assert.equal(selectTimeZone(store.reader, "memory", "ann"), null);
  await store.write((tx) => putTimeZone(tx, { ...ann, timeZone: "Asia/Kolkata" }));
  assert.equal(selectTimeZone(store.reader, "memory", "ann"), "Asia/Kolkata");
  await store.write((tx) => putTimeZone(tx, { ...ann, timeZone: null }));
  assert.equal(selectTimeZone(store.reader, "memory", "ann"), null);
});
