import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { isJobName } from "../schedule/job-name.ts";

/** Reports kept of one job, the newest. */
const KEPT_REPORTS = 100;
/** How long a report is kept. */
const KEPT_MS = 90 * 24 * 3_600_000;
/** A report's name begins with the time it is for, so that names sort as times do. */
const REPORT = /^(\d{4}-\d{2}-\d{2})T\d{2}-\d{2}-\d{2}Z-\d+\.md$/;

/**
 * Writes what a run is to leave on this machine, `<folder>/<job>/<time>-<run>.md`, durably and at once (it is called inside a transaction); the same run
 * writes the same file. Forgets what is past its time. Throws what the disk says.
 */
export function writeReport(
  folder: string,
  report: { readonly jobName: string; readonly runId: number; readonly dueAtMs: number; readonly text: string },
  nowMs: number,
): void {
  // Every name was checked when its job was made; a path is made of nothing else.
  if (!isJobName(report.jobName)) throw new RangeError("a job's name that is no name of a folder");
  const place = join(folder, report.jobName);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const time = new Date(report.dueAtMs).toISOString().slice(0, 19).replaceAll(":", "-");
  const path = join(place, `${time}Z-${report.runId}.md`);
  writeFileSync(`${path}.part`, report.text, { mode: 0o600, flush: true });
  renameSync(`${path}.part`, path);
  pruneReports(place, nowMs);
}

/** Forgets what is past its time of every job, those that never run again included, and folders that are empty then. A folder that is not there is none. */
export async function pruneAllReports(folder: string, nowMs: number): Promise<void> {
  const jobs = await opendir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return [];
  });
  for await (const entry of jobs) {
    if (!entry.isDirectory() || !isJobName(entry.name)) continue;
    const place = join(folder, entry.name);
    pruneReports(place, nowMs);
    // Somebody's own files may lie there, too.
    if (readdirSync(place).length === 0) rmdirSync(place);
  }
}

/** Forgets the reports of one job's folder that are past their time. */
function pruneReports(place: string, nowMs: number): void {
  const oldest = new Date(nowMs - KEPT_MS).toISOString().slice(0, 10);
  const reports = readdirSync(place)
    .filter((name) => REPORT.test(name))
    .toSorted((one, other) => (one < other ? 1 : -1));
  for (const [index, name] of reports.entries()) {
    if (index >= KEPT_REPORTS || name.slice(0, 10) < oldest) rmSync(join(place, name), { force: true });
  }
}
