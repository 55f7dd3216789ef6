import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { AgentEvent } from "../../src/agent/backend.ts";
import { until } from "../support/until.ts";
import { type CommandBench, commandBench } from "./command-bench.ts";
import { eventsOf, textOf } from "./program-turn.ts";
import { turnRequest } from "./turn-request.ts";

let bench: CommandBench;

beforeEach(() => {
  bench = commandBench();
});
afterEach(() => bench[Symbol.dispose]());

describe("a program is told", () => {
  test("the turn, as one line of JSON", async () => {
    const asked: number[] = [];
    const events = await eventsOf(
      bench.agent(["request"], { output: "text" }),
      turnRequest({
        attempt: 2,
        message: {
          text: "What is this?",
          attachments: [{ kind: "image", mimeType: "image/png", sizeBytes: 5, name: "../x.png", path: "a/b.png" }],
        },
        history: (limit) => {
          asked.push(limit);
          return [{ role: "user", text: "before", atMs: 0 }];
        },
      }),
    );
    assert.deepEqual(JSON.parse(textOf(events)), {
      session: { id: "20260101_000000_00000001", key: "agent:main:test:dm:1" },
      attempt: 2,
      model: null,
      context: "You are in a test.",
      message: {
        text: "What is this?",
        attachments: [{ kind: "image", name: "../x.png", mimeType: "image/png", sizeBytes: 5, path: "/media/a/b.png" }],
      },
      earlier: "",
      remembered: "",
      history: [{ role: "user", text: "before", at: "1970-01-01T00:00:00.000Z" }],
    });
    assert.deepEqual(asked, [2]);
    assert.deepEqual(events.at(-1), { kind: "done" });
  });

  test("nothing of our environment but PATH", async () => {
    process.env.PARLEY_TEST_TOKEN = "hush";
    try {
      const events = await eventsOf(bench.script("env", { env: { GIVEN: "this" } }));
      const names = textOf(events)
        .split("\n")
        .map((line) => line.split("=")[0] ?? "")
        .filter((name) => !["PWD", "_", "SHLVL", "OLDPWD"].includes(name));
      assert.deepEqual(names.sort(), ["GIVEN", "PATH"]);
    } finally {
      delete process.env.PARLEY_TEST_TOKEN;
    }
  });

  test("its arguments as they are, by a shell only when asked for", async () => {
    const args = ["$HOME", "a b", "; exit 9"];
    const direct = await eventsOf(bench.agent([], { command: "printf", args: ["[%s]", ...args] }));
    assert.equal(textOf(direct), "[$HOME][a b][; exit 9]");
    const shell = await eventsOf(bench.script('printf "[%s]" "$@" | tr a-z A-Z', { args }));
    assert.equal(textOf(shell), "[$HOME][A B][; EXIT 9]");
  });
});

describe("its output", () => {
  test("text comes as it is written, without the line feed at its end", async () => {
    const gate = join(bench.path, "gate");
    const events: AgentEvent[] = [];
    const slow = bench.script(`printf 'one\\n'; while [ ! -e ${gate} ]; do sleep 0.01; done; printf 'two\\n\\n'`);
    for await (const event of slow.run(turnRequest(), new AbortController().signal)) {
      events.push(event);
      if (events.length === 1) writeFileSync(gate, "");
    }
    assert.deepEqual(events, [{ kind: "text", delta: "one" }, { kind: "text", delta: "\ntwo" }, { kind: "done" }]);
  });

  test("characters that arrive in halves are whole, and invalid UTF-8 is replaced", async () => {
    assert.equal(textOf(await eventsOf(bench.agent(["split"]))), "a🦜b\ufffd");
  });

  test("JSON lines become events, found out by the first; what is no event goes to the log", async () => {
    for (const output of ["auto", "jsonl"] as const) {
      const before = bench.reported.length;
      assert.deepEqual(await eventsOf(bench.agent(["lines"], { output })), [
        { kind: "tool", name: "search", phase: "started", summary: "look[31m up" },
        { kind: "text", delta: "Hello" },
        {
          kind: "usage",
          usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.5 },
        },
        { kind: "text", delta: " you" },
        { kind: "tool", name: "search", phase: "finished" },
        { kind: "done" },
      ]);
      const [first = "", second = "", ...more] = bench.reported.slice(before);
      assert.match(first, /left out: not JSON/);
      assert.match(second, /left out: not an event/);
      assert.deepEqual(more, []);
    }
  });

  test("JSON that is no event stays text", async () => {
    const events = await eventsOf(bench.script(`echo '{"answer": 42}'`));
    assert.deepEqual(events, [{ kind: "text", delta: '{"answer": 42}' }, { kind: "done" }]);
  });

  test("in text mode an event is text like any other", async () => {
    const line = '{"type":"text","delta":"x"}';
    assert.equal(textOf(await eventsOf(bench.script(`echo '${line}'`, { output: "text" }))), line);
  });

  test("a file goes out with the answer, its path relative to the program's folder", async () => {
    writeFileSync(join(bench.path, "plan.png"), "pixels");
    const events = await eventsOf(bench.agent(["file", "plan.png"], { output: "jsonl" }));
    assert.deepEqual(events, [
      { kind: "file", name: "plan.png", mimeType: "image/png", data: new Uint8Array(Buffer.from("pixels")) },
      { kind: "done" },
    ]);
  });

  test("a file that is not there is a failed step, and the log says why", async () => {
    const events = await eventsOf(bench.agent(["file", "nope.txt"], { output: "jsonl" }));
    assert.deepEqual(events, [
      { kind: "tool", name: "file", phase: "failed", summary: "nope.txt could not be attached" },
      { kind: "done" },
    ]);
    assert.match(bench.reported.join("\n"), /nope\.txt is not sent: ENOENT/);
  });

  test("a program that only looks as if it spoke JSON lines sends no files", async () => {
    writeFileSync(join(bench.path, "secret.txt"), "hush");
    assert.deepEqual(await eventsOf(bench.agent(["file", "secret.txt"])), [{ kind: "done" }]);
    assert.match(bench.reported.join("\n"), /output: jsonl/);
  });

  test("a slow reader gets all of it, in order", async () => {
    const events = bench.agent(["bulk"]).run(turnRequest(), new AbortController().signal);
    let text = "";
    for await (const event of events) {
      if (event.kind === "text") text += event.delta;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.equal(text, "0123456789abcdef".repeat(4096 * 16));
  });

  test("a program that does not read its input is answered by all the same", async () => {
    const events = await eventsOf(
      bench.agent(["deaf"]),
      turnRequest({ message: { text: "x".repeat(500_000), attachments: [] } }),
    );
    assert.deepEqual(events, [{ kind: "text", delta: "not listening" }, { kind: "done" }]);
  });

  test("after done it may tidy up", async () => {
    const file = join(bench.path, "tidy");
    assert.deepEqual(await eventsOf(bench.agent(["linger", file])), [{ kind: "done" }]);
    await until("it has tidied up", () => existsSync(file) && readFileSync(file, "utf8") === "tidied up");
    await until("nothing is noted any more", () => bench.children().length === 0);
  });
});
