import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { AgentEvent } from "../../src/agent/backend.ts";
import { processStart } from "../../src/agent/child-identity.ts";
import type { CommandAgentOptions } from "../../src/agent/command-agent.ts";
import { until } from "../support/until.ts";
import { type CommandBench, commandBench, sleeperOf } from "./command-bench.ts";
import { eventsOf, failureOf, textOf } from "./program-turn.ts";
import { turnRequest } from "./turn-request.ts";

const isRunning = (pid: number) => processStart(pid) !== null;

let bench: CommandBench;

beforeEach(() => {
  bench = commandBench();
});
afterEach(() => bench[Symbol.dispose]());

describe("when it goes wrong", () => {
  test("an exit code is a failure that keeps the text so far; standard error is in the log, made visible", async () => {
    const events = await eventsOf(bench.agent(["crash"]));
    assert.equal(textOf(events), "so far");
    const { reason, detail, retryable } = failureOf(events);
    assert.deepEqual({ reason, retryable }, { reason: "error", retryable: false });
    assert.equal(detail, "exit code 3: first | last \\u001b[31mwords");
    assert.deepEqual(bench.reported, ["first", "last \\u001b[31mwords"]);
  });

  test("the exit code for a passing trouble may be tried again", async () => {
    const { reason, retryable } = failureOf(await eventsOf(bench.agent(["crash", "75"])));
    assert.deepEqual({ reason, retryable }, { reason: "unavailable", retryable: true });
  });

  test("a signal is named", async () => {
    const { reason, detail, retryable } = failureOf(await eventsOf(bench.agent(["suicide"])));
    assert.deepEqual({ reason, detail, retryable }, { reason: "error", detail: "ended by SIGKILL", retryable: true });
  });

  test("what the program says of its failure is told", async () => {
    const { reason, message } = failureOf(await eventsOf(bench.agent(["refuse"])));
    assert.deepEqual({ reason, message }, { reason: "refused", message: "Not this one." });
  });

  const unfit: readonly (readonly [what: string, changes: Partial<CommandAgentOptions>, detail: RegExp])[] = [
    [
      "a program that is not there",
      { command: "no-such-program-anywhere" },
      /"no-such-program-anywhere", which was not/,
    ],
    ["a file that may not be run", { command: "/etc/passwd" }, /chmod \+x/],
    ["a folder that is not there", { cwd: "/no/such/folder" }, /cwd: expected a folder, got \/no\/such\/folder/],
    ["a name no system takes", { command: "a\0b" }, /could not be started/],
  ];
  for (const [what, changes, detail] of unfit) {
    test(`${what} is the operator's to mend`, async () => {
      const events = await eventsOf(bench.agent([], changes));
      assert.equal(events.length, 1);
      const failure = failureOf(events);
      assert.equal(failure.reason, "misconfigured");
      assert.match(failure.detail, detail);
      assert.ok(!failure.message.includes("/"));
    });
  }

  test("a flood is ended, and what came of it is bounded", async () => {
    const events = await eventsOf(bench.agent(["flood"]));
    assert.match(failureOf(events).detail, /2097152 characters of text/);
    assert.ok(textOf(events).length <= 2 * 1024 * 1024);
    await until("it has been ended", () => bench.children().length === 0);
  });

  test("a flood of errors reaches the log in part, and does not hold the program up", async () => {
    assert.deepEqual(await eventsOf(bench.agent(["floodErrors"])), [{ kind: "text", delta: "fine" }, { kind: "done" }]);
    assert.equal(bench.reported.length, 201);
    assert.match(bench.reported.at(-1) ?? "", /left out/);
  });
});

describe("nothing outlives its turn", () => {
  test("told to stop, it ends within a second with everything it started, although it ignores SIGTERM", async () => {
    const pidFile = join(bench.path, "sleeper");
    const stopping = new AbortController();
    const events: AgentEvent[] = [];
    let stoppedMs = 0;
    for await (const event of bench.agent(["hang", pidFile]).run(turnRequest(), stopping.signal)) {
      events.push(event);
      if (event.kind !== "text") break;
      assert.ok(isRunning(await sleeperOf(pidFile)));
      stoppedMs = performance.now();
      stopping.abort();
    }
    assert.equal(textOf(events), "thinking");
    assert.equal(failureOf(events).reason, "stopped");
    assert.ok(performance.now() - stoppedMs < 1000, `took ${performance.now() - stoppedMs} ms`);
    const sleeper = await sleeperOf(pidFile);
    await until("the sleeper is gone", () => !isRunning(sleeper));
    await until("nothing is noted any more", () => bench.children().length === 0);
  });

  test("told to stop before it began, it never starts", async () => {
    const pidFile = join(bench.path, "sleeper");
    const events = await eventsOf(bench.agent(["hang", pidFile]), turnRequest(), AbortSignal.abort());
    assert.equal(events.length, 1);
    assert.equal(failureOf(events).reason, "stopped");
    assert.equal(existsSync(pidFile), false);
  });

  test("what it left in the background ends with it", async () => {
    const pidFile = join(bench.path, "sleeper");
    const events = await eventsOf(bench.agent(["orphaning", pidFile]));
    assert.deepEqual(events, [{ kind: "text", delta: "done here" }, { kind: "done" }]);
    const sleeper = await sleeperOf(pidFile);
    await until("the sleeper is gone", () => !isRunning(sleeper));
  });

  test("one that left the group and holds the pipe does not hold the turn", async () => {
    const pidFile = join(bench.path, "sleeper");
    try {
      assert.deepEqual(await eventsOf(bench.agent(["escaping", pidFile])), [
        { kind: "text", delta: "gone" },
        { kind: "done" },
      ]);
    } finally {
      process.kill(await sleeperOf(pidFile), "SIGKILL");
    }
  });

  test("a reader that goes away ends it, and so does close", async () => {
    for (const isClosed of [false, true]) {
      const pidFile = join(bench.path, `sleeper-${isClosed}`);
      const backend = bench.agent(["hang", pidFile]);
      const events = backend.run(turnRequest(), new AbortController().signal)[Symbol.asyncIterator]();
      assert.deepEqual((await events.next()).value, { kind: "text", delta: "thinking" });
      const sleeper = await sleeperOf(pidFile);
      if (isClosed) {
        await backend.close?.();
        assert.equal(isRunning(sleeper), false);
      }
      await events.return?.();
      await until("the sleeper is gone", () => !isRunning(sleeper));
    }
  });
});
