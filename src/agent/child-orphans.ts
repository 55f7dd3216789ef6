import type { Clock } from "../clock/clock.ts";
import { endGroup } from "./child-group.ts";
import { isGroupAlive } from "./child-identity.ts";
import { dropChildRecord, readChildRecords } from "./child-record.ts";

/**
 * Ends the programs that a daemon left behind when it was killed, and resolves with how many there were. Called once, at
 * the start, before any agent is made; only what is certainly the same process is touched.
 */
export async function endOrphans(stateDir: string, clock: Clock): Promise<number> {
  const orphans = readChildRecords(stateDir);
  const ended = await Promise.all(
    orphans.map(async ({ pid, start }) => {
      const isAlive = isGroupAlive(pid, start);
      if (isAlive) await endGroup(pid, clock);
      dropChildRecord(stateDir, pid);
      return isAlive;
    }),
  );
  return ended.filter((isAlive) => isAlive).length;
}
