import assert from "node:assert/strict";
import { test } from "node:test";
import { bareGateway } from "../support/bare-gateway.ts";
import { editableAdapter } from "../support/editable-adapter.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { until } from "../support/until.ts";

const SECOND_MS = 1_000;
const START_MS = Date.UTC(2026, 0, 1);

/** A turn that runs, on a platform whose posts can be changed. */
async function working(rules: { readonly streams?: boolean } = {}) {
  const clock = fakeClock(START_MS);
  const { adapter, shown } = editableAdapter();
  const agent = scriptedAgent();
  const bare = await bareGateway({ clock, adapter, agent, rules });
  await bare.say("c", "hi");
  await until("the agent works", () => agent.running.length === 1);
  return {
    shown,
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second++) await clock.advance(SECOND_MS);
    },
    say: (event: Parameters<(typeof agent.running)[number]["say"]>[0]) => agent.running[0]?.say(event),
    answer: (text: string) => agent.running[0]?.answer(text),
    [Symbol.asyncDispose]: () => bare[Symbol.asyncDispose](),
  };
}

test("typing is shown after a moment, again every few seconds, and taken back at the end", async () => {
  const clock = fakeClock(START_MS);
  const agent = scriptedAgent();
  const signs: string[] = [];
  const adapter = memoryAdapter({
    typing: async ({ chatId }) => void signs.push(`typing in ${chatId}`),
    typingDone: async ({ chatId }) => void signs.push(`done in ${chatId}`),
  });
  await using bare = await bareGateway({ clock, adapter, agent });
  await bare.say("c", "hi");
  await until("the agent works", () => agent.running.length === 1);
  await clock.advance(149);
  assert.deepEqual(signs, []);
  await clock.advance(1);
  assert.deepEqual(signs, ["typing in c"]);
  await clock.advance(8 * SECOND_MS);
  assert.equal(signs.length, 3);
  agent.running[0]?.answer("hello");
  await until("it is posted", () => adapter.posts.length === 1);
  assert.equal(signs.at(-1), "done in c");
  await clock.advance(60 * SECOND_MS);
  assert.equal(signs.length, 4, "and no more");
});

test("what the agent does is one line that changes, under what it has said, and gone at the end", async () => {
  await using turn = await working();
  turn.say({ kind: "tool", name: "search", phase: "started", summary: "Searching" });
  await turn.pass(1);
  await until("the tool is shown", () => turn.shown().join() === "*Searching…*");
  turn.say({ kind: "text", delta: "Found it." });
  turn.say({ kind: "tool", name: "read", phase: "started", summary: "Reading" });
  await turn.pass(1);
  await until("the next one is shown", () => turn.shown().join() === "Found it.\n\n*Reading…*");
  turn.say({ kind: "tool", name: "read", phase: "finished" });
  await turn.pass(1);
  await until("it is done", () => turn.shown().join() === "Found it.");
  turn.answer(" Here.");
  await until("it is whole", () => turn.shown().join() === "Found it. Here.");
});

const silences: readonly (readonly [what: string, said: string, rules: { readonly streams?: boolean }])[] = [
  ["before the first word", "", {}],
  ["in the middle of an answer", "Once", {}],
  ["where answers are not shown as they grow", "", { streams: false }],
];
for (const [what, said, rules] of silences)
  test(`a minute of silence is broken by a word, which the answer takes back: ${what}`, async () => {
    await using turn = await working(rules);
    if (said !== "") turn.say({ kind: "text", delta: said });
    await turn.pass(58);
    assert.equal(turn.shown().join(), said);
    await turn.pass(4);
    const word = "*Still working on it…*";
    await until("it is said", () => turn.shown().join() === (said === "" ? word : `${said}\n\n${word}`));
    turn.say({ kind: "text", delta: " upon" });
    await turn.pass(2);
    if (rules.streams !== false) await until("it goes on", () => turn.shown().join() === `${said} upon`);
    turn.answer(" a time");
    await until("it is whole", () => turn.shown().join().trim() === `${said} upon a time`.trim());
  });
