import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** A program that was started and has not been seen to end, with everything it started. */
export interface ChildRecord {
  readonly pid: number;
  /** As `processStart` gave it. */
  readonly start: string;
}

const FOLDER = "children";
const recordFile = z.object({ pid: z.int().min(2), start: z.string() });

/** Notes a running program, so that the next start of the daemon can end it when this one is killed. Throws when the disk does not take it. */
export function writeChildRecord(stateDir: string, record: ChildRecord): void {
  const folder = join(stateDir, FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = pathOf(stateDir, record.pid);
  // Renamed into place: a half-written record would be no record.
  writeFileSync(`${path}.tmp`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}

/** Forgets one that has ended. */
export function dropChildRecord(stateDir: string, pid: number): void {
  rmSync(pathOf(stateDir, pid), { force: true });
}

/** The programs an earlier daemon noted and did not see end. Files that are no records are dropped. */
export function readChildRecords(stateDir: string): readonly ChildRecord[] {
  const folder = join(stateDir, FOLDER);
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return []; // nothing was ever started
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    try {
      return [recordFile.parse(JSON.parse(readFileSync(path, "utf8")))];
    } catch {
      rmSync(path, { force: true });
      return [];
    }
  });
}

function pathOf(stateDir: string, pid: number): string {
  return join(stateDir, FOLDER, `${pid}.json`);
}
