import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { openTranscriptFiles } from "../../src/store/transcript-files.ts";
import { healTranscript } from "../../src/store/transcript-heal.ts";

const id = "20260405_120000_0123abcd";

/** What was done to a file, as an edit of its bytes at a place between 0 and 1. */
type Edit = (file: Buffer, place: number) => Buffer;
const cut = (file: Buffer, from: number, to: number, insert: Buffer = Buffer.alloc(0)) =>
  Buffer.concat([file.subarray(0, from), insert, file.subarray(to)]);
const lineAt = (file: Buffer, place: number): [number, number] => {
  const at = Math.floor(place * file.length);
  const start = at === 0 ? 0 : file.lastIndexOf(10, at - 1) + 1;
  const newline = file.indexOf(10, start);
  return [start, newline === -1 ? file.length : newline + 1];
};
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.constant<Edit>((file, place) => file.subarray(0, Math.floor(place * file.length))),
  fc.constant<Edit>((file, place) => cut(file, ...lineAt(file, place))),
  fc.constant<Edit>((file, place) => {
    const [start, end] = lineAt(file, place);
    return cut(file, start, start, file.subarray(start, end));
  }),
  fc.uint8Array({ minLength: 1, maxLength: 5 }).map(
    (junk): Edit =>
      (file, place) =>
        cut(file, Math.floor(place * file.length), Math.floor(place * file.length), Buffer.from(junk)),
  ),
  fc.constantFrom("mine\n", "\n", "{}\n", "one\n").map(
    (line): Edit =>
      (file, place) => {
        const [start] = lineAt(file, place);
        return cut(file, start, start, Buffer.from(line));
      },
  ),
  fc.constant<Edit>((file) => Buffer.concat([file, file])),
);
const anyLines = fc.array(
  fc.constantFrom("one\n", "one more\n", "two\n", "zwei ü\n", "{}\n", `${"long".repeat(20)}\n`),
  { maxLength: 8 },
);

const linesOf = (file: Buffer): string[] =>
  file
    .toString("latin1")
    .split(/(?<=\n)/)
    .filter((line) => line !== "");

/** The lines a file has more often than it should, the later ones of equals: by a way of counting of the test's own. */
function surplusOf(file: Buffer, expected: readonly string[]): { lines: string[]; numbers: number[] } {
  const left = linesOf(Buffer.from(expected.join("")));
  const lines: string[] = [];
  const numbers: number[] = [];
  for (const [index, line] of linesOf(file).entries()) {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    else {
      lines.push(line);
      numbers.push(index + 1);
    }
  }
  return { lines, numbers };
}

test("whatever happened to a file, healing makes it the mirror and loses nothing", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "parley-heal-"));
  const path = join(folder, `${id}.jsonl`);
  const files = openTranscriptFiles({ folder });
  t.after(() => {
    files.close();
    rmSync(folder, { recursive: true });
  });
  const edits = fc.array(fc.tuple(anyEdit, fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 4 });
  fc.assert(
    fc.property(anyLines, edits, (expected, done) => {
      const mirror = Buffer.from(expected.join(""));
      const found = done.reduce<Buffer>((file, [edit, place]) => edit(file, place), mirror);
      files.remove(id);
      writeFileSync(path, found);

      const report = healTranscript(files, id, () => expected);
      assert.deepEqual(readFileSync(path), mirror);
      assert.deepEqual(
        healTranscript(files, id, () => expected),
        { kind: "whole" },
      );
      if (report.kind === "whole") {
        assert.deepEqual(found, mirror);
        return;
      }
      const surplus = surplusOf(found, expected);
      const torn = surplus.lines.at(-1);
      const isCut = torn !== undefined && !torn.endsWith("\n") && report.quarantined.at(-1) !== surplus.numbers.at(-1);
      if (isCut) {
        surplus.lines.pop();
        surplus.numbers.pop();
        assert.ok(linesOf(mirror).some((line) => line.startsWith(torn)));
      }
      assert.deepEqual(report.quarantined, surplus.numbers);
      const quarantined = report.quarantineFile === null ? "" : readFileSync(report.quarantineFile, "latin1");
      assert.equal(quarantined, surplus.lines.join(""));
      assert.equal(report.appended, expected.length - (linesOf(found).length - surplus.lines.length - (isCut ? 1 : 0)));
    }),
    { seed: 20260405, numRuns: 400 },
  );
});
