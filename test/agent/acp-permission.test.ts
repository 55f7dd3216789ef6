import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PermissionOptionKind, RequestPermissionRequest } from "@agentclientprotocol/sdk";
import { permissionOutcome, permissionQuestion } from "../../src/agent/acp-permission.ts";

const optionsOf = (kinds: readonly PermissionOptionKind[]) =>
  kinds.map((kind) => ({ optionId: `the ${kind}`, name: kind, kind }));

describe("the option that is chosen", () => {
  const all = ["allow_always", "allow_once", "reject_always", "reject_once"] as const;
  const table: readonly (readonly [
    kinds: readonly PermissionOptionKind[],
    isAllowed: boolean,
    chosen: string | null,
  ])[] = [
    [all, true, "the allow_once"],
    [all, false, "the reject_once"],
    [["allow_always", "reject_always"], true, "the allow_always"],
    [["allow_always", "reject_always"], false, "the reject_always"],
    [["allow_once"], false, null],
    [["reject_once"], true, null],
    [[], true, null],
  ];
  for (const [kinds, isAllowed, chosen] of table) {
    test(`of ${kinds.join(", ") || "none"} when people say ${isAllowed ? "yes" : "no"} is ${chosen ?? "none"}`, () => {
      assert.deepEqual(
        permissionOutcome(optionsOf(kinds), isAllowed),
        chosen === null ? { outcome: "cancelled" } : { outcome: "selected", optionId: chosen },
      );
    });
  }
});

describe("the question", () => {
  const request = (
    toolCall: Partial<RequestPermissionRequest["toolCall"]>,
    kinds: readonly PermissionOptionKind[] = ["allow_once"],
  ): RequestPermissionRequest => ({
    sessionId: "s",
    toolCall: { toolCallId: "t", ...toolCall },
    options: optionsOf(kinds),
  });
  const table: readonly (readonly [what: string, asked: RequestPermissionRequest, title: string, detail: string])[] = [
    ["a title of its own", request({ title: "Run\n\u202ett\u0007" }), "Run tt", ""],
    ["the title of the call", request({ kind: "edit" }), "Known", ""],
    ["a command", request({ rawInput: { command: "rm -r ." } }), "Known", "rm -r ."],
    [
      "input as JSON",
      request({ rawInput: { path: "a", deep: true } }),
      "Known",
      '{\n  "path": "a",\n  "deep": true\n}',
    ],
    ["no input", request({ rawInput: {} }), "Known", ""],
    [
      "a change, control characters made visible",
      request({ content: [{ type: "diff", path: "a.ts", newText: "one\n\u001b[2Jtwo" }] }),
      "Known",
      "a.ts\none\n\\u001b[2Jtwo",
    ],
    ["what lasts", request({ title: "Run" }, ["allow_always", "reject_once"]), "Run (from now on)", ""],
  ];
  for (const [what, asked, title, detail] of table) {
    test(`says ${what}`, () => assert.deepEqual(permissionQuestion(asked, "Known"), { title, detail }));
  }

  test("has words even when the agent has none, and is bounded", () => {
    assert.deepEqual(permissionQuestion(request({}), null), { title: "Use a tool", detail: "" });
    const long = permissionQuestion(request({ title: "x".repeat(9999), rawInput: "y".repeat(9999) }), null);
    assert.equal(long.title.length, 240);
    assert.equal(long.detail.length, 1500);
  });
});
