import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AgentBackend, Completion } from "../../src/agent/backend.ts";
import type { ModelReply } from "../fake/model/model-reply.ts";
import { startModelServer } from "../fake/model/model-server.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { until } from "../support/until.ts";
import { bodyOf, hello, modelKinds } from "./model-kinds.ts";

const request = { instructions: "Say it shorter.", text: "A long story.", maxOutputTokens: 50 };

async function complete(agent: AgentBackend, signal = new AbortController().signal): Promise<Completion> {
  assert.ok(agent.complete !== undefined);
  return await agent.complete(request, signal);
}

for (const { kind, agentAt, errorBody, overloaded } of modelKinds) {
  describe(`a completion of ${kind}`, () => {
    test("is one text for one prompt, with what it took", async () => {
      await using server = await startModelServer({ ...hello, tokens: { input: 1_000_000, output: 1_000_000 } });
      const prices = {
        inputPerMillion: 1,
        outputPerMillion: 2,
        cachedInputPerMillion: null,
        cacheWritePerMillion: null,
      };
      const agent = agentAt(server.url, { instructions: "You are a pirate.", maxOutputTokens: 40, prices });
      const { text, usage, failure } = await complete(agent);
      assert.equal(text, "Hello there.");
      assert.equal(failure, null);
      assert.deepEqual([usage?.inputTokens, usage?.outputTokens, usage?.costUsd], [1_000_000, 1_000_000, 3]);
      const body = bodyOf(server, 0);
      assert.match(body, /Say it shorter\..*A long story\.|A long story\..*Say it shorter\./);
      assert.match(body, /"max_tokens":40\b/); // the agent's own limit is the lower one
      assert.doesNotMatch(body, /pirate|"tools"/);
    });

    test("is tried again while the provider is busy, and ends at once when it is stopped", async () => {
      const clock = fakeClock(0);
      const busy: ModelReply = { kind: "error", status: overloaded, body: errorBody("busy", "overloaded_error") };
      await using server = await startModelServer(busy, hello);
      const done = complete(agentAt(server.url, {}, clock));
      await until("it waits", () => clock.timerCount() === 1 && server.requests.length === 1);
      await clock.advance(1_000);
      assert.equal((await done).text, "Hello there.");

      await using silent = await startModelServer({ kind: "silence", withHeaders: false });
      const stop = new AbortController();
      const stopped = complete(agentAt(silent.url, {}, clock), stop.signal);
      await until("it was asked", () => silent.requests.length === 1);
      stop.abort();
      assert.equal((await stopped).failure?.reason, "stopped");
      assert.equal(clock.timerCount(), 0);
    });

    const failing: readonly (readonly [what: string, reply: ModelReply, reason: string])[] = [
      ["a wrong key", { kind: "error", status: 401, body: errorBody("no", "authentication_error") }, "misconfigured"],
      ["silence", { kind: "answer", deltas: [] }, "error"],
      ["an answer that breaks off", { kind: "cut", deltas: ["Half"] }, "error"],
    ];
    for (const [what, reply, reason] of failing)
      test(`fails with ${what} as a turn does, and has no text then`, async () => {
        await using server = await startModelServer(reply);
        const { text, failure } = await complete(agentAt(server.url));
        assert.equal(failure?.reason, reason);
        assert.equal(text, "");
      });
  });
}
