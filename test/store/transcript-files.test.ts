import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openTranscriptFiles, type TranscriptFiles } from "../../src/store/transcript-files.ts";

const id = "20260405_120000_0123abcd";
const idOf = (n: number) => `20260405_120000_${n.toString(16).padStart(8, "0")}`;
const onLinux = { skip: process.platform !== "linux" && "needs Linux's /dev and /proc" };

function openIn(t: TestContext, maxOpenFiles?: number): { files: TranscriptFiles; folder: string; path: string } {
  const parent = mkdtempSync(join(tmpdir(), "parley-transcripts-"));
  const folder = join(parent, "data", "transcripts");
  const files = openTranscriptFiles(maxOpenFiles === undefined ? { folder } : { folder, maxOpenFiles });
  t.after(() => {
    files.close();
    rmSync(parent, { recursive: true });
  });
  return { files, folder, path: join(folder, `${id}.jsonl`) };
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

function openPathsIn(folder: string): string[] {
  const links = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ""; // the one that listed the folder
    }
  });
  return links.filter((path) => path.startsWith(folder));
}

test("lines are appended in order, in a file and a folder that nobody else may read", (t) => {
  const { files, folder, path } = openIn(t);
  files.append(id, "1\n");
  files.append(id, "2\n3\n");
  assert.equal(readFileSync(path, "utf8"), "1\n2\n3\n");
  assert.equal(modeOf(path), 0o600);
  assert.equal(modeOf(folder), 0o700);
  files.replace(id, ["4\n"]);
  assert.equal(modeOf(path), 0o600);
});

test("an id that is none never becomes a path", (t) => {
  const { files } = openIn(t);
  for (const wrong of ["", "../../etc/passwd", `${id}/x`, `${id}\n`, id.toUpperCase(), `${id}.jsonl`]) {
    const refusal = /session id: expected YYYYMMDD_HHMMSS_<8 hex>/;
    assert.throws(() => files.append(wrong, "x\n"), refusal);
    assert.throws(() => files.replace(wrong, []), refusal);
    assert.throws(() => files.truncate(wrong, 0), refusal);
    assert.throws(() => files.tail(wrong, 1), refusal);
    assert.throws(() => files.remove(wrong), refusal);
  }
});

test("at most so many files are open, and closing closes them all", onLinux, (t) => {
  const { files, folder } = openIn(t, 3);
  for (let round = 0; round < 2; round++) for (let n = 0; n < 10; n++) files.append(idOf(n), `${round}\n`);
  assert.equal(openPathsIn(folder).length, 3);
  for (let n = 0; n < 10; n++) assert.equal(readFileSync(join(folder, `${idOf(n)}.jsonl`), "utf8"), "0\n1\n");
  files.close();
  assert.deepEqual(openPathsIn(folder), []);
});

test("the file used least recently is closed first", onLinux, (t) => {
  const { files, folder } = openIn(t, 2);
  for (const n of [1, 2, 1, 3]) files.append(idOf(n), "x\n");
  assert.deepEqual(openPathsIn(folder).sort(), [join(folder, `${idOf(1)}.jsonl`), join(folder, `${idOf(3)}.jsonl`)]);
});

const disturbances: readonly (readonly [string, (path: string) => void, string])[] = [
  ["deleted", (path) => rmSync(path), "new\n"],
  ["moved away", (path) => renameSync(path, `${path}.moved`), "new\n"],
  [
    "replaced by an editor",
    (path) => {
      writeFileSync(`${path}.edited`, "edited\n");
      renameSync(`${path}.edited`, path);
    },
    "edited\nnew\n",
  ],
  ["rewritten in place", (path) => writeFileSync(path, "edited\n"), "edited\nnew\n"],
  ["emptied", (path) => truncateSync(path), "new\n"],
  ["left with a torn line", (path) => appendFileSync(path, "to"), "old\nto\nnew\n"],
];
for (const [name, disturb, expected] of disturbances)
  test(`a line reaches the file though it was ${name} while open`, (t) => {
    const { files, path } = openIn(t);
    files.append(id, "old\n");
    disturb(path);
    files.append(id, "new\n");
    assert.equal(readFileSync(path, "utf8"), expected);
    files.append(id, "newer\n");
    assert.equal(readFileSync(path, "utf8"), `${expected}newer\n`);
  });

test("a torn line that a crash left is not glued to the next", (t) => {
  const { files, path } = openIn(t);
  writeFileSync(path, '{"role":"us');
  files.append(id, "new\n");
  assert.equal(readFileSync(path, "utf8"), '{"role":"us\nnew\n');
});

test("a full disk is an error that names the file, and writing goes on when there is room", onLinux, (t) => {
  const { files, path } = openIn(t);
  symlinkSync("/dev/full", path);
  for (let attempt = 0; attempt < 2; attempt++)
    assert.throws(
      () => files.append(id, "x\n"),
      (error: Error) => {
        assert.ok(error.message.includes(path));
        assert.match(error.message, /ENOSPC.*free space/);
        return error.cause instanceof Error && "code" in error.cause && error.cause.code === "ENOSPC";
      },
    );
  rmSync(path);
  files.append(id, "x\n");
  assert.equal(readFileSync(path, "utf8"), "x\n");
});

test("a write that stops half-way leaves no torn line", onLinux, (t) => {
  const { files, folder, path } = openIn(t);
  // A limit on the size of files: the write that crosses it is taken in part, the next one fails, as on a full disk.
  const script = `
    const { openTranscriptFiles } = await import(process.argv[1]);
    const files = openTranscriptFiles({ folder: process.argv[2] });
    for (let n = 0; ; n++) {
      try { files.append("${id}", String(n).padEnd(299, "x") + "\\n"); }
      catch (error) { process.stdout.write(n + " " + error.cause.code); break; }
    }`;
  const source = new URL("../../src/store/transcript-files.ts", import.meta.url).href;
  const command = 'ulimit -f 8; exec "$0" --input-type=module --eval "$1" "$2" "$3"';
  const said = execFileSync("/bin/sh", ["-c", command, process.execPath, script, source, folder], {
    encoding: "utf8",
    env: {}, // a coverage report of the child would hit the limit too
  });
  const [, written, code] = /^(\d+) (\w+)$/.exec(said) ?? [];
  assert.equal(code, "EFBIG");
  assert.ok(Number(written) > 0);
  assert.equal(statSync(path).size, Number(written) * 300);
  files.append(id, "after\n");
  assert.match(readFileSync(path, "utf8"), /x\nafter\n$/);
});

test("a replacement that fails leaves the file as it was and nothing beside it", (t) => {
  const { files, folder, path } = openIn(t);
  files.append(id, "1\n");
  const failing = function* () {
    yield "2\n";
    throw new Error("the database is gone");
  };
  assert.throws(() => files.replace(id, failing()), /stays as it was: the database is gone/);
  assert.equal(readFileSync(path, "utf8"), "1\n");
  assert.deepEqual(readdirSync(folder), [`${id}.jsonl`]);
  files.append(id, "2\n");
  assert.equal(readFileSync(path, "utf8"), "1\n2\n");
});

test("a replacement is what later lines are appended to, large or empty, leftovers of a dead one aside", (t) => {
  const { files, folder, path } = openIn(t);
  writeFileSync(`${path}.tmp`, "left by a crash", { mode: 0o644 });
  files.append(id, "old\n");
  const lines = Array.from({ length: 5000 }, (_, n) => `${String(n).padEnd(200, "é")}\n`);
  files.replace(id, lines);
  files.append(id, "new\n");
  assert.equal(readFileSync(path, "utf8"), `${lines.join("")}new\n`);
  files.replace(id, []);
  assert.equal(readFileSync(path, "utf8"), "");
  assert.equal(modeOf(path), 0o600);
  assert.deepEqual(readdirSync(folder), [`${id}.jsonl`]);
});

test("the tail is the file's last bytes, all of a shorter file, null of none", (t) => {
  const { files } = openIn(t);
  assert.equal(files.tail(id, 10), null);
  files.append(id, "abc\nde\n");
  assert.equal(files.tail(id, 3)?.toString(), "de\n");
  assert.equal(files.tail(id, 100)?.toString(), "abc\nde\n");
  assert.equal(files.tail(id, 0)?.toString(), "");
});

test("removing takes the session's files and no other's", (t) => {
  const { files, folder, path } = openIn(t);
  files.append(id, "x\n");
  files.append(idOf(1), "y\n");
  writeFileSync(`${path}.tmp`, "");
  for (const n of [1, 2]) writeFileSync(join(folder, `${id}.quarantine-${n}.jsonl`), "q\n");
  files.remove(id);
  assert.deepEqual(readdirSync(folder), [`${idOf(1)}.jsonl`]);
  files.remove(id);
  files.append(id, "again\n");
  assert.ok(existsSync(path));
});

test("a file that cannot be read is an error, not an empty one", (t) => {
  const { files, path } = openIn(t);
  mkdirSync(path);
  assert.throws(() => files.append(id, "x\n"), /EISDIR/);
  assert.throws(() => files.tail(id, 10), /EISDIR/);
});
