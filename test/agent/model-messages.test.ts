import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AgentMessage } from "../../src/agent/backend.ts";
import { historyWindow, modelMessages, newerHalf } from "../../src/agent/model-messages.ts";

const line = (role: AgentMessage["role"], text: string, atMs = 1): AgentMessage => ({ role, text, atMs });
const shown = (lines: readonly AgentMessage[]) => modelMessages(lines).map(({ role, content }) => [role, content]);

const table: readonly (readonly [
  name: string,
  lines: readonly AgentMessage[],
  messages: readonly (readonly string[])[],
])[] = [
  ["nothing", [], []],
  [
    "a plain exchange",
    [line("user", "a"), line("assistant", "b")],
    [
      ["user", "a"],
      ["assistant", "b"],
    ],
  ],
  [
    "lines of one side in a row are one message",
    [line("user", "[Ann] a"), line("user", "[Bob] b")],
    [["user", "[Ann] a\n\n[Bob] b"]],
  ],
  ["empty lines are left out", [line("user", "a"), line("assistant", " \n"), line("user", "b")], [["user", "a\n\nb"]]],
  [
    "notes of ours stand among the user's lines",
    [line("user", "a"), line("system", "was stopped")],
    [["user", "a\n\n[Note: was stopped]"]],
  ],
  [
    "what a tool said is left out",
    [line("user", "a"), line("tool", "{}"), line("assistant", "b")],
    [
      ["user", "a"],
      ["assistant", "b"],
    ],
  ],
  [
    "a person speaks first",
    [line("assistant", "Good morning."), line("user", "thanks")],
    [
      ["user", "(You wrote first.)"],
      ["assistant", "Good morning."],
      ["user", "thanks"],
    ],
  ],
];
for (const [name, lines, messages] of table) test(name, () => assert.deepEqual(shown(lines), messages));

const anyLine = fc.record({
  role: fc.constantFrom("user" as const, "assistant" as const, "system" as const, "tool" as const),
  text: fc.string({ maxLength: 20 }),
  atMs: fc.nat(),
});

test("whatever was said, roles take turns, a user is first, and nothing is empty", () => {
  fc.assert(
    fc.property(fc.array(anyLine), (lines) => {
      modelMessages(lines).forEach(({ role, content }, index) => {
        assert.equal(role, index % 2 === 0 ? "user" : "assistant");
        assert.ok(typeof content === "string" && content.trim() !== "");
      });
    }),
  );
});

test("a window is the end of the history, within both limits", () => {
  fc.assert(
    fc.property(fc.array(anyLine), fc.nat(30), fc.nat(40), (all, historyMessages, historyTokens) => {
      const history = (limit: number) => (limit === 0 ? [] : all.slice(-limit));
      const window = historyWindow(history, { historyMessages, historyTokens });
      assert.deepEqual(window, window.length === 0 ? [] : all.slice(-window.length));
      assert.ok(window.length <= historyMessages);
      assert.ok(window.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) <= historyTokens * 4);
    }),
  );
});

test("a short conversation is shown whole", () => {
  const all = Array.from({ length: 9 }, (_, index) => line(index % 2 === 0 ? "user" : "assistant", "x", index * 8));
  assert.deepEqual(
    historyWindow(() => all, { historyMessages: 10, historyTokens: 100 }),
    all,
  );
});

test("the beginning of a long conversation stays where it is for several turns, so that caches hold", () => {
  let atMs = 1_700_000_000_000;
  const all: AgentMessage[] = [];
  const beginnings = new Set<string>();
  const turns = 400;
  for (let turn = 0; turn < turns; turn++) {
    // Odd steps, as the clock's milliseconds come: an anchor must not depend on a round time.
    atMs += 12_347 + ((turn * 31) % 97);
    all.push(line("user", `question ${turn}`, atMs));
    atMs += 3_331;
    all.push(line("assistant", "answer", atMs));
    const window = historyWindow((limit) => all.slice(-limit), { historyMessages: 100, historyTokens: 50_000 });
    assert.ok(turn < 50 || window.length >= 66, `${window.length} lines at turn ${turn}`);
    beginnings.add(window[0]?.text ?? "");
  }
  assert.ok(beginnings.size < turns / 3, `${beginnings.size} beginnings in ${turns} turns`);
});

test("half of a conversation is its newer half", () => {
  const all = ["a", "b", "c"].map((text) => line("user", text));
  assert.deepEqual(
    newerHalf(all).map(({ text }) => text),
    ["c"],
  );
  assert.deepEqual(newerHalf(newerHalf(all)), []);
});
