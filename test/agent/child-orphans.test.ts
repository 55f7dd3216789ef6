import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { processStart } from "../../src/agent/child-identity.ts";
import { endOrphans } from "../../src/agent/child-orphans.ts";
import { writeChildRecord } from "../../src/agent/child-record.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const owner = fileURLToPath(new URL("../fake/agents/owner.ts", import.meta.url));
const program = fileURLToPath(new URL("../fake/agents/command.ts", import.meta.url));

const isRunning = (pid: number) => processStart(pid) !== null;

/** Starts a small daemon with a program, waits until both run, kills the daemon, and gives the program's records and its sleeper's pid. */
async function killedOwner(folder: string, command: string, args: readonly string[], pidFile: string): Promise<number> {
  const daemon = spawn(process.execPath, [owner, folder, command, ...args], { stdio: "ignore" });
  await until("the sleeper runs", () => existsSync(pidFile) && readFileSync(pidFile, "utf8").trim() !== "");
  await until("it is noted", () => existsSync(join(folder, "children")) && notes(folder).length === 1);
  const gone = new Promise((resolve) => daemon.once("exit", resolve));
  daemon.kill("SIGKILL");
  await gone;
  return Number(readFileSync(pidFile, "utf8"));
}

const notes = (folder: string) => readdirSync(join(folder, "children")).filter((name) => name.endsWith(".json"));

test("what a killed daemon left behind is found and ended at the next start", async () => {
  using folder = tempDir();
  const pidFile = join(folder.path, "sleeper");
  const sleeper = await killedOwner(folder.path, process.execPath, [program, "hang", pidFile], pidFile);
  const leader = Number(notes(folder.path)[0]?.replace(".json", ""));
  assert.ok(isRunning(leader) && isRunning(sleeper));
  assert.equal(await endOrphans(folder.path, systemClock), 1);
  await until("both are gone", () => !isRunning(leader) && !isRunning(sleeper));
  assert.deepEqual(notes(folder.path), []);
  assert.equal(await endOrphans(folder.path, systemClock), 0);
});

test("so is what a program left that has ended itself", { skip: process.platform !== "linux" }, async () => {
  using folder = tempDir();
  const pidFile = join(folder.path, "sleeper");
  // Waits for the end of its input twice: the second time is that of the killed daemon.
  const line = `sleep 600 </dev/null >/dev/null 2>&1 & echo $! > ${pidFile}.tmp; mv ${pidFile}.tmp ${pidFile}; while printf .; do sleep 0.02; done; exit 1`;
  const sleeper = await killedOwner(folder.path, "/bin/sh", ["-c", line], pidFile);
  const leader = Number(notes(folder.path)[0]?.replace(".json", ""));
  await until("the program has ended with its reader", () => !isRunning(leader));
  assert.ok(isRunning(sleeper));
  assert.equal(await endOrphans(folder.path, systemClock), 1);
  await until("the sleeper is gone", () => !isRunning(sleeper));
});

test("another process with the same number is left alone", async () => {
  using folder = tempDir();
  const bystander = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  const gone = new Promise((resolve) => bystander.once("exit", resolve));
  try {
    const pid = bystander.pid ?? 0;
    const start = processStart(pid) ?? "";
    writeChildRecord(folder.path, { pid, start: `${start}0` });
    assert.equal(await endOrphans(folder.path, systemClock), 0);
    assert.ok(isRunning(pid));
    assert.deepEqual(notes(folder.path), []);
  } finally {
    bystander.kill("SIGKILL");
    await gone;
  }
});

test("a record that cannot be read, or names no process, is dropped", async () => {
  using folder = tempDir();
  mkdirSync(join(folder.path, "children"));
  for (const [name, text] of [
    ["7.json", "{"],
    ["1.json", JSON.stringify({ pid: 1, start: "x" })],
    ["0.json", JSON.stringify({ pid: 0, start: "x" })],
    ["8.json.tmp", ""],
  ] as const)
    writeFileSync(join(folder.path, "children", name), text);
  assert.equal(await endOrphans(folder.path, systemClock), 0);
  assert.deepEqual(readdirSync(join(folder.path, "children")), []);
});

test("without a folder there is nothing to end", async () => {
  using folder = tempDir();
  assert.equal(await endOrphans(join(folder.path, "never"), systemClock), 0);
});
