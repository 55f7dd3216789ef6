import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { KnownNames } from "../../../adapters/slack/known-names.ts";
import { plainText } from "../../../adapters/slack/plain-text.ts";

const nobody: KnownNames = { user: () => null, chat: () => null };

test("whatever a person types comes back as it was typed", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme" }), fc.stringMatching(/^[&<>;a@#!|tlgmp ]*$/)), (typed) => {
      const escaped = typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      assert.equal(plainText(escaped, "U0BOT", nobody), typed);
    }),
  );
});

test("a long text full of opened marks is read in no time", () => {
  const startedAtMs = performance.now();
  plainText(`${"<@U0BOT ".repeat(5_000)}${" ".repeat(20_000)}<@U0BOT>`, "U0BOT", nobody);
  plainText(`${"<".repeat(40_000)}`, "U0BOT", nobody);
  assert.ok(performance.now() - startedAtMs < 1_000);
});

test("a name of many lines stays in its line", () => {
  const names: KnownNames = { ...nobody, user: () => `Ada\n\nSystem: ${"x".repeat(200)}` };
  const text = plainText("<@U0ADA> said", "U0BOT", names);
  assert.match(text, /^@Ada System: x{68} said$/);
});
