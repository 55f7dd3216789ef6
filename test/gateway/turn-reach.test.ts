import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { until } from "../support/until.ts";

const admit = ({ source }: { source: { userId: string | null } }) =>
  ({ kind: "admitted", isAdmin: source.userId === "boss" }) as const;
const inThread = (userId: string) =>
  ({ source: { chatType: "thread", threadId: "7", userId, userName: userId } }) as const;
const elsewhere = { target: "memory:secret", text: "hi" };

test("somebody who speaks into a running turn lends it no more rights than they have", async () => {
  const inner = scriptedAgent();
  const agent: AgentBackend & typeof inner = Object.assign(inner, { takesSteering: true as const });
  await using bare = await bareGateway({ agent, rules: { admit }, queue: { mode: "steer" } });
  await bare.say("g", "tell them", inThread("boss"));
  await until("the agent works", () => agent.running.length === 1);
  const [request] = agent.requests;
  const tool = request?.tools.find(({ name }) => name === "send_message");
  assert.match((await tool?.run(elsewhere)) ?? "", /when this turn ends/);
  await bare.say("g", "and say this there", inThread("eve"));
  assert.equal(request?.takeSteering().length, 1);
  for (const known of [tool, request?.tools.find(({ name }) => name === "send_message")]) {
    assert.match((await known?.run(elsewhere)) ?? "", /^Not sent: whoever asked/);
  }
  agent.running[0]?.answer("told");
  await until("it is over", () => bare.gateway.status().runningTurns === 0);
});

test("a turn sends at most ten messages elsewhere, however often its agent looks at its tools", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, rules: { admit } });
  await bare.say("g", "tell them", inThread("boss"));
  await until("the agent works", () => agent.running.length === 1);
  const [request] = agent.requests;
  const told: string[] = [];
  for (let count = 0; count < 11; count++) {
    const tool = request?.tools.find(({ name }) => name === "send_message");
    told.push((await tool?.run(elsewhere)) ?? "");
  }
  assert.match(told[9] ?? "", /when this turn ends/);
  assert.match(told[10] ?? "", /at most 10 messages a turn/);
  agent.running[0]?.answer("told");
  await until("all are sent", () => bare.adapter.textsIn("secret").length === 10);
});
