import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AgentEvent } from "../../src/agent/backend.ts";
import type { ModelReply } from "../fake/model/model-reply.ts";
import { startModelServer } from "../fake/model/model-server.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { until } from "../support/until.ts";
import { bodyOf, hello, modelKinds } from "./model-kinds.ts";
import { agentTool, runTurn } from "./model-turn.ts";
import { turnRequest } from "./turn-request.ts";

for (const { kind, agentAt, errorBody, overloaded } of modelKinds) {
  describe(`${kind} in trouble`, () => {
    test("an overloaded provider is asked again, after the time it asks for", async () => {
      const clock = fakeClock(1_700_000_000_000);
      const busy = (headers: Record<string, string>, status: number): ModelReply => ({
        kind: "error",
        status,
        body: errorBody("busy", "overloaded_error"),
        headers,
      });
      await using server = await startModelServer(busy({ "retry-after": "7" }, 429), busy({}, overloaded), hello);
      const turn = runTurn(agentAt(server.url, {}, clock));
      await until("it waits", () => clock.timerCount() === 1 && server.requests.length === 1);
      await clock.advance(6_999);
      assert.equal(server.requests.length, 1);
      await clock.advance(1);
      await until("it waits again", () => clock.timerCount() === 1 && server.requests.length === 2);
      await clock.advance(2_000);
      assert.equal((await turn).text, "Hello there.");
      assert.equal(server.requests.length, 3);
    });

    test("a provider that stays overloaded fails after three more tries", async () => {
      const clock = fakeClock(0);
      await using server = await startModelServer({ kind: "error", status: 500, body: "<html>oops</html>" });
      const turn = runTurn(agentAt(server.url, {}, clock));
      for (const tries of [1, 2, 3]) {
        await until("it waits", () => clock.timerCount() === 1 && server.requests.length === tries);
        await clock.advance(2 ** (tries - 1) * 1_000);
      }
      const { failure } = await turn;
      assert.equal(failure?.reason, "unavailable");
      assert.equal(failure?.retryable, true);
      assert.match(failure?.detail ?? "", /HTTP 500 .*oops/);
      assert.equal(server.requests.length, 4);
    });

    test("with a fallback an overloaded provider is asked once, and what makes no sense once more", async () => {
      const busy: ModelReply = { kind: "error", status: overloaded, body: errorBody("busy", "overloaded_error") };
      await using server = await startModelServer(busy);
      const { failure } = await runTurn(agentAt(server.url, { hasFallback: true }, fakeClock(0)));
      assert.equal(failure?.reason, "unavailable");
      assert.match(failure?.detail ?? "", /agents\.main\.fallback is asked instead/);
      assert.equal(server.requests.length, 1);

      const clock = fakeClock(0);
      await using broken = await startModelServer({ kind: "cut", deltas: [] }, hello);
      const turn = runTurn(agentAt(broken.url, { hasFallback: true }, clock));
      await until("it waits", () => clock.timerCount() === 1 && broken.requests.length === 1);
      await clock.advance(250);
      assert.equal((await turn).text, "Hello there.");
    });

    test("nobody waits longer than half a minute for a busy provider", async () => {
      const headers = { "retry-after": "3600" };
      await using server = await startModelServer({
        kind: "error",
        status: 429,
        body: errorBody("slow", "x"),
        headers,
      });
      const { failure } = await runTurn(agentAt(server.url));
      assert.equal(failure?.reason, "unavailable");
      assert.equal(server.requests.length, 1);
    });

    test("a stream that is overloaded from the start is asked again; one that broke off is not", async () => {
      const clock = fakeClock(0);
      const error = { type: "overloaded_error", message: "Overloaded" };
      await using server = await startModelServer({ kind: "stream_error", deltas: [], error }, hello);
      const turn = runTurn(agentAt(server.url, {}, clock));
      await until("it waits", () => clock.timerCount() === 1 && server.requests.length === 1);
      await clock.advance(1_000);
      assert.equal((await turn).text, "Hello there.");

      await using late = await startModelServer({ kind: "stream_error", deltas: ["Once "], error });
      const broken = await runTurn(agentAt(late.url));
      assert.equal(broken.text, "Once ");
      assert.equal(broken.failure?.reason, "error");
      assert.equal(broken.failure?.retryable, true);
      assert.equal(late.requests.length, 1);
    });

    test("a stream cut in the middle keeps its text and fails", async () => {
      await using server = await startModelServer({ kind: "cut", deltas: ["Once upon ", "a time"] });
      const { text, failure } = await runTurn(agentAt(server.url));
      assert.equal(text, "Once upon a time");
      assert.equal(failure?.reason, "error");
      assert.equal(failure?.retryable, true);
      assert.match(failure?.message ?? "", /broke off/);
      assert.equal(server.requests.length, 1);
    });

    test("a stream that never starts ends with the time it has, headers or not", async () => {
      for (const withHeaders of [false, true]) {
        const clock = fakeClock(0);
        await using server = await startModelServer({ kind: "silence", withHeaders });
        const turn = runTurn(agentAt(server.url, { firstByteTimeoutMs: 5_000 }, clock));
        await until("it was asked", () => server.requests.length === 1);
        await clock.advance(5_000);
        const { failure } = await turn;
        assert.equal(failure?.reason, "timeout");
        assert.match(failure?.detail ?? "", /agents\.main\.firstByteTimeoutSeconds/);
        assert.equal(clock.timerCount(), 0);
        await until("it hung up", () => server.requests[0]?.isAborted === true);
      }
    });

    test("a stream that began may take its time", async () => {
      const clock = fakeClock(0);
      const hold = Promise.withResolvers<void>();
      await using server = await startModelServer({ kind: "answer", deltas: ["slow"], hold: hold.promise });
      let deltas = 0;
      const turn = runTurn(agentAt(server.url, { firstByteTimeoutMs: 5_000 }, clock), turnRequest(), {
        onEvent: () => deltas++,
      });
      await until("it began", () => deltas === 1);
      await clock.advance(600_000);
      hold.resolve();
      assert.equal((await turn).failure, null);
    });

    test("stop ends it at once, before the first byte, in the middle, while it waits, and in a tool", async () => {
      const clock = fakeClock(0);
      const never = new Promise<void>(() => {});
      const replies: readonly ModelReply[] = [
        { kind: "silence", withHeaders: false },
        { kind: "answer", deltas: ["some"], hold: never },
        { kind: "error", status: 503, body: errorBody("busy", "x") },
        { kind: "answer", deltas: [], calls: [{ id: "x", name: "search", input: "{}" }] },
      ];
      for (const reply of replies) {
        await using server = await startModelServer(reply);
        const stop = new AbortController();
        const seen: AgentEvent[] = [];
        const search = agentTool("search", () => new Promise(() => {}));
        const turn = runTurn(agentAt(server.url, {}, clock), turnRequest({ tools: [search] }), {
          signal: stop.signal,
          onEvent: (event) => seen.push(event),
        });
        await until("it is under way", () => server.requests.length === 1);
        if (reply.kind === "answer") await until("it said something", () => seen.some(({ kind: k }) => k !== "usage"));
        if (reply.kind === "error") await until("it waits", () => clock.timerCount() === 1);
        stop.abort();
        const { failure } = await turn;
        assert.equal(failure?.reason, "stopped");
        assert.equal(clock.timerCount(), 0);
      }
    });

    test("whoever stops listening hangs up on the provider", async () => {
      await using server = await startModelServer({ kind: "answer", deltas: ["a"], hold: new Promise(() => {}) });
      for await (const event of agentAt(server.url).run(turnRequest(), new AbortController().signal)) {
        assert.equal(event.kind, "text");
        break;
      }
      await until("it hung up", () => server.requests[0]?.isAborted === true);
    });

    test("a conversation that is too long is tried once with half of its history", async () => {
      const long: ModelReply =
        kind === "openai"
          ? { kind: "error", status: 400, body: errorBody("too big", "context_length_exceeded") }
          : {
              kind: "error",
              status: 400,
              body: errorBody("prompt is too long: 210000 tokens > 200000 maximum", "invalid_request_error"),
            };
      const lines = ["one", "two", "three", "four"].map((word, index) => ({
        role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
        text: `word-${word}`,
        atMs: 1 + index,
      }));
      await using server = await startModelServer(long, hello);
      const turn = await runTurn(agentAt(server.url), turnRequest({ history: () => lines }));
      assert.equal(turn.text, "Hello there.");
      assert.ok(bodyOf(server, 0).includes("word-one"));
      assert.ok(!bodyOf(server, 1).includes("word-one") && !bodyOf(server, 1).includes("word-two"));
      assert.ok(bodyOf(server, 1).includes("word-three") && bodyOf(server, 1).includes("word-four"));

      await using stays = await startModelServer(long);
      const { failure } = await runTurn(agentAt(stays.url), turnRequest({ history: () => lines }));
      assert.equal(failure?.reason, "too_long");
      assert.match(failure?.message ?? "", /\/new/);
      assert.equal(stays.requests.length, 2);
    });

    test("a model that can't call tools answers without them", async () => {
      const body = errorBody("this model does not support tools", "invalid_request_error");
      await using server = await startModelServer({ kind: "error", status: 400, body }, hello);
      const search = agentTool("search", async () => "x");
      const turn = await runTurn(agentAt(server.url), turnRequest({ tools: [search] }));
      assert.equal(turn.text, "Hello there.");
      assert.ok(bodyOf(server, 0).includes('"tools"') && !bodyOf(server, 1).includes('"tools"'));
    });

    test("an address where nobody listens is said to be out of reach", async () => {
      const clock = fakeClock(0);
      const server = await startModelServer(hello);
      await server[Symbol.asyncDispose]();
      const done = await drain(clock, runTurn(agentAt(server.url, { firstByteTimeoutMs: 3_600_000 }, clock)));
      assert.equal(done.failure?.reason, "unavailable");
      assert.match(done.failure?.detail ?? "", /ECONNREFUSED.*agents\.main\.baseUrl/);
    });
  });
}

/** Moves the clock on until the turn is over: a refused connection takes real time, which the fake clock does not see. */
async function drain<T>(clock: { advance(byMs: number): Promise<void> }, turn: Promise<T>): Promise<T> {
  let isOver = false;
  void turn.finally(() => {
    isOver = true;
  });
  await until("the turn is over", async () => {
    await clock.advance(1_000);
    return isOver;
  });
  return turn;
}
