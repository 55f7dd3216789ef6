import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { LLMock } from "@copilotkit/aimock";
import { anthropicAgent } from "../../src/agent/anthropic.ts";
import type { AgentBackend } from "../../src/agent/backend.ts";
import type { ModelOptions } from "../../src/agent/model-options.ts";
import { openaiAgent } from "../../src/agent/openai.ts";
import { withFallback } from "../../src/agent/with-fallback.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { until } from "../support/until.ts";
import { agentTool, modelOptions, runTurn } from "./model-turn.ts";
import { turnRequest } from "./turn-request.ts";

// A mock that others wrote: what both sides of a fake of our own misunderstand in the same way, this one shows.
const mock = new LLMock({ port: 0 });

const kinds: readonly (readonly [string, (changes?: Partial<ModelOptions>) => AgentBackend])[] = [
  ["openai", (changes) => openaiAgent(modelOptions(`${mock.url}/v1`, changes))],
  ["anthropic", (changes) => anthropicAgent(modelOptions(mock.url, changes))],
];
const saying = (text: string) => turnRequest({ message: { text, attachments: [] } });

describe("against a model server of others", () => {
  before(async () => {
    await mock.start();
  });
  after(() => mock.stop());

  for (const [kind, agentOf] of kinds) {
    test(`${kind}: a streamed answer with its tokens and their cost`, async () => {
      mock.reset();
      const content = "A long answer. ".repeat(40).trim();
      mock.onMessage("tell me", {
        content,
        usage: { prompt_tokens: 120, completion_tokens: 80, input_tokens: 120, output_tokens: 80 },
      });
      const prices = {
        inputPerMillion: 1,
        outputPerMillion: 2,
        cachedInputPerMillion: null,
        cacheWritePerMillion: null,
      };
      const { text, events } = await runTurn(agentOf({ prices }), saying("tell me"));
      assert.equal(text, content);
      assert.ok(events.filter((event) => event.kind === "text").length > 5);
      const usage = events.find((event) => event.kind === "usage")?.usage;
      assert.deepEqual([usage?.inputTokens, usage?.outputTokens], [120, 80]);
      assert.equal(usage?.costUsd?.toFixed(6), "0.000280");
    });

    test(`${kind}: an answer of 1 MB comes whole`, async () => {
      mock.reset();
      const content = "Word by word. ".repeat(75_000).trim();
      mock.onMessage("tell me all", { content }, { chunkSize: 4_096 });
      const { text, failure } = await runTurn(agentOf(), saying("tell me all"));
      assert.equal(failure, null);
      assert.ok(text === content && text.length > 1024 * 1024 - 2_000, `${text.length} units`);
    });

    test(`${kind}: a stream cut in the middle keeps its text and fails`, async () => {
      mock.reset();
      mock.onMessage(
        "tell me",
        { content: "Once upon a time. ".repeat(20) },
        { chunkSize: 10, latency: 10, truncateAfterChunks: 8 },
      );
      const { text, failure } = await runTurn(agentOf(), saying("tell me"));
      assert.match(text, /^Once upon/);
      assert.match(failure?.message ?? "", /broke off/);
    });

    test(`${kind}: a model that answers nothing is said to have answered nothing`, async () => {
      mock.reset();
      mock.onMessage("hm", { content: "" });
      const { text, failure } = await runTurn(agentOf(), saying("hm"));
      assert.equal(text, "");
      assert.match(failure?.message ?? "", /answered nothing/);
    });

    test(`${kind}: a tool, its result, and the answer made of it`, async () => {
      mock.reset();
      mock.on({ userMessage: "weather", hasToolResult: true }, { content: "It is sunny." });
      mock.onMessage("weather", { toolCalls: [{ name: "weather", arguments: '{"query":"Berlin"}', id: "call_w" }] });
      const inputs: unknown[] = [];
      const weather = agentTool("weather", async (input) => {
        inputs.push(input);
        return "sunny";
      });
      const turn = await runTurn(agentOf(), { ...saying("weather"), tools: [weather] });
      assert.deepEqual(inputs, [{ query: "Berlin" }]);
      assert.equal(turn.text, "It is sunny.");
      assert.ok(JSON.stringify(mock.getLastRequest()?.body).includes("sunny"));
    });

    const failures: readonly (readonly [number, { message: string; type: string; code?: string }, string])[] = [
      [401, { message: "invalid x-api-key", type: "authentication_error" }, "misconfigured"],
      [404, { message: "model: nothing", type: "not_found_error" }, "misconfigured"],
      [
        429,
        { message: "You exceeded your current quota", type: "insufficient_quota", code: "insufficient_quota" },
        "quota",
      ],
      [400, { message: "prompt is too long: 9 tokens > 8 maximum", type: "invalid_request_error" }, "too_long"],
    ];
    for (const [status, error, reason] of failures)
      test(`${kind}: ${status} ${error.message} is ${reason}`, async () => {
        mock.reset();
        mock.nextRequestError(status, error);
        assert.equal((await runTurn(agentOf(), saying("x"))).failure?.reason, reason);
      });

    test(`${kind}: an overload passes, and the answer comes`, async () => {
      mock.reset();
      mock.nextRequestError(503, { message: "overloaded", type: "overloaded_error" });
      mock.onMessage("again", { content: "Here I am." });
      const clock = fakeClock(0);
      const turn = runTurn(agentOf({ clock }), saying("again"));
      await until("it waits", () => clock.timerCount() === 1 && mock.getRequests().length === 1);
      await clock.advance(30_000);
      assert.equal((await turn).text, "Here I am.");
    });
  }

  test("a wrong key of the first is survived by the second", async () => {
    mock.reset();
    mock.nextRequestError(401, { message: "no", type: "authentication_error" });
    mock.onMessage("help", { content: "The second is here." });
    const [first, second] = kinds.map(([, agentOf]) => agentOf());
    assert.ok(first !== undefined && second !== undefined);
    const heard: string[] = [];
    const turn = await runTurn(
      withFallback(first, second, { clock: systemClock, onFallback: ({ reason }) => heard.push(reason) }),
      saying("help"),
    );
    assert.equal(turn.text, "The second is here.");
    assert.deepEqual(heard, ["misconfigured"]);
  });
});
