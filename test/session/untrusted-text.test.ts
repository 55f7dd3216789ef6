import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanText, cutText, MAX_UNTRUSTED_LENGTH, untrustedText } from "../../src/session/untrusted-text.ts";

const table: readonly (readonly [name: string, text: string, clean: string])[] = [
  ["plain text stays", "Ops (prod) – “Köln”", "Ops (prod) – “Köln”"],
  ["lines become one", "a\r\nb\u2028c\u2029d\u0085e\tf", "a b c d e f"],
  ["ends and runs of white space go", "  a \u00a0 b  ", "a b"],
  ["controls go", "a\u0000\u0007\u001b[31mb\u007f\u009bc", "a[31mbc"],
  ["bidi controls go", "\u202egnp.exe\u202c \u2066x\u2069\u200f\u061c", "gnp.exe x"],
  ["invisible characters go", "a\u200b\u2060\ufeff\u00adb", "ab"],
  ["hidden tags go", "hi\u{e0049}\u{e0067}\u{e006e}", "hi"],
  ["half a character goes", "a\ud83db", "ab"],
  ["joined emoji and scripts stay whole", "👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"],
  ["nothing is left of nothing", "\u0000\n\u200b ", ""],
];

for (const [name, text, clean] of table) {
  test(`cleaned: ${name}`, () => assert.equal(cleanText(text), clean));
}

test("cleaning twice is cleaning once", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const clean = cleanText(text);
      assert.equal(cleanText(clean), clean);
      assert.doesNotMatch(clean, /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    }),
    { seed: 20260405 },
  );
});

test("a cut text says so and keeps its last character whole", () => {
  assert.equal(cutText("abcd", 4), "abcd");
  assert.equal(cutText("abcde", 4), "abc…");
  assert.equal(cutText("ab😀de", 4), "ab…");
  assert.equal(cutText("ab😀d", 5), "ab😀d");
});

test("a quoted text is one JSON string of at most 240 characters, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
      const quoted = untrustedText(text);
      const value: unknown = JSON.parse(quoted);
      assert.ok(typeof value === "string" && value.length <= MAX_UNTRUSTED_LENGTH && value.isWellFormed());
      assert.doesNotMatch(quoted, /\n/);
    }),
    { seed: 20260405 },
  );
  assert.equal(untrustedText('say "hi" \\ '), '"say \\"hi\\" \\\\"');
  assert.equal(JSON.parse(untrustedText("😀".repeat(200))), `${"😀".repeat(119)}…`);
});
