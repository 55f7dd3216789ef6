import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkMachine } from "../../src/cli/check-machine.ts";
import { openToOthers } from "../../src/cli/open-to-others.ts";
import { tempDir } from "../support/temp-dir.ts";

const isWindows = process.platform === "win32";
/** All that there may be in a data directory: exports and archives of backups beside what the daemon writes itself. */
const folders = ["transcripts", "media/1", "jobs/standup", "agents/coder", "exports"];
const files = ["transcripts/a.jsonl", "media/1/a.txt", "jobs/standup/a.md", "agents/coder/a.json", "exports/a.jsonl"];

function dataDirIn(folder: string): string {
  const data = join(folder, "data");
  for (const name of folders) mkdirSync(join(data, name), { recursive: true, mode: 0o700 });
  for (const name of [...files, "backup.tgz", "parley.yaml"]) writeFileSync(join(data, name), "x", { mode: 0o644 });
  return data;
}

test("each folder that others may enter is named, and the files they get to", { skip: isWindows }, () => {
  using folder = tempDir();
  const data = dataDirIn(folder.path);
  assert.deepEqual(openToOthers(data), []);
  for (const [index, name] of folders.entries()) {
    chmodSync(join(data, name), 0o755);
    assert.deepEqual(openToOthers(data), [join(data, name), join(data, files[index] ?? "")]);
    chmodSync(join(data, name), 0o700);
  }
  // Who may only pass through it may read what they know the name of.
  chmodSync(data, 0o711);
  assert.deepEqual(openToOthers(data), [data, join(data, "backup.tgz")]);
});

test("doctor names the first of them, how many more there are, and what mends them all", { skip: isWindows }, () => {
  using folder = tempDir();
  const data = dataDirIn(folder.path);
  const told = () => checkMachine(data).find(({ subject }) => subject === "data directory");
  assert.equal(told()?.isProblem, false);
  for (const name of folders) chmodSync(join(data, name), 0o755);
  for (let count = 0; count < 3; count++) writeFileSync(join(data, "exports", `${count}.jsonl`), "", { mode: 0o640 });
  assert.equal(told()?.isProblem, true);
  assert.match(told()?.message ?? "", /others may read \S+, .*jobs.* and 3 more\. Run: chmod -R go-rwx "\S+data"$/);
});
