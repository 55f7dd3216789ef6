import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { echoAgent } from "../../src/agent/echo.ts";
import type { PlatformRules } from "../../src/gateway/platform-rules.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { removeJob } from "../../src/schedule/change-job.ts";
import { selectDeadInbox } from "../../src/store/inbox.ts";
import { selectJobRuns } from "../../src/store/job-runs.ts";
import { statement } from "../../src/store/statement.ts";
import { anns, jobGateway } from "../support/job-gateway.ts";
import { addJob, hourly, jobNow, runsOf } from "../support/job-world.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const HOUR_MS = 3_600_000;

test("a job's answer goes to its targets and not to itself; the run tells how it went", async () => {
  await using world = await jobGateway({ agent: { ...echoAgent(), name: "echo" } });
  const job = await addJob(world.store, world.clock, hourly({ deliver: ["memory:team:7", "memory:Other"] }));
  await world.hour();
  assert.deepEqual(
    world.adapter.posts.map(({ chatId, threadId }) => `${chatId}:${threadId}`),
    ["team:7", "Other:null"],
  );
  assert.match(world.adapter.posts[0]?.text ?? "", /\n\nSay what is open\.\n/);
  const [run] = selectJobRuns(world.store.reader, job.id, 1);
  assert.equal(run?.state, "done");
  assert.equal(run?.error, null);
  assert.equal(run?.delivered, '["memory:team:7","memory:Other"]');
  assert.match(run?.output ?? "", /Say what is open/);
  assert.equal(
    world.store.liveSession("agent:main:job:dm:standup:thread:1"),
    null,
    "a fresh session ends with its run",
  );
});

test("a reminder is delivered as it is, without an agent and without a session", async () => {
  const agent = scriptedAgent();
  await using world = await jobGateway({ agent });
  const job = await addJob(world.store, world.clock, hourly({ agent: null, text: "/stop the oven!" }));
  await world.hour();
  assert.deepEqual(world.adapter.textsIn("team"), ["/stop the oven!"]);
  assert.equal(agent.requests.length, 0);
  assert.equal(world.store.listSessions({ limit: 10 }).sessions.length, 0);
  assert.deepEqual(runsOf(world.store, job.id), ["04-01T13:00 done"]);
});

test("a run that was begun three times without an end is given up, and the run says why", async () => {
  using folder = tempDir();
  const agent = scriptedAgent();
  {
    await using first = await jobGateway({ agent, dataDir: folder.path, limits: { drainMs: 0 } });
    await addJob(first.store, first.clock, hourly());
    await first.hour();
    assert.equal(agent.running.length, 1);
    // As after three deaths in the middle of the turn; the end gives one back.
    const died = statement<object>()((db) => db.updateTable("inbox").set({ attempts: 4 }).where("id", "=", 1));
    await first.store.write((tx) => tx.run(died, {}));
  }
  // Its clock is an hour behind, as one that was set back.
  await using second = await jobGateway({ agent, dataDir: folder.path });
  await until("it is given up", () => second.store.stats().inbox.dead === 1);
  assert.equal(agent.requests.length, 1);
  const [run] = selectJobRuns(second.store.reader, 1, 1);
  assert.deepEqual([run?.state, run?.error], ["failed", "interrupted 3 times"]);
});

test("NOTHING is delivered of an answer that says so", async () => {
  const agent = scriptedAgent();
  await using world = await jobGateway({ agent });
  const job = await addJob(world.store, world.clock, hourly());
  await world.hour();
  agent.running[0]?.answer("NOTHING.");
  await world.clock.advance(1);
  assert.deepEqual(world.adapter.posts, []);
  assert.deepEqual(runsOf(world.store, job.id), ["04-01T13:00 done"]);
  assert.equal(selectJobRuns(world.store.reader, job.id, 1)[0]?.delivered, null);
});

test("a session of its own goes on from run to run", async () => {
  const agent = scriptedAgent();
  await using world = await jobGateway({ agent });
  await addJob(world.store, world.clock, hourly({ session: "own" }));
  for (const words of ["one", "two"]) {
    await world.hour();
    agent.running[0]?.answer(words);
    await world.clock.advance(1);
  }
  assert.deepEqual(
    agent.requests[1]?.history(10).map(({ role, text }) => `${role} ${text.split("\n").at(-1)}`),
    ["user Say what is open.", "assistant one"],
  );
});

test("in the chat's session a job speaks as itself, its answer can be answered, and it keeps nothing alive", async () => {
  const agent = scriptedAgent();
  await using world = await jobGateway({ agent });
  await world.say("c", "hello");
  agent.running[0]?.answer("hi");
  await world.clock.advance(1);
  const key = "agent:main:memory:dm:c";
  const before = world.store.liveSession(key);
  await addJob(world.store, world.clock, anns(world.clock, { session: "origin", deliver: ["origin"] }));
  await world.hour();
  agent.running[0]?.answer("all done");
  await world.clock.advance(1);
  assert.deepEqual(world.adapter.textsIn("c"), ["hi", "all done"]);
  assert.deepEqual(world.lines(key), [
    "user: hello",
    "assistant: hi",
    "user: Say what is open.",
    "assistant: all done",
  ]);
  const after = world.store.liveSession(key);
  assert.equal(after?.sessionId, before?.sessionId);
  assert.equal(after?.lastActiveMs, before?.lastActiveMs);
  const line = world.store.transcript(after?.sessionId ?? "", { limit: 2 })[0];
  assert.deepEqual([line?.senderId, line?.senderName, line?.extra], [null, "job standup", { job: "standup" }]);
});

test("what was delivered is known to the agent of the chat it was delivered to", async () => {
  await using world = await jobGateway();
  await world.say("c", "hello");
  await world.clock.advance(1);
  const key = "agent:main:memory:dm:c";
  const before = world.store.liveSession(key);
  await addJob(world.store, world.clock, hourly({ agent: null, text: "Oven!", deliver: ["memory:c", "memory:empty"] }));
  await world.hour();
  assert.equal(world.lines(key).at(-1), "assistant: Oven!");
  assert.equal(world.store.liveSession(key)?.lastActiveMs, before?.lastActiveMs);
  assert.deepEqual(world.adapter.textsIn("empty"), ["Oven!"]);
  await world.gateway.send({ platform: "memory", account: "default", chatId: "c", threadId: null }, "Sent.");
  assert.equal(world.lines(key).at(-1), "assistant: Sent.");
});

test("local is a file of the job's folder, for its owner alone", async () => {
  await using world = await jobGateway();
  const job = await addJob(world.store, world.clock, hourly({ agent: null, text: "Oven!", deliver: ["local"] }));
  await world.hour();
  const folder = join(world.dataDir, "jobs", "standup");
  assert.deepEqual(readdirSync(folder), ["2026-04-01T13-00-00Z-1.md"]);
  const path = join(folder, "2026-04-01T13-00-00Z-1.md");
  assert.equal(readFileSync(path, "utf8"), "Oven!\n");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(selectJobRuns(world.store.reader, job.id, 1)[0]?.delivered, '["local"]');
});

test("a failed turn is a failed run and says nothing in the chat; the fifth pauses the job and tells its maker", async () => {
  const agent = scriptedAgent();
  await using world = await jobGateway({ agent });
  const job = await addJob(world.store, world.clock, anns(world.clock, { deliver: ["memory:team"] }));
  await world.clock.advance(HOUR_MS);
  const failure = { reason: "error", message: "Sorry.", detail: "boom", retryable: false } as const;
  for (let count = 0; count < 5; count++) {
    agent.running[0]?.say({ kind: "failed", failure });
    await world.clock.advance(1);
    await world.clock.advance((jobNow(world.store, job.id).nextRunAtMs ?? 0) - world.clock.nowMs());
  }
  assert.equal(jobNow(world.store, job.id).state, "paused");
  assert.deepEqual(world.adapter.textsIn("team"), []);
  assert.deepEqual(world.adapter.textsIn("c"), [
    "The job `standup` was paused: it failed 5 times in a row: error: boom. When that is mended, resume it.",
  ]);
});

test("who may not speak any more has no jobs run", async () => {
  let isIn = true;
  const admit: PlatformRules["admit"] = () =>
    isIn ? { kind: "admitted", isAdmin: true } : { kind: "stranger", mayPair: false };
  await using world = await jobGateway({ rules: { admit } });
  const job = await addJob(world.store, world.clock, anns(world.clock));
  isIn = false;
  await world.hour();
  assert.deepEqual(
    [jobNow(world.store, job.id).state, jobNow(world.store, job.id).stateReason],
    ["paused", "whoever made it may not speak here any more"],
  );
  assert.deepEqual(world.adapter.posts, []);
});

test("who is no admin any more has nothing delivered elsewhere, and no tool that reaches further", async () => {
  const agent = scriptedAgent();
  const admit: PlatformRules["admit"] = () => ({ kind: "admitted", isAdmin: false });
  await using world = await jobGateway({ agent, rules: { admit } });
  const job = await addJob(world.store, world.clock, anns(world.clock, { deliver: ["memory:team", "origin"] }));
  await world.hour();
  const send = agent.running[0]?.request.tools?.find(({ name }) => name === "send_message");
  assert.match((await send?.run({ target: "memory:team", text: "x" })) ?? "", /may not have messages sent/);
  assert.match((await send?.run({ target: "origin", text: "besides" })) ?? "", /will be sent/);
  assert.equal(await agent.running[0]?.request.askApproval?.({ title: "rm", detail: "all" }), false);
  agent.running[0]?.answer("said");
  await world.clock.advance(1);
  assert.deepEqual(world.adapter.textsIn("team"), []);
  assert.deepEqual(world.adapter.textsIn("c"), ["said", "besides"]);
  const [run] = selectJobRuns(world.store.reader, job.id, 1);
  assert.deepEqual(
    [run?.state, run?.error],
    ["done", "memory:team: whoever made this job may not have anything delivered there."],
  );
});

test("a post that is given up is told to the job's maker and noted with the run", async () => {
  const adapter = memoryAdapter();
  adapter.beforePost = ({ chatId }) => {
    if (chatId === "team") throw new DeliveryError("forbidden", "the bot is not in this chat", { certain: true });
  };
  await using world = await jobGateway({ adapter });
  const job = await addJob(
    world.store,
    world.clock,
    anns(world.clock, { agent: null, text: "x", deliver: ["memory:team"] }),
  );
  await world.hour();
  assert.deepEqual(world.adapter.textsIn("c"), [
    "What the job `standup` had to say was not delivered: forbidden: the bot is not in this chat",
  ]);
  const [run] = selectJobRuns(world.store.reader, job.id, 1);
  assert.equal(run?.error, "not delivered: forbidden: the bot is not in this chat");
});

test("an answer too long for a chat is posted as its beginning and a file", async () => {
  const agent = scriptedAgent();
  const adapter = memoryAdapter({ split: (text) => [text] });
  await using world = await jobGateway({ agent, adapter });
  await addJob(world.store, world.clock, hourly());
  await world.hour();
  agent.running[0]?.answer(`# Report\n${"word ".repeat(10_000)}`);
  await world.clock.advance(1);
  const [text, file] = world.adapter.posts;
  assert.ok((text?.text.length ?? 0) < 4_000);
  assert.equal(file?.file?.name, "standup.md");
  assert.ok(existsSync(file?.file?.path ?? ""));
});

test("a job that was removed while it waited does not run, and its row is no dead letter", async () => {
  const agent = scriptedAgent();
  await using world = await jobGateway({ agent, limits: { maxConcurrentTurns: 1 } });
  const job = await addJob(world.store, world.clock, hourly({ deliver: ["memory:team"] }));
  await world.clock.advance(HOUR_MS - 60_000);
  await world.say("c", "busy");
  await world.clock.advance(60_000);
  await world.store.write((tx) => removeJob(tx, job.id, "removed", world.clock.nowMs()));
  agent.running[0]?.answer("done");
  await world.clock.advance(1);
  assert.deepEqual(runsOf(world.store, job.id), ["04-01T13:00 skipped"]);
  assert.deepEqual(selectDeadInbox(world.store.reader, 1_000, 10), []);
  assert.deepEqual(world.adapter.textsIn("team"), []);
});
