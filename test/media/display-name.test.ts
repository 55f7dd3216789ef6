import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { displayName } from "../../src/media/display-name.ts";

const pdf = { kind: "file", mimeType: "application/pdf" } as const;

/** what its sender calls it, what we do. */
const table: readonly (readonly [name: string, shown: string])[] = [
  ["report.pdf", "report.pdf"],
  ["  my   report .pdf ", "my report .pdf"],
  ["../../etc/passwd", ".._.._etc_passwd"],
  ["C:\\boot.ini", "C:_boot.ini"],
  ["a\nb\u0000c\u202egpj.exe", "a bcgpj.exe"],
  ["", "file.pdf"],
  ["..", "file.pdf"],
  ["\u200b", "file.pdf"],
  ["Отчёт №1.pdf", "Отчёт №1.pdf"],
  [`${"x".repeat(300)}.pdf`, `${"x".repeat(115)}….pdf`],
  [`${"x".repeat(300)}`, `${"x".repeat(119)}…`],
];

for (const [name, shown] of table) {
  test(`a file named ${JSON.stringify(name.slice(0, 30))} is shown as ${JSON.stringify(shown.slice(0, 30))}`, () => {
    assert.equal(displayName(name, pdf), shown);
  });
}

test("no name is empty, long, broken, or has more than one line or a slash", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (name) => {
      const shown = displayName(name, pdf);
      assert.ok(shown.length > 0 && shown.length <= 120, shown);
      assert.ok(shown.isWellFormed());
      assert.doesNotMatch(shown, /[/\\\p{Cc}]/u);
    }),
  );
});
