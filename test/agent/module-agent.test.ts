import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { AgentEvent } from "../../src/agent/backend.ts";
import { ModuleAgentError, type ModuleAgentOptions, moduleAgent } from "../../src/agent/module-agent.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { eventsOf, failureOf, textOf } from "./program-turn.ts";
import { turnRequest } from "./turn-request.ts";

let folder: ReturnType<typeof tempDir>;
let reported: string[];
let files = 0;

beforeEach(() => {
  folder = tempDir();
  reported = [];
});
afterEach(() => folder[Symbol.dispose]());

/** Writes a module under a name of its own: Node remembers what it has loaded. */
function written(code: string, ending = "ts"): string {
  files += 1;
  const path = join(folder.path, `agent-${files}.${ending}`);
  writeFileSync(path, code);
  return path;
}

const load = (path: string, changes: Partial<ModuleAgentOptions> = {}) =>
  moduleAgent({
    name: "own",
    path,
    options: { greeting: "Hello" },
    reload: false,
    clock: systemClock,
    report: (line) => reported.push(line),
    ...changes,
  });

const said = (delta: string): readonly AgentEvent[] => [{ kind: "text", delta }, { kind: "done" }];

describe("a module may export", () => {
  const forms: readonly (readonly [what: string, code: string, ending?: string])[] = [
    ["an async function* that yields strings", 'export default async function* (request) { yield "Hello"; }'],
    [
      "one in TypeScript",
      'export default async function* (request: object): AsyncGenerator<string> { yield "Hello"; }',
    ],
    ["one named agent", 'export async function* agent() { yield "Hello"; }'],
    [
      "one that uses its options",
      "export default async function* (request, signal, options) { yield options.greeting; }",
    ],
    [
      "one that yields events",
      'export default async function* () { yield { kind: "text", delta: "Hello" }; yield { kind: "done" }; yield "late"; }',
    ],
    ["a backend", 'export default { name: "x", async *run() { yield { kind: "text", delta: "Hello" }; } };'],
    ["a factory", "export default (options) => ({ async *run() { yield options.greeting; } });"],
    ["an async factory", "export const agent = async (options) => async function* () { yield options.greeting; };"],
    ["CommonJS", 'module.exports = async function* () { yield "Hello"; };', "cjs"],
    ["CommonJS with a name", 'exports.agent = async function* () { yield "Hello"; };', "cjs"],
  ];
  for (const [what, code, ending] of forms) {
    test(what, async () => {
      const agent = await load(written(code, ending));
      assert.equal(agent.name, "own");
      assert.deepEqual(await eventsOf(agent), said("Hello"));
    });
  }

  test("an agent that is closed and takes steering", async () => {
    const agent = await load(
      written(
        "export default { takesSteering: true, async *run(request) { yield request.takeSteering().join(); }, close() { globalThis.parleyTestClosed = true; } };",
      ),
    );
    assert.equal(agent.takesSteering, true);
    assert.equal(textOf(await eventsOf(agent, turnRequest({ takeSteering: () => ["left", "right"] }))), "left,right");
    await agent.close?.();
    assert.equal(Reflect.get(globalThis, "parleyTestClosed"), true);
    Reflect.deleteProperty(globalThis, "parleyTestClosed");
  });
});

describe("a module that can't be loaded is told with its path", () => {
  const wrong: readonly (readonly [what: string, code: string, message: RegExp])[] = [
    ["nothing in it", "export {};", /got no exports/],
    ["other exports", "export const a = 1, b = 2;", /got only a, b/],
    ["a number", "export default 42;", /got a value of type number/],
    ["a factory of nothing", "export default () => {};", /a function that returned a value of type undefined/],
    ["a factory that throws", 'export default () => { throw new Error("no luck"); };', /no luck/],
    ["code that throws", 'throw new Error("bad day");', /bad day/],
    ["a mistake", "export default async function* ( {", /SyntaxError/],
    ["a missing import", 'import "./nowhere.ts";', /nowhere\.ts/],
    ["syntax that is more than types", "enum A { B }\nexport default A;", /SyntaxError.*enum/],
  ];
  for (const [what, code, message] of wrong) {
    test(what, async () => {
      const path = written(code);
      await assert.rejects(load(path), (error: unknown) => {
        assert.ok(error instanceof ModuleAgentError);
        assert.ok(error.message.startsWith(`${path}: could not be loaded as an agent: `), error.message);
        assert.match(error.message, message);
        assert.ok(error.cause instanceof Error);
        return true;
      });
    });
  }

  test("no file", async () => {
    await assert.rejects(load(join(folder.path, "none.ts")), /none\.ts: .*expected a file, got nothing there/);
  });
});

describe("a turn of a module", () => {
  test("that throws fails, and what it said before is kept", async () => {
    const events = await eventsOf(
      await load(written('export default async function* () { yield "so far"; throw new Error("oops"); }')),
    );
    assert.equal(textOf(events), "so far");
    const { reason, detail, message } = failureOf(events);
    assert.equal(reason, "error");
    assert.equal(detail, "Error: oops");
    assert.ok(!message.includes("oops"));
  });

  test("that yields something else fails", async () => {
    for (const [yielded, detail] of [
      ["42", /neither a string nor an AgentEvent/],
      ['{ kind: "tool", name: "x" }', /at phase/],
    ] as const) {
      const agent = await load(written(`export default async function* () { yield ${yielded}; }`));
      assert.match(failureOf(await eventsOf(agent)).detail, detail);
    }
  });

  test("that never heeds the signal is left behind within a second", async () => {
    const clock = fakeClock(0);
    const agent = await load(
      written('export default async function* () { yield "thinking"; await new Promise(() => {}); }'),
      { clock },
    );
    const stopping = new AbortController();
    const events = agent.run(turnRequest(), stopping.signal)[Symbol.asyncIterator]();
    assert.deepEqual((await events.next()).value, { kind: "text", delta: "thinking" });
    const last = events.next();
    stopping.abort();
    await clock.advance(999);
    assert.equal(failureOf([(await last).value]).reason, "stopped");
    assert.equal((await events.next()).done, true);
  });

  test("that heeds the signal may still say something, and ends as stopped", async () => {
    const agent = await load(
      written(
        'export default async function* (request, signal) { yield "thinking"; while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1)); yield "…"; }',
      ),
    );
    const stopping = new AbortController();
    const events: AgentEvent[] = [];
    for await (const event of agent.run(turnRequest(), stopping.signal)) {
      events.push(event);
      stopping.abort();
    }
    assert.equal(textOf(events), "thinking…");
    assert.equal(failureOf(events).reason, "stopped");
  });
});

describe("a module that changes", () => {
  const version = (text: string) => `export default async function* () { yield "${text}"; }`;
  let second = 1;
  /** Writes the file anew, with a time that differs however coarse the clock of the disk is. */
  const change = (path: string, code: string) => {
    writeFileSync(path, code);
    second += 1;
    utimesSync(path, second, second);
  };

  test("is loaded again at the next turn, when that is asked for", async () => {
    const path = written(version("one"));
    const agent = await load(path, { reload: true });
    assert.deepEqual(await eventsOf(agent), said("one"));
    change(path, version("two"));
    assert.deepEqual(await Promise.all([eventsOf(agent), eventsOf(agent)]), [said("two"), said("two")]);
    assert.deepEqual(reported, [`${path} has changed and was loaded again`]);
  });

  test("stays as it is otherwise", async () => {
    const path = written(version("one"));
    const agent = await load(path);
    change(path, version("two"));
    assert.deepEqual(await eventsOf(agent), said("one"));
  });

  test("into something broken fails its turns until it is mended", async () => {
    const path = written(version("one"));
    const agent = await load(path, { reload: true });
    change(path, "export default 42;");
    const { reason, detail } = failureOf(await eventsOf(agent));
    assert.equal(reason, "misconfigured");
    assert.match(detail, /got a value of type number/);
    change(path, version("three"));
    assert.deepEqual(await eventsOf(agent), said("three"));
  });

  test("is closed after its last turn", async () => {
    const closing = (text: string) =>
      `export default { async *run(_, signal) { yield "${text}"; await new Promise((resolve) => signal.addEventListener("abort", resolve)); }, close() { (globalThis.parleyTestLog ??= []).push("${text}"); } };`;
    const path = written(closing("one"));
    const agent = await load(path, { reload: true });
    const stopping = new AbortController();
    const events = agent.run(turnRequest(), stopping.signal)[Symbol.asyncIterator]();
    await events.next();
    change(path, version("two"));
    assert.deepEqual(await eventsOf(agent), said("two"));
    assert.equal(Reflect.get(globalThis, "parleyTestLog"), undefined);
    const last = events.next();
    stopping.abort();
    assert.equal(failureOf([(await last).value]).reason, "stopped");
    assert.deepEqual(Reflect.get(globalThis, "parleyTestLog"), ["one"]);
    Reflect.deleteProperty(globalThis, "parleyTestLog");
  });
});

describe("a module that answers at once", () => {
  const ask = { sessionId: "s", sessionKey: "k", text: "ping", isFirst: false };
  const code = (answer: string) =>
    `export const agent = { name: "x", answerAtOnce: ({ text }) => ${answer}, async *run() { yield "slow"; } };`;

  test("is asked for its answer, and may leave it to its turn", async () => {
    const agent = await load(written(code('text === "ping" ? "pong" : null')));
    assert.equal(agent.answerAtOnce?.(ask), "pong");
    assert.equal(agent.answerAtOnce?.({ ...ask, text: "other" }), null);
    assert.equal((await load(written(code("undefined")))).answerAtOnce?.(ask), null);
  });

  test("is told what is expected when it gives something else", async () => {
    const agent = await load(written(code("Promise.resolve(text)")));
    assert.throws(
      () => agent.answerAtOnce?.(ask),
      /expected answerAtOnce to return a text or null, got a value of type object/,
    );
  });

  test("has a turn for each message where its file may change", async () => {
    assert.equal((await load(written(code("text")), { reload: true })).answerAtOnce, undefined);
    assert.equal((await load(written("export async function* agent() {}"))).answerAtOnce, undefined);
  });
});
