import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startDaemonProcess } from "../support/daemon-process.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const entry = join(import.meta.dirname, "../../src/cli/parley.js");
const isWindows = process.platform === "win32";

/** Runs the program as a user would whose umask keeps nothing from anybody. */
function parley(folder: string, args: readonly string[]) {
  const script = `umask 000; exec "$0" "$@"`;
  return spawnSync("/bin/sh", ["-c", script, process.execPath, entry, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "" },
  });
}

test("whatever the umask is, only the owner can read what a daemon writes", { skip: isWindows }, async () => {
  using folder = tempDir();
  const before = process.umask(0o000);
  const daemon = await startDaemonProcess(folder.path).finally(() => process.umask(before));
  try {
    const headers = { "content-type": "application/json" };
    const said = { chatId: "c", userId: "u", text: "hello" };
    for (const text of [said.text, "/export"]) {
      const body = JSON.stringify({ ...said, text });
      const answered = await fetch(`${daemon.url}/api/messages?wait=20`, { method: "POST", headers, body });
      assert.equal(answered.status, 200);
    }
    const job = JSON.stringify({ name: "report", schedule: "in 5h", text: "hello", deliver: ["local"] });
    assert.equal((await fetch(`${daemon.url}/api/jobs`, { method: "POST", headers, body: job })).status, 201);
    assert.equal((await fetch(`${daemon.url}/api/jobs/report/run`, { method: "POST", headers })).status, 200);
    await until("there is a report", () => filesIn(folder.path).some((path) => /jobs.*\.md$/.test(path)));
    const upload = { method: "POST", headers: { "content-type": "application/octet-stream" }, body: "x" };
    assert.equal((await fetch(`${daemon.url}/api/uploads?name=a.txt&type=text/plain`, upload)).status, 201);
    const backup = parley(folder.path, ["backup", "--data-dir", folder.path, join(folder.path, "backup.tgz")]);
    assert.equal(backup.status, 0, backup.stderr);
    assert.equal(parley(folder.path, ["init", join(folder.path, "new.yaml")]).status, 0);
    // The transcript's file follows its rows.
    await until("there is a transcript", () => filesIn(folder.path).some((path) => path.endsWith(".jsonl")));
    const paths = filesIn(folder.path);
    for (const end of [
      "parley.db",
      "parley.lock",
      "parley.pid",
      "parley.url",
      ".jsonl",
      ".txt",
      ".md",
      "backup.tgz",
      "new.yaml",
    ])
      assert.ok(
        paths.some((path) => path.endsWith(end)),
        end,
      );
    const open = paths.filter((path) => (lstatSync(path).mode & 0o077) !== 0);
    assert.deepEqual(open, []);
  } finally {
    await daemon.end("SIGTERM");
  }
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
}

test("doctor names a configuration with a secret that others can read", { skip: isWindows }, () => {
  using folder = tempDir();
  chmodSync(folder.path, 0o755);
  const path = join(folder.path, "parley.yaml");
  writeFileSync(path, "dataDir: ./data\nconsole: { token: hush-hush-hush }\n");
  chmodSync(path, 0o644);
  const told = parley(folder.path, ["doctor"]);
  assert.equal(told.status, 1);
  assert.match(told.stdout, /^problem +configuration: .*parley\.yaml holds secrets.*chmod 600/m);
  assert.doesNotMatch(told.stdout, /hush-hush/);
  chmodSync(path, 0o600);
  assert.equal(parley(folder.path, ["doctor"]).status, 0);
  writeFileSync(path, "dataDir: ./data\n");
  chmodSync(path, 0o644);
  assert.equal(parley(folder.path, ["doctor"]).status, 0, "without a secret it may be read");
});
