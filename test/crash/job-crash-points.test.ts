import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { selectJobRuns } from "../../src/store/job-runs.ts";
import { openConnection } from "../../src/store/sqlite.ts";
import { tempDir } from "../support/temp-dir.ts";

const program = fileURLToPath(new URL("job-that-dies.ts", import.meta.url));

const POINTS = [
  "between the claim and the run",
  "while the agent runs",
  "when the run has ended",
  "after the run, before its delivery",
] as const;
/** `npm test` dies once at each point; a longer run says how often. */
const ROUNDS = Number(process.env["PARLEY_JOB_DEATHS"] ?? POINTS.length);

async function live(dataDir: string, dieAt: string): Promise<number | NodeJS.Signals | null> {
  const child = spawn(process.execPath, [program, dataDir, dieAt], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return signal ?? code;
}

test(`a job whose daemon is killed ${ROUNDS} times runs and arrives once each`, async () => {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => POINTS[round % POINTS.length] ?? POINTS[0]);
  // Two at a time: each waits a second for its job to fall due.
  for (let from = 0; from < rounds.length; from += 2) {
    await Promise.all(rounds.slice(from, from + 2).map(dieAndLive));
  }
});

async function dieAndLive(point: string): Promise<void> {
  using folder = tempDir();
  assert.equal(await live(folder.path, point), "SIGKILL", point);
  assert.equal(await live(folder.path, ""), 0, point);
  assert.equal(readFileSync(join(folder.path, "posts"), "utf8"), "team: half and whole\n", point);
  const asked = readFileSync(join(folder.path, "turns"), "utf8").trim().split("\n").length;
  assert.equal(asked, point === "while the agent runs" ? 2 : 1, point);
  assert.equal(readdirSync(join(folder.path, "jobs", "standup")).length, 1, point);
  const reader = openConnection(join(folder.path, "parley.db"), "read");
  const runs = selectJobRuns(reader, 1, 10).map(({ state, delivered }) => [state, delivered]);
  reader.close();
  assert.deepEqual(runs, [["done", '["memory:team","local"]']], point);
}
