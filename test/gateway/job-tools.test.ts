import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentBackend, TurnRequest } from "../../src/agent/backend.ts";
import { runJobNow } from "../../src/schedule/claim-run.ts";
import { selectJobOfName } from "../../src/store/jobs.ts";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { addJob, hourly } from "../support/job-world.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { NOON_MS } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const inThread = (userId: string) =>
  ({ source: { chatType: "thread", threadId: "7", userId, userName: userId } }) as const;

/** A gateway where `boss` is an admin, and the turn that answers what somebody said. */
async function asked(userId: string, adapter = memoryAdapter()) {
  const inner = scriptedAgent();
  const agent: AgentBackend & typeof inner = Object.assign(inner, { takesSteering: true as const });
  const bare = await bareGateway({
    agent,
    adapter,
    clock: fakeClock(NOON_MS),
    rules: { admit: ({ source }) => ({ kind: "admitted", isAdmin: source.userId === "boss" }) },
    queue: { mode: "steer" },
  });
  await bare.say("g", "please", inThread(userId));
  await until("the agent works", () => agent.running.length === 1);
  const [request] = agent.requests;
  assert.ok(request !== undefined);
  return { bare, request, ...endingFirst(bare, agent) };
}

/** The clock stands still, so that a turn that goes on would be waited for without end. */
function endingFirst(bare: BareGateway, agent: ReturnType<typeof scriptedAgent>): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      for (const running of agent.running) running.answer("done");
      await until("it is over", () => bare.gateway.status().runningTurns === 0);
      await bare[Symbol.asyncDispose]();
    },
  };
}

function use(request: TurnRequest, name: string, input: object = {}): Promise<string> {
  const tool = request.tools.find((one) => one.name === name);
  assert.ok(tool !== undefined, name);
  return tool.run(input);
}

function makerOf(bare: BareGateway, name: string) {
  const row = selectJobOfName(bare.store.reader, name);
  return row === null ? null : [row.made_by, row.maker_id, row.targets, row.agent];
}

test("an agent makes, lists and cancels the jobs of whoever asked, here and nowhere else", async () => {
  await using world = await asked("eve");
  const { bare, request } = world;
  const when = "every day at 9";
  assert.match(
    await use(request, "schedule", { when, text: "Look at the news" }),
    /^Scheduled as look-at-the-news \(active\): every day at 09:00 \(UTC\), next on /,
  );
  assert.deepEqual(makerOf(bare, "look-at-the-news"), ["agent", "eve", '["origin"]', "main"]);
  assert.match(
    await use(request, "schedule", { when, text: "Look at the news" }),
    /^Not scheduled: There is that very/,
  );
  assert.match(await use(request, "schedule", { when: "someday", text: "x" }), /character 1: expected a schedule/);
  assert.match(
    await use(request, "schedule", { when, text: "tell", deliver: ["memory:secret"] }),
    /^Not scheduled: Only admins/,
  );
  assert.match(await use(request, "schedule", { when: "in 1h", text: "tea", remind: true }), /^Scheduled as tea /);
  assert.deepEqual(makerOf(bare, "tea"), ["agent", "eve", '["origin"]', null]);
  assert.match(await use(request, "schedule", { when, text: "one more" }), /at most 5 jobs a turn/);

  await addJob(bare.store, fakeClock(NOON_MS), hourly());
  assert.deepEqual(
    (await use(request, "list_jobs")).split("\n").map((line) => line.split(" ")[0]),
    ["look-at-the-news", "tea"],
  );
  assert.match(await use(request, "cancel_job", { name: "standup" }), /^Not cancelled: whoever asked has no job/);
  assert.equal(await use(request, "cancel_job", { name: "tea" }), "tea is cancelled.");
  assert.equal(makerOf(bare, "tea"), null);
});

test("who speaks into an admin's turn gets no job with an admin's rights, and takes away what only the admin may", async () => {
  await using world = await asked("boss");
  const { bare, request } = world;
  const elsewhere = { when: "in 1h", text: "tell them", deliver: ["memory:secret"] };
  assert.match(await use(request, "schedule", elsewhere), /^Scheduled as tell-them /);
  await bare.say("g", "and this", inThread("eve"));
  assert.equal(request.takeSteering().length, 1);
  assert.match(await use(request, "schedule", { ...elsewhere, text: "more" }), /^Not scheduled: Only admins/);
  assert.equal(await use(request, "list_jobs"), "There are no jobs.");
  assert.match(await use(request, "cancel_job", { name: "tell-them" }), /^Not cancelled/);
  assert.match(await use(request, "schedule", { when: "in 2h", text: "both" }), /^Scheduled/);
  assert.equal(makerOf(bare, "both")?.[1], "eve");
});

test("an agent is told of a chat the bot is not in before it makes a job for it, or says something there", async () => {
  const why = "the bot is not in this chat. Add it there.";
  const adapter = memoryAdapter({ canPost: async ({ chatId }) => (chatId === "secret" ? why : null) });
  await using world = await asked("boss", adapter);
  const { bare, request } = world;
  const job = { when: "in 1h", text: "tell them", deliver: ["origin", "memory:secret"] };
  assert.equal(await use(request, "schedule", job), `Not scheduled: memory:secret: ${why}`);
  assert.equal(makerOf(bare, "tell-them"), null);
  assert.match(await use(request, "schedule", { ...job, deliver: ["memory:team"] }), /^Scheduled/);
  const said = { target: "memory:secret", text: "psst" };
  assert.equal(await use(request, "send_message", said), `Not sent: memory:secret: ${why}`);
});

test("a job makes no jobs, and cancels none but itself", async () => {
  const clock = fakeClock(NOON_MS);
  const agent = scriptedAgent();
  const bare = await bareGateway({ agent, clock });
  await using _ = endingFirst(bare, agent);
  const job = await addJob(bare.store, clock, hourly());
  await addJob(bare.store, clock, hourly({ name: "other" }));
  const run = await bare.store.write((tx) => runJobNow(tx, job.id, bare.gateway.jobs.claims, clock.nowMs()));
  assert.ok(run.kind === "claimed");
  bare.gateway.jobs.takeWaiting([run]);
  await until("the agent works", () => agent.running.length === 1);
  const [request] = agent.requests;
  assert.ok(request !== undefined);
  assert.match(await use(request, "schedule", { when: "in 1h", text: "again" }), /a job makes no jobs/);
  assert.match(await use(request, "cancel_job", { name: "other" }), /^Not cancelled/);
  assert.match(await use(request, "list_jobs"), /^standup \(active\)[^\n]*$/);
  assert.equal(await use(request, "cancel_job", { name: "standup" }), "standup is cancelled.");
});
