import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { findInstance, InstanceLockedError, lockDataDir } from "../../src/store/instance-lock.ts";
import { tempDir } from "../support/temp-dir.ts";

function folderOf(t: TestContext): string {
  const folder = tempDir();
  t.after(() => folder[Symbol.dispose]());
  return join(folder.path, "data");
}

/** Starts a process that takes the lock, and what it said first. */
async function startHolder(t: TestContext, dataDir: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "hold-lock.ts"), dataDir], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { child, said: said.toString() };
}

test("a data directory has one daemon at a time, and the next gets it when the first has ended", (t) => {
  const dataDir = folderOf(t);
  const first = lockDataDir(dataDir, 4711);
  assert.throws(
    () => lockDataDir(dataDir),
    (error) =>
      error instanceof InstanceLockedError &&
      /process 4711/.test(error.message) &&
      /PARLEY_DATA_DIR/.test(error.message),
  );
  first[Symbol.dispose]();
  lockDataDir(dataDir)[Symbol.dispose]();
});

test("nobody else may read or take the lock's files", (t) => {
  const dataDir = folderOf(t);
  using lock = lockDataDir(dataDir);
  lock.announce("http://127.0.0.1:1");
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  for (const name of ["parley.lock", "parley.pid", "parley.url"])
    assert.equal(statSync(join(dataDir, name)).mode & 0o777, 0o600);
});

test("the daemon that runs is found with its address, and none where none runs", (t) => {
  const dataDir = folderOf(t);
  assert.equal(findInstance(dataDir), null);
  const lock = lockDataDir(dataDir, 4711);
  assert.deepEqual(findInstance(dataDir), { pid: 4711, url: null });
  lock.announce("http://127.0.0.1:8787");
  assert.deepEqual(findInstance(dataDir), { pid: 4711, url: "http://127.0.0.1:8787" });
  assert.equal(readFileSync(join(dataDir, "parley.pid"), "utf8"), "4711\n", "what `kill` and service managers read");
  lock[Symbol.dispose]();
  assert.equal(findInstance(dataDir), null);
  assert.equal(existsSync(join(dataDir, "parley.pid")), false);
});

test("a second process is refused with the first one's pid; killing the first frees the directory", async (t) => {
  const dataDir = folderOf(t);
  const first = await startHolder(t, dataDir);
  assert.equal(first.said, "locked\n");
  const second = await startHolder(t, dataDir);
  assert.match(second.said, new RegExp(`refused: InstanceLockedError: .*in use by process ${first.child.pid}\\b`));
  assert.throws(() => lockDataDir(dataDir), InstanceLockedError);
  assert.deepEqual(findInstance(dataDir), { pid: first.child.pid, url: "http://127.0.0.1:8787" });

  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  assert.ok(existsSync(join(dataDir, "parley.pid")), "what a killed daemon leaves");
  assert.equal(findInstance(dataDir), null);
  using lock = lockDataDir(dataDir, 4712);
  assert.ok(lock);
  assert.equal(findInstance(dataDir)?.pid, 4712);
});

test("a file of pids that nobody can read does not keep a daemon from starting", (t) => {
  const dataDir = folderOf(t);
  lockDataDir(dataDir)[Symbol.dispose]();
  writeFileSync(join(dataDir, "parley.pid"), "not a number");
  assert.equal(findInstance(dataDir), null);
  using lock = lockDataDir(dataDir, 5);
  assert.ok(lock);
  writeFileSync(join(dataDir, "parley.pid"), "not a number");
  assert.throws(() => lockDataDir(dataDir), /in use by another process/);
});

test("where a killed daemon listened is not said of the one that has the data directory now", (t) => {
  const dataDir = folderOf(t);
  lockDataDir(dataDir)[Symbol.dispose]();
  writeFileSync(join(dataDir, "parley.url"), "http://127.0.0.1:1\n");
  using lock = lockDataDir(dataDir, 4711);
  assert.deepEqual(findInstance(dataDir), { pid: 4711, url: null });
  lock.announce("http://127.0.0.1:2");
  assert.deepEqual(findInstance(dataDir), { pid: 4711, url: "http://127.0.0.1:2" });
});
