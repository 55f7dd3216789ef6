import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pruneAllReports, writeReport } from "../../src/gateway/job-report.ts";
import { tempDir } from "../support/temp-dir.ts";
import { NOON_MS } from "../support/test-store.ts";

const DAY_MS = 24 * 3_600_000;

test("reports of jobs that never run again are forgotten, too, and nothing that somebody else has put there", async () => {
  using dir = tempDir();
  const folder = join(dir.path, "jobs");
  await pruneAllReports(folder, NOON_MS);
  for (const jobName of ["over", "noted", "young"]) {
    const dueAtMs = jobName === "young" ? NOON_MS + 80 * DAY_MS : NOON_MS;
    writeReport(folder, { jobName, runId: 1, dueAtMs, text: "said" }, NOON_MS);
  }
  writeFileSync(join(folder, "noted", "mine.txt"), "mine");
  writeFileSync(join(folder, "stray.md"), "mine");
  await pruneAllReports(folder, NOON_MS + 100 * DAY_MS);
  assert.deepEqual(readdirSync(folder).sort(), ["noted", "stray.md", "young"]);
  assert.deepEqual(readdirSync(join(folder, "noted")), ["mine.txt"]);
  assert.equal(readdirSync(join(folder, "young")).length, 1);
});
