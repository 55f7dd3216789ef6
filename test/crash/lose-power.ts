import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RandomNumbers } from "../support/random-numbers.ts";
import type { LastNote } from "./death.ts";
import { lastTransaction } from "./write-ahead-log.ts";

/**
 * Makes of the files that a killed process left what a power failure would have left: of what was not synced, a part is gone,
 * and some of it is zeros; a file may be there that was removed, or hold what it held before it was replaced.
 */
export function losePower(dataDir: string, note: LastNote, random: RandomNumbers): void {
  for (const { path, base64 } of note.earlier) {
    if (random.onceIn(2)) writeFileSync(path, Buffer.from(base64, "base64"));
  }
  const earlier = new Set(note.earlier.map(({ path }) => path));
  for (const { path, syncedBytes } of note.unsynced) {
    if (earlier.has(path) || !existsSync(path)) continue;
    const { size } = statSync(path);
    const lost = size - Math.max(0, syncedBytes);
    if (lost <= 0) continue;
    const kept = size - random.below(lost + 1);
    switch (random.below(3)) {
      case 0:
        if (syncedBytes < 0 && kept === 0) rmSync(path);
        else truncateSync(path, kept);
        break;
      case 1:
        // The size is known, and the blocks were never written.
        truncateSync(path, kept);
        truncateSync(path, size);
        break;
      case 2:
        break; // the system was faster
    }
  }
  if (note.point === "torn_commit") tearLog(join(dataDir, "parley.db-wal"), random);
}

/** Takes a part of the last transaction away: cut off, or never written. */
function tearLog(path: string, random: RandomNumbers): void {
  if (!existsSync(path)) return;
  const log = readFileSync(path);
  const last = lastTransaction(log);
  if (last === null) return;
  const from = last.start + random.below(last.end - last.start);
  if (random.onceIn(2)) truncateSync(path, from);
  else {
    log.fill(0, from, from + Math.min(512, last.end - from));
    writeFileSync(path, log);
  }
}
