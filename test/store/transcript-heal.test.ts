import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openTranscriptFiles, type TranscriptFiles } from "../../src/store/transcript-files.ts";
import { type HealReport, healTranscript, quickCheck } from "../../src/store/transcript-heal.ts";
import { transcriptLine } from "../../src/store/transcript-line.ts";

const id = "20260405_120000_0123abcd";
const [L1, L2, L3, L4] = ["one", "two", "drei 😀", "four"].map((content) =>
  transcriptLine({
    role: "user",
    content,
    atMs: 0,
    messageId: null,
    senderId: null,
    senderName: null,
    extra: null,
  }),
) as [string, string, string, string];

interface Place {
  readonly files: TranscriptFiles;
  readonly path: string;
  quarantine(n: number): string;
}

function placeFor(t: TestContext): Place {
  const folder = mkdtempSync(join(tmpdir(), "parley-heal-"));
  const files = openTranscriptFiles({ folder });
  t.after(() => {
    files.close();
    rmSync(folder, { recursive: true });
  });
  return { files, path: join(folder, `${id}.jsonl`), quarantine: (n) => join(folder, `${id}.quarantine-${n}.jsonl`) };
}

const whole: HealReport = { kind: "whole" };
type Damage = {
  readonly name: string;
  readonly found: string | Buffer | null;
  readonly expected: readonly string[];
  readonly report: "whole" | { readonly appended: number; readonly quarantined?: readonly number[] };
  readonly quarantine?: string | Buffer;
};
const bytes = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const invalid = Buffer.from([0x22, 0xff, 0xfe, 0x00, 0x0a]);

const damages: readonly Damage[] = [
  { name: "nothing", found: L1 + L2, expected: [L1, L2], report: "whole" },
  { name: "no file and no lines", found: null, expected: [], report: "whole" },
  { name: "an empty file and no lines", found: "", expected: [], report: "whole" },
  { name: "no file", found: null, expected: [L1, L2], report: { appended: 2 } },
  { name: "an empty file", found: "", expected: [L1, L2], report: { appended: 2 } },
  { name: "lines missing at the end", found: L1, expected: [L1, L2, L3], report: { appended: 2 } },
  { name: "a line missing in the middle", found: L1 + L3, expected: [L1, L2, L3], report: { appended: 1 } },
  { name: "a line missing at the start", found: L2 + L3, expected: [L1, L2, L3], report: { appended: 1 } },
  { name: "a torn last line", found: L1 + L2.slice(0, 9), expected: [L1, L2, L3], report: { appended: 2 } },
  { name: "a newline missing", found: L1 + L2.slice(0, -1), expected: [L1, L2], report: { appended: 1 } },
  {
    name: "a character torn in two",
    found: bytes(L1, Buffer.from(L3).subarray(0, Buffer.from(L3).indexOf(0xf0) + 2)),
    expected: [L1, L3],
    report: { appended: 1 },
  },
  {
    name: "a torn line of something else",
    found: `${L1}{"role":"robot"`,
    expected: [L1, L2],
    report: { appended: 1, quarantined: [2] },
    quarantine: '{"role":"robot"',
  },
  {
    name: "a torn line that nothing follows in the database",
    found: L1 + L2 + L3.slice(0, 12),
    expected: [L1, L2],
    report: { appended: 0, quarantined: [3] },
    quarantine: L3.slice(0, 12),
  },
  {
    name: "a line added by hand",
    found: `${L1}mine\n${L2}`,
    expected: [L1, L2],
    report: { appended: 0, quarantined: [2] },
    quarantine: "mine\n",
  },
  {
    name: "a line edited by hand",
    found: L1 + L2.replace("two", "TWO") + L3,
    expected: [L1, L2, L3],
    report: { appended: 1, quarantined: [2] },
    quarantine: L2.replace("two", "TWO"),
  },
  {
    name: "an undo that died before its rename",
    found: L1 + L2 + L3,
    expected: [L1, L4],
    report: { appended: 1, quarantined: [2, 3] },
    quarantine: L2 + L3,
  },
  {
    name: "an undo of everything",
    found: L1 + L2,
    expected: [],
    report: { appended: 0, quarantined: [1, 2] },
    quarantine: L1 + L2,
  },
  {
    name: "a line there twice",
    found: L1 + L1 + L2,
    expected: [L1, L2],
    report: { appended: 0, quarantined: [2] },
    quarantine: L1,
  },
  { name: "lines at a wrong place", found: L2 + L1 + L3, expected: [L1, L2, L3], report: { appended: 0 } },
  {
    name: "invalid UTF-8 and NUL bytes",
    found: bytes(L1, invalid, L2),
    expected: [L1, L2],
    report: { appended: 0, quarantined: [2] },
    quarantine: invalid,
  },
  {
    name: "a tail of NUL bytes after a power cut",
    found: bytes(L1, Buffer.alloc(200_000)),
    expected: [L1, L2],
    report: { appended: 1, quarantined: [2] },
    quarantine: Buffer.alloc(200_000),
  },
  {
    name: "empty lines and carriage returns",
    found: `${L1}\n${L2.replace("\n", "\r\n")}`,
    expected: [L1, L2],
    report: { appended: 1, quarantined: [2, 3] },
    quarantine: `\n${L2.replace("\n", "\r\n")}`,
  },
  {
    name: "a byte order mark",
    found: `\ufeff${L1}`,
    expected: [L1],
    report: { appended: 1, quarantined: [1] },
    quarantine: `\ufeff${L1}`,
  },
];

for (const { name, found, expected, report, quarantine } of damages)
  test(`healing: ${name}`, (t) => {
    const place = placeFor(t);
    if (found !== null) writeFileSync(place.path, found);
    const healed = healTranscript(place.files, id, () => expected);
    if (report === "whole") assert.deepEqual(healed, whole);
    else
      assert.deepEqual(healed, {
        kind: "healed",
        appended: report.appended,
        quarantined: report.quarantined ?? [],
        quarantineFile: quarantine === undefined ? null : place.quarantine(1),
        rebuilt: found === null,
      });
    if (quarantine !== undefined) {
      assert.deepEqual(readFileSync(place.quarantine(1)), Buffer.from(quarantine));
      assert.equal(statSync(place.quarantine(1)).mode & 0o777, 0o600);
    }
    if (found !== null || expected.length > 0) assert.equal(readFileSync(place.path, "utf8"), expected.join(""));
    assert.deepEqual(
      healTranscript(place.files, id, () => expected),
      whole,
    );
    place.files.append(id, L4);
    assert.equal(readFileSync(place.path, "utf8"), expected.join("") + L4);
  });

test("a crash at any byte of an append is healed without quarantine", (t) => {
  const { files, path, quarantine } = placeFor(t);
  const appended = Buffer.from(L2 + L3);
  for (let size = 0; size < appended.length; size++) {
    files.remove(id);
    files.append(id, L1);
    writeFileSync(path, appended.subarray(0, size), { flag: "a" });
    const report = healTranscript(files, id, () => [L1, L2, L3]);
    const lacked = size < Buffer.byteLength(L2) ? 2 : 1;
    const asExpected = { kind: "healed", appended: lacked, quarantined: [], quarantineFile: null, rebuilt: false };
    assert.deepEqual(report, asExpected);
    assert.equal(readFileSync(path, "utf8"), L1 + L2 + L3);
  }
  assert.deepEqual(readdirSync(files.folder), [`${id}.jsonl`]);
  assert.throws(() => statSync(quarantine(1)));
});

test("each quarantine has a file of its own", (t) => {
  const { files, path, quarantine } = placeFor(t);
  for (const n of [1, 2, 3]) {
    writeFileSync(path, `mine ${n}\n`);
    healTranscript(files, id, () => [L1]);
  }
  for (const n of [1, 2, 3]) assert.equal(readFileSync(quarantine(n), "utf8"), `mine ${n}\n`);
});

test("a mirror whose quarantine cannot be written stays as it is", { skip: process.platform !== "linux" }, (t) => {
  const { files, path, quarantine } = placeFor(t);
  writeFileSync(path, `mine\n${L1}`);
  for (let n = 1; n <= 100; n++) symlinkSync("nowhere", quarantine(n));
  assert.throws(() => healTranscript(files, id, () => [L1]), /has 100 quarantine files/);
  assert.equal(readFileSync(path, "utf8"), `mine\n${L1}`);
});

test("lines longer than a chunk are compared, quarantined and written whole", (t) => {
  const { files, path, quarantine } = placeFor(t);
  const long = (letter: string) => `${letter.repeat(300_000)}\n`;
  writeFileSync(path, long("a") + long("x") + long("b") + long("c").slice(0, 200_000));
  const report = healTranscript(files, id, () => [long("a"), long("b"), long("c")]);
  assert.deepEqual(report.kind === "healed" && [report.appended, report.quarantined], [1, [2]]);
  assert.equal(readFileSync(path, "utf8"), long("a") + long("b") + long("c"));
  assert.equal(readFileSync(quarantine(1), "utf8"), long("x"));
});

const checks: readonly (readonly [string, string | null, readonly string[], boolean, boolean])[] = [
  ["the whole history", L1 + L2, [L1, L2], true, true],
  ["its end", L1 + L2 + L3, [L2, L3], false, true],
  ["more than the whole history", L1 + L2, [L2], true, false],
  ["less than the history", L1, [L1, L2], true, false],
  ["less than its end", L2, [L1, L2], false, false],
  ["only what should be its end", L2, [L2], false, false],
  ["an end glued to a torn line", `${L1}x${L2}`, [L2], false, false],
  ["a torn end", L1 + L2.slice(0, -1), [L2], false, false],
  ["another end", L1 + L2, [L3], false, false],
  ["no file where lines are expected", null, [L1], true, false],
  ["no file where earlier lines are expected", null, [], false, false],
  ["no file and no lines", null, [], true, true],
  ["an empty file and no lines", "", [], true, true],
  ["a file where none is expected", L1, [], true, false],
];
for (const [name, found, lines, isWholeHistory, expected] of checks)
  test(`the quick check of ${name} says ${expected}`, (t) => {
    const { files, path } = placeFor(t);
    if (found !== null) writeFileSync(path, found);
    assert.equal(quickCheck(files, id, lines, isWholeHistory), expected);
  });
