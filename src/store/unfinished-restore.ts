import { existsSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "./store-error.ts";

/** Stands in a data directory while a restored backup is put in place. */
export const RESTORING = "restore-unfinished";

/** Throws a `StoreError` when a restore died on the way: half of the files are those of the backup. */
export function refuseUnfinishedRestore(dataDir: string): void {
  const path = join(dataDir, RESTORING);
  if (!existsSync(path)) return;
  throw new StoreError(
    "invalid",
    `${dataDir}: a restore broke off here. Run parley restore again with the same backup; what was there before is in before-restore-*.`,
  );
}
