import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AgentEvent } from "../../src/agent/backend.ts";
import { startModelServer } from "../fake/model/model-server.ts";
import { until } from "../support/until.ts";
import { bodyOf, hello, modelKinds } from "./model-kinds.ts";
import { agentTool, KEY, runTurn } from "./model-turn.ts";
import { turnRequest } from "./turn-request.ts";

for (const { kind, agentAt } of modelKinds) {
  describe(kind, () => {
    test("deltas come as they are, and then the end", async () => {
      await using server = await startModelServer(hello);
      const { events } = await runTurn(agentAt(server.url));
      assert.deepEqual(
        events.filter((event) => event.kind !== "usage"),
        [
          { kind: "text", delta: "Hel" },
          { kind: "text", delta: "lo " },
          { kind: "text", delta: "there." },
          { kind: "done" },
        ],
      );
    });

    test("the first delta is there while the model still writes", async () => {
      const hold = Promise.withResolvers<void>();
      await using server = await startModelServer({ ...hello, hold: hold.promise });
      const seen: AgentEvent[] = [];
      const turn = runTurn(agentAt(server.url), turnRequest(), { onEvent: (event) => seen.push(event) });
      await until("three deltas came", () => seen.length === 3);
      hold.resolve();
      assert.equal((await turn).text, "Hello there.");
    });

    test("the system prompt, the history and the message go out, with the chosen model and the settings", async () => {
      await using server = await startModelServer(hello);
      const agent = agentAt(server.url, { instructions: "Be kind.", temperature: 0.5, maxOutputTokens: 77 });
      await runTurn(
        agent,
        turnRequest({
          model: "chosen",
          history: () => [
            { role: "user", text: "earlier question", atMs: 1 },
            { role: "assistant", text: "earlier answer", atMs: 2 },
          ],
        }),
      );
      const body = bodyOf(server, 0);
      const order = ["Be kind.", "You are in a test.", "earlier question", "earlier answer", "Hello"];
      const places = order.map((words) => body.replace(/"messages"/, "").indexOf(words));
      assert.ok(!places.includes(-1), body);
      for (const part of ['"model":"chosen"', '"temperature":0.5', '"max_tokens":77'])
        assert.ok(body.includes(part), body);
      const key =
        kind === "openai" ? server.requests[0]?.headers.authorization : server.requests[0]?.headers["x-api-key"];
      assert.ok(key?.endsWith(KEY));
    });

    test("tokens and cost are told, cached tokens apart", async () => {
      const tokens =
        kind === "openai"
          ? { input: 1_500, output: 200, cached: 500 }
          : { input: 1_000, output: 200, cached: 500, written: 100 };
      await using server = await startModelServer({ ...hello, tokens });
      const prices = { inputPerMillion: 2, outputPerMillion: 10, cachedInputPerMillion: 0.5, cacheWritePerMillion: 3 };
      const usage = async (model: string | null) =>
        (await runTurn(agentAt(server.url, { prices }), turnRequest({ model }))).events.find((e) => e.kind === "usage");
      const written = kind === "openai" ? 0 : 100;
      const expected = {
        inputTokens: 1_000,
        outputTokens: 200,
        cacheReadTokens: 500,
        cacheWriteTokens: written,
        costUsd: 0.002 + 0.002 + 0.00025 + written * 3e-6,
      };
      assert.deepEqual(await usage(null), { kind: "usage", usage: expected });
      assert.deepEqual(await usage("other"), { kind: "usage", usage: { ...expected, costUsd: null } });
    });

    test("a tool is called, told about, and its result shown to the model", async () => {
      await using server = await startModelServer(
        {
          kind: "answer",
          deltas: ["Let me look."],
          reasoning: "I should search.",
          calls: [{ id: "call_1", name: "search", input: '{"query":"rockets"}' }],
          tokens: { input: 10, output: 5 },
        },
        { ...hello, tokens: { input: 20, output: 7 } },
      );
      const inputs: unknown[] = [];
      const search = agentTool("search", async (input) => {
        inputs.push(input);
        return "found: Saturn V";
      });
      const { events, text } = await runTurn(agentAt(server.url), turnRequest({ tools: [search] }));
      assert.deepEqual(inputs, [{ query: "rockets" }]);
      assert.equal(text, "Let me look.\n\nHello there.");
      assert.deepEqual(
        events.filter((event) => event.kind === "tool"),
        [
          { kind: "tool", name: "search", phase: "started", summary: "rockets" },
          { kind: "tool", name: "search", phase: "finished" },
        ],
      );
      const usage = events.findLast((event) => event.kind === "usage");
      assert.equal(usage?.usage.inputTokens, 30);
      assert.equal(usage?.usage.outputTokens, 12);
      const second = bodyOf(server, 1);
      for (const part of ["Let me look.", "I should search.", "call_1", "rockets", "found: Saturn V"])
        assert.ok(second.includes(part), `${part} in ${second}`);
      if (kind === "anthropic") assert.ok(second.includes('"signature":"signed"'), second);
    });

    test("a tool that is not there, or is called with what is no JSON, is a failed tool, and the model hears of it", async () => {
      await using server = await startModelServer(
        {
          kind: "answer",
          deltas: [],
          calls: [
            { id: "a", name: "unknown", input: "{}" },
            { id: "b", name: "search", input: '{"query": "half' },
          ],
        },
        hello,
      );
      const search = agentTool("search", () => assert.fail("it must not run"));
      const { events, text } = await runTurn(agentAt(server.url), turnRequest({ tools: [search] }));
      const phases = events.flatMap((event) => (event.kind === "tool" ? [`${event.name} ${event.phase}`] : []));
      assert.deepEqual(phases, ["unknown failed", "search failed"]);
      assert.equal(text, "Hello there.");
      assert.equal(bodyOf(server, 1).split("This was not done").length, 3);
    });

    test("a model that wants tools without end is stopped, and told before its last step", async () => {
      await using server = await startModelServer({
        kind: "answer",
        deltas: [],
        calls: [{ id: "x", name: "search", input: "{}" }],
      });
      let runs = 0;
      const search = agentTool("search", async () => `result ${++runs}`);
      const { failure } = await runTurn(agentAt(server.url, { maxSteps: 3 }), turnRequest({ tools: [search] }));
      assert.equal(failure?.reason, "error");
      assert.match(failure?.detail ?? "", /agents\.main\.maxSteps/);
      assert.equal(runs, 2);
      assert.equal(server.requests.length, 3);
      assert.ok(bodyOf(server, 2).includes("answer now"));
      assert.ok(!bodyOf(server, 1).includes("answer now"));
    });

    test("what was said meanwhile is shown to the model after its tools", async () => {
      await using server = await startModelServer(
        { kind: "answer", deltas: [], calls: [{ id: "x", name: "search", input: "{}" }] },
        hello,
      );
      const said = [["no, the red one"]];
      const search = agentTool("search", async () => "two");
      await runTurn(agentAt(server.url), turnRequest({ tools: [search], takeSteering: () => said.shift() ?? [] }));
      assert.ok(!bodyOf(server, 0).includes("the red one"));
      assert.ok(bodyOf(server, 1).includes("the red one"));
    });

    test("a model that answers nothing is said to have answered nothing; after tools silence is an answer", async () => {
      await using server = await startModelServer({ kind: "answer", deltas: [] });
      const { failure } = await runTurn(agentAt(server.url));
      assert.equal(failure?.reason, "error");
      assert.match(failure?.message ?? "", /answered nothing/);
      server.reply(
        { kind: "answer", deltas: [], calls: [{ id: "x", name: "send", input: "{}" }] },
        { kind: "answer", deltas: [] },
      );
      await runTurn(agentAt(server.url));
      const send = agentTool("send", async () => "sent");
      assert.equal((await runTurn(agentAt(server.url), turnRequest({ tools: [send] }))).failure, null);
    });

    test("a refusal is a refusal, and an answer that used up its tokens says so", async () => {
      const finish = kind === "openai" ? "content_filter" : "refusal";
      await using server = await startModelServer({ kind: "answer", deltas: [], finish });
      assert.equal((await runTurn(agentAt(server.url))).failure?.reason, "refused");
      const length = kind === "openai" ? "length" : "max_tokens";
      await using cut = await startModelServer({ kind: "answer", deltas: [], finish: length });
      assert.match((await runTurn(agentAt(cut.url))).failure?.detail ?? "", /maxOutputTokens/);
    });

    test("an answer of 1 MB comes whole", async () => {
      const deltas = Array.from({ length: 256 }, (_, index) => `${index} `.padEnd(4_096, "x"));
      await using server = await startModelServer({ kind: "answer", deltas });
      const { text } = await runTurn(agentAt(server.url));
      assert.equal(text.length, 1_048_576);
      assert.equal(text, deltas.join(""));
    });
  });
}
