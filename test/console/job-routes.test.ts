import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { NOON_MS } from "../support/test-store.ts";
import { until } from "../support/until.ts";
import { read, wordsOf } from "./answers.ts";

const run = z.looseObject({ state: z.string(), output: z.string().nullable(), byHand: z.boolean() });
const job = z.looseObject({
  name: z.string(),
  state: z.string(),
  stateReason: z.string().nullable(),
  schedule: z.string(),
  scheduleWords: z.string(),
  nextRunAtMs: z.int().nullable(),
  lastRun: run.nullable(),
});
const whole = job.extend({ nextTimesMs: z.array(z.int()), lastRuns: z.array(run) });
const list = z.strictObject({ jobs: z.array(job), next: z.int().nullable() });
const standup = { name: "standup", schedule: "every weekday at 9", prompt: "What is open?", deliver: ["memory:team"] };

test("a job is made, listed, run, paused, resumed and removed", async () => {
  const adapter = memoryAdapter();
  await using daemon = await startTestGateway({ adapters: [adapter], clock: fakeClock(NOON_MS) });
  const changed: string[] = [];
  daemon.gateway.feed.subscribe((event) => {
    if (event.kind === "job") changed.push(event.jobName);
  });
  const response = await daemon.post("/api/jobs", standup);
  assert.equal(response.status, 201);
  const made = await read(whole, response);
  assert.equal(made.scheduleWords, "every weekday at 09:00 (UTC)");
  assert.deepEqual(
    [made.state, made.nextTimesMs.length, made.nextTimesMs[0], made.lastRun],
    ["active", 5, made.nextRunAtMs, null],
  );
  assert.deepEqual(changed, ["standup"]);
  assert.deepEqual(
    (await read(list, await daemon.request("/api/jobs"))).jobs.map(({ name }) => name),
    ["standup"],
  );

  assert.equal((await daemon.post("/api/jobs/standup/run", {})).status, 200);
  await until("it is said", () => adapter.posts.length > 0);
  assert.equal(adapter.posts[0]?.chatId, "team");
  const ran = await read(whole, await daemon.request("/api/jobs/standup"));
  assert.deepEqual([ran.lastRun?.state, ran.lastRun?.byHand, ran.lastRuns.length], ["done", true, 1]);
  assert.match(ran.lastRun?.output ?? "", /What is open\?/);

  const paused = await read(whole, await daemon.post("/api/jobs/standup/pause", {}));
  assert.deepEqual([paused.state, paused.stateReason, paused.nextRunAtMs], ["paused", "paused by operator", null]);
  const again = await daemon.post("/api/jobs/standup/pause", {});
  assert.equal(again.status, 409);
  assert.match(await wordsOf(again), /not active/);
  assert.equal((await read(whole, await daemon.post("/api/jobs/standup/resume", {}))).state, "active");
  assert.equal((await daemon.request("/api/jobs/standup", { method: "DELETE" })).status, 204);
  assert.deepEqual((await read(list, await daemon.request("/api/jobs"))).jobs, []);
  assert.equal((await read(whole, await daemon.request("/api/jobs/standup"))).state, "done");
  const done = await read(list, await daemon.request("/api/jobs?done=true"));
  assert.deepEqual([done.jobs[0]?.name, done.jobs[0]?.stateReason], ["standup", "removed by operator"]);
});

const refused = [
  [{ ...standup, schedule: "0 25 * * *" }, 400, /character 3: "25" is no hour/],
  [{ ...standup, deliver: ["nowhere:1"] }, 400, /nowhere/],
  [{ ...standup, deliver: ["memory"] }, 400, /no home channel/],
  [{ ...standup, name: "../etc" }, 400, /A job's name is/],
  [{ ...standup, text: "both" }, 400, /either prompt/],
  [{ ...standup, agent: "nobody" }, 400, /no agent/],
  [{ ...standup, timeZone: "Mars/One" }, 400, /time zone/],
  [{ ...standup, days: ["noday"] }, 400, /weekday/],
  [{ schedule: "in 5m" }, 400, /either prompt/],
  [{ ...standup, colour: 1 }, 400, /colour/],
] as const;

test("what cannot be a job is refused in words", async () => {
  await using daemon = await startTestGateway({ adapters: [memoryAdapter()], clock: fakeClock(NOON_MS) });
  for (const [body, status, words] of refused) {
    const response = await daemon.post("/api/jobs", body);
    assert.equal(response.status, status);
    assert.match(await wordsOf(response), words);
  }
  await daemon.post("/api/jobs", standup);
  assert.match(await wordsOf(await daemon.post("/api/jobs", standup)), /There is a job standup already/);
  for (const path of ["nothing", "nothing/run", "nothing/pause"]) {
    const response = path.includes("/")
      ? await daemon.post(`/api/jobs/${path}`, {})
      : await daemon.request(`/api/jobs/${path}`);
    assert.equal(response.status, 404);
  }
});

test("the list has pages", async () => {
  await using daemon = await startTestGateway({ adapters: [memoryAdapter()], clock: fakeClock(NOON_MS) });
  for (const name of ["a", "b", "c"]) await daemon.post("/api/jobs", { ...standup, name });
  const first = await read(list, await daemon.request("/api/jobs?limit=2"));
  const second = await read(list, await daemon.request(`/api/jobs?limit=2&cursor=${first.next}`));
  assert.deepEqual(
    [first, second].map(({ jobs }) => jobs.map(({ name }) => name)),
    [["a", "b"], ["c"]],
  );
  assert.equal(second.next, null);
});

test("a job, and a message, for a chat the bot is not in are refused with what to do", async () => {
  const why = "the bot is not in this chat. Add it there.";
  const adapter = memoryAdapter({ canPost: async ({ chatId }) => (chatId === "secret" ? why : null) });
  await using daemon = await startTestGateway({ adapters: [adapter], clock: fakeClock(NOON_MS) });
  const response = await daemon.post("/api/jobs", { ...standup, deliver: ["memory:team", "memory:secret"] });
  assert.equal(response.status, 400);
  assert.equal(await wordsOf(response), `memory:secret: ${why}`);
  assert.deepEqual((await read(list, await daemon.request("/api/jobs"))).jobs, []);
  const sent = await daemon.post("/api/send", { platform: "memory", chatId: "secret", text: "psst" });
  assert.equal(sent.status, 409);
  assert.equal(await wordsOf(sent), `memory:secret: ${why}`);
  assert.equal((await daemon.post("/api/send", { platform: "memory", chatId: "team", text: "hi" })).status, 202);
});

test("a dry run tells what a run would be, and what stands in its way, and sends nothing", async () => {
  const inChats = ["team"];
  const adapter = memoryAdapter({ canPost: async ({ chatId }) => (inChats.includes(chatId) ? null : "it is not.") });
  await using daemon = await startTestGateway({ adapters: [adapter], clock: fakeClock(NOON_MS) });
  await daemon.post("/api/jobs", standup);
  inChats.pop();
  const shown = z.looseObject({ prompt: z.string(), targets: z.array(z.string()), nextTimesMs: z.array(z.int()) });
  const said = await read(
    shown.extend({ problems: z.array(z.string()) }),
    await daemon.request("/api/jobs/standup/dry-run"),
  );
  assert.match(said.prompt, /^\[You are run by the clock, as the job "standup".*\n\nWhat is open\?$/s);
  assert.deepEqual([said.targets, said.problems], [["memory:team"], ["memory:team: it is not."]]);
  assert.equal(said.nextTimesMs.length, 5);
  assert.equal(adapter.posts.length, 0);
  assert.equal((await daemon.request("/api/jobs/nothing/dry-run")).status, 404);
});
