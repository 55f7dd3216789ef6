import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { AgentBackend, AgentEvent, ApprovalQuestion } from "../../src/agent/backend.ts";
import { processStart } from "../../src/agent/child-identity.ts";
import { type Clock, systemClock } from "../../src/clock/clock.ts";
import { until } from "../support/until.ts";
import { type AcpBench, acpBench, says } from "./acp-bench.ts";
import { eventsOf, failureOf, textOf } from "./program-turn.ts";

let bench: AcpBench;

beforeEach(() => {
  bench = acpBench();
});
afterEach(() => bench[Symbol.asyncDispose]());

describe("a permission", () => {
  for (const [isAllowed, said] of [
    [true, "you said yes"],
    [false, "you said no"],
  ] as const) {
    test(`is asked for in the chat, and ${said}`, async () => {
      const asked: ApprovalQuestion[] = [];
      const askApproval = async (question: ApprovalQuestion) => {
        asked.push(question);
        return isAllowed;
      };
      assert.match(textOf(await eventsOf(bench.agent(), says("permission", { askApproval }))), new RegExp(`${said}$`));
      assert.deepEqual(asked, [{ title: "Remove old files", detail: "rm -r old" }]);
    });
  }

  test("that waits when the turn is stopped is cancelled", async () => {
    const stopping = new AbortController();
    const askApproval = () => {
      setTimeout(() => stopping.abort(), 20);
      return new Promise<boolean>(() => {});
    };
    const events = await eventsOf(bench.agent(), says("permission", { askApproval }), stopping.signal);
    assert.equal(failureOf(events).reason, "stopped");
    await until("the agent hears of it", () => bench.notes("outcome").length === 1);
    assert.deepEqual(bench.notes("outcome"), [{ outcome: "cancelled" }]);
  });
});

/** Runs a turn that is stopped as soon as it says something; gives its events and how long it took from there. */
async function stopped(one: AgentBackend, text: string) {
  const stopping = new AbortController();
  const events: AgentEvent[] = [];
  let fromMs = 0;
  for await (const event of one.run(says(text), stopping.signal)) {
    events.push(event);
    if (event.kind === "text" && fromMs === 0) {
      fromMs = performance.now();
      stopping.abort();
    }
  }
  return { events, tookMs: performance.now() - fromMs };
}

describe("told to stop", () => {
  test("the agent is told, what it still says is kept, and the session goes on", async () => {
    const one = bench.agent();
    const { events, tookMs } = await stopped(one, "hang");
    assert.equal(textOf(events), "thinking …");
    assert.equal(failureOf(events).reason, "stopped");
    assert.ok(tookMs < 1000, `took ${tookMs} ms`);
    assert.deepEqual(bench.notes("cancel"), ["s1"]);
    assert.equal(textOf(await eventsOf(one, says("hi"))), "s1: 2");
  });

  test("an agent that does not let go is left within a second, later ended, and the conversation goes on", async () => {
    const clock: Clock = {
      ...systemClock,
      setTimer: (delayMs, fire) => systemClock.setTimer(delayMs === 5_000 ? 50 : delayMs, fire),
    };
    const one = bench.agent([], { clock });
    const { events, tookMs } = await stopped(one, "stubborn");
    assert.equal(failureOf(events).reason, "stopped");
    assert.ok(tookMs < 1000, `took ${tookMs} ms`);
    await until("it is ended", () => bench.reported.some((line) => line.includes("did not stop")));
    assert.equal(textOf(await eventsOf(one, says("hi"))), "s2: 1");
    assert.equal(bench.notes("started").length, 2);
  });

  test("before it began, nothing is started", async () => {
    const events = await eventsOf(bench.agent(), says("hi"), AbortSignal.abort());
    assert.equal(failureOf(events).reason, "stopped");
    assert.equal(existsSync(join(bench.path, "children")), false);
  });

  test("while it starts, it ends at once", async () => {
    const stopping = new AbortController();
    const events = eventsOf(bench.agent(), says("hi"), stopping.signal);
    stopping.abort();
    assert.equal(failureOf(await events).reason, "stopped");
  });
});

describe("its process", () => {
  test("that dies in the midst of a turn fails it, and is started again", async () => {
    const one = bench.agent(["load"]);
    const events = await eventsOf(one, says("crash"));
    assert.equal(textOf(events), "so far");
    const { reason, detail, retryable } = failureOf(events);
    assert.deepEqual({ reason, retryable }, { reason: "error", retryable: true });
    assert.equal(detail, "the agent's process ended: exit code 7: out of luck");
    assert.equal(textOf(await eventsOf(one, says("hi"))), "s1: 2");
    assert.equal(bench.notes("started").length, 2);
  });

  test("that dies between turns is started again without a word to people", async () => {
    const one = bench.agent(["resume"]);
    await eventsOf(one, says("hi"));
    process.kill(bench.notes("started")[0], "SIGKILL");
    await until("its end is noticed", () => bench.reported.some((line) => line.includes("ended by SIGKILL")));
    assert.equal(textOf(await eventsOf(one, says("hi"))), "s1: 2");
  });

  test("is started again after ever longer waits, until a turn works", async () => {
    const waitsMs: number[] = [];
    const clock: Clock = {
      ...systemClock,
      setTimer(delayMs, fire) {
        const isWait = [500, 1000, 2000].includes(delayMs);
        if (isWait) waitsMs.push(delayMs);
        return systemClock.setTimer(isWait ? 0 : delayMs, fire);
      },
    };
    const one = bench.agent([], { clock });
    for (const text of ["crash", "crash", "hi", "crash", "hi"]) await eventsOf(one, says(text));
    assert.deepEqual(waitsMs, [500, 1000, 500]);
  });

  test("ends with everything it started", async () => {
    const one = bench.agent();
    const pids = textOf(await eventsOf(one, says("sleeper")))
      .split(" ")
      .map(Number);
    assert.ok(pids.every((pid) => processStart(pid) !== null));
    await one.close?.();
    await until("both are gone", () => pids.every((pid) => processStart(pid) === null));
    assert.equal(failureOf(await eventsOf(one, says("hi"))).reason, "unavailable");
  });

  const unfit: readonly (readonly [what: string, abilities: readonly string[], changes: object, detail: RegExp])[] = [
    ["is not there", [], { command: "no-such-agent" }, /"no-such-agent", which was not found/],
    ["ends at once", ["mute"], {}, /ended before it spoke \(exit code 3/],
    ["speaks something else", [], { command: "/bin/echo", args: ["hello"] }, /ended before it spoke/],
    ["wants to be logged in", ["login"], {}, /logged in \(Log in with a key\)/],
    ["is of another time", ["old"], {}, /protocol version 1, got 0/],
  ];
  for (const [what, abilities, changes, detail] of unfit) {
    test(`that ${what} is the operator's to mend`, async () => {
      const failure = failureOf(await eventsOf(bench.agent(abilities, changes), says("hi")));
      assert.equal(failure.reason, "misconfigured");
      assert.match(failure.detail, detail);
    });
  }
});
