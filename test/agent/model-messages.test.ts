import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AgentMessage } from "../../src/agent/backend.ts";
import { modelMessages, newerHalf } from "../../src/agent/model-messages.ts";

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

test("half of a conversation is its newer half", () => {
  const all = ["a", "b", "c"].map((text) => line("user", text));
  assert.deepEqual(
    newerHalf(all).map(({ text }) => text),
    ["c"],
  );
  assert.deepEqual(newerHalf(newerHalf(all)), []);
});
