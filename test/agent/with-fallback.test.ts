import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AgentBackend, AgentEvent, AgentFailure, TurnRequest } from "../../src/agent/backend.ts";
import { withFallback } from "../../src/agent/with-fallback.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { runTurn } from "./model-turn.ts";
import { turnRequest } from "./turn-request.ts";

const failed = (reason: AgentFailure["reason"]): AgentEvent => ({
  kind: "failed",
  failure: { reason, message: "m", detail: "d", retryable: false },
});
const usage = (inputTokens: number): AgentEvent => ({
  kind: "usage",
  usage: { inputTokens, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.5 },
});
const text = (delta: string): AgentEvent => ({ kind: "text", delta });

function saying(...events: readonly AgentEvent[]): AgentBackend & { readonly requests: TurnRequest[] } {
  const requests: TurnRequest[] = [];
  return {
    name: "said",
    requests,
    async *run(request) {
      requests.push(request);
      yield* events;
    },
  };
}

const pairOf = (
  first: AgentBackend,
  second: AgentBackend,
  onFallback: (failure: AgentFailure) => void,
  clock = fakeClock(0),
) => withFallback(first, second, { clock, onFallback });

const reasons: readonly (readonly [AgentFailure["reason"], isHandedOn: boolean])[] = [
  ["unavailable", true],
  ["quota", true],
  ["misconfigured", true],
  ["timeout", true],
  ["too_long", true],
  ["error", true],
  ["refused", false],
  ["stopped", false],
];
for (const [reason, isHandedOn] of reasons)
  test(`${reason} is ${isHandedOn ? "" : "not "}handed on`, async () => {
    const heard: AgentFailure[] = [];
    const second = saying(text("hi"), { kind: "done" });
    const agent = pairOf(saying(failed(reason)), second, (failure) => heard.push(failure));
    const turn = await runTurn(agent, turnRequest({ model: "chosen" }));
    assert.equal(turn.text, isHandedOn ? "hi" : "");
    assert.deepEqual(
      heard.map((failure) => failure.reason),
      isHandedOn ? [reason] : [],
    );
    assert.deepEqual(
      second.requests.map(({ model }) => model),
      isHandedOn ? [null] : [],
    );
  });

test("an agent that said or did something keeps its turn", async () => {
  const begun: readonly AgentEvent[] = [text("a"), { kind: "tool", name: "send", phase: "started" }];
  for (const event of begun) {
    const agent = pairOf(saying(event, failed("unavailable")), saying({ kind: "done" }), () => assert.fail());
    assert.equal((await runTurn(agent)).failure?.reason, "unavailable");
  }
});

test("an agent that works is left alone", async () => {
  const second = saying(failed("error"));
  assert.equal((await runTurn(pairOf(saying(text("a"), { kind: "done" }), second, () => {}))).text, "a");
  assert.equal(second.requests.length, 0);
});

test("what both took is counted together", async () => {
  const agent = pairOf(saying(usage(10), failed("error")), saying(usage(5), { kind: "done" }), () => {});
  const last = (await runTurn(agent)).events.findLast((event) => event.kind === "usage");
  assert.deepEqual(last?.usage, {
    inputTokens: 15,
    outputTokens: 2,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 1,
  });
});

test("nobody takes over a turn that was stopped", async () => {
  const stop = new AbortController();
  stop.abort();
  const second = saying({ kind: "done" });
  const turn = await runTurn(
    pairOf(saying(failed("timeout")), second, () => {}),
    turnRequest(),
    { signal: stop.signal },
  );
  assert.equal(turn.failure?.reason, "timeout");
  assert.equal(second.requests.length, 0);
});

test("it takes steering only when both do, and closes both", async () => {
  const closed: string[] = [];
  const agent = (name: string, takesSteering: boolean): AgentBackend => ({
    ...saying(),
    ...(takesSteering ? { takesSteering: true } : {}),
    close: async () => void closed.push(name),
  });
  assert.equal(pairOf(agent("a", true), agent("b", false), () => {}).takesSteering, undefined);
  const both = pairOf(agent("a", true), agent("b", true), () => {});
  assert.equal(both.takesSteering, true);
  await both.close?.();
  assert.deepEqual(closed.sort(), ["a", "b"]);
});

test("a text is asked of the second where the first fails or can't, and of neither where none can", async () => {
  const completing = (text: string, reason: AgentFailure["reason"] | null): AgentBackend => ({
    ...saying(),
    async complete() {
      const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null };
      const failure = reason === null ? null : { reason, message: "m", detail: "d", retryable: false };
      return { text, usage, failure };
    },
  });
  const rows: readonly (readonly [AgentBackend, AgentBackend, text: string | undefined, tokens: number | undefined])[] =
    [
      [completing("one", null), completing("two", null), "one", 1],
      [completing("", "unavailable"), completing("two", null), "two", 2],
      [completing("", "refused"), completing("two", null), "", 1],
      [saying(), completing("two", null), "two", 1],
      [completing("one", null), saying(), "one", 1],
      [saying(), saying(), undefined, undefined],
    ];
  for (const [first, second, text, tokens] of rows) {
    const agent = pairOf(first, second, () => {});
    const request = { instructions: "i", text: "t", maxOutputTokens: 10 };
    const done = await agent.complete?.(request, new AbortController().signal);
    assert.deepEqual([done?.text, done?.usage?.inputTokens], [text, tokens]);
  }
});

describe("an agent that fails again and again", () => {
  test("is left alone for half a minute, then asked by one turn", async () => {
    const clock = fakeClock(0);
    const heard: string[] = [];
    let isUp = false;
    const hold = Promise.withResolvers<void>();
    let asked = 0;
    const first: AgentBackend = {
      name: "first",
      async *run() {
        asked += 1;
        if (!isUp) return yield failed("unavailable");
        await hold.promise;
        yield text("first");
        yield { kind: "done" };
      },
    };
    const agent = pairOf(first, saying(text("second"), { kind: "done" }), ({ detail }) => heard.push(detail), clock);
    for (let turn = 1; turn <= 4; turn++) assert.equal((await runTurn(agent)).text, "second");
    assert.equal(asked, 2);
    assert.deepEqual(
      heard.map((detail) => detail.startsWith("It is left alone")),
      [false, false, true, true],
    );
    await clock.advance(29_999);
    await runTurn(agent);
    assert.equal(asked, 2);

    await clock.advance(1);
    await runTurn(agent);
    assert.equal(asked, 3, "it is tried, and fails");
    await runTurn(agent);
    assert.equal(asked, 3, "and is left alone again at once");

    isUp = true;
    await clock.advance(30_000);
    const trial = runTurn(agent);
    assert.equal((await runTurn(agent)).text, "second", "the others don't wait for the trial");
    hold.resolve();
    assert.equal((await trial).text, "first");
    assert.equal((await runTurn(agent)).text, "first");
  });

  const harmless: readonly (readonly [what: string, AgentEvent, model: string | null])[] = [
    ["a conversation that is too long", failed("too_long"), null],
    ["a model that somebody chose", failed("misconfigured"), "no-such-model"],
    ["a refusal", failed("refused"), null],
  ];
  for (const [what, event, model] of harmless)
    test(`is asked all the same where ${what} was to blame`, async () => {
      const first = saying(event);
      const agent = pairOf(first, saying({ kind: "done" }), () => {});
      for (let turn = 0; turn < 4; turn++) await runTurn(agent, turnRequest({ model }));
      assert.equal(first.requests.length, 4);
    });

  test("is forgiven what it failed before it worked", async () => {
    const replies = [failed("timeout"), text("ok"), failed("timeout"), failed("timeout"), failed("timeout")];
    let asked = 0;
    const first: AgentBackend = {
      name: "first",
      async *run() {
        const reply = replies[asked++];
        if (reply !== undefined) yield reply;
        if (reply?.kind === "text") yield { kind: "done" };
      },
    };
    const agent = pairOf(first, saying({ kind: "done" }), () => {});
    for (let turn = 0; turn < 6; turn++) await runTurn(agent);
    assert.equal(asked, 4);
  });
});
