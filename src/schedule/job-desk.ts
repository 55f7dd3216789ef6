import type { TargetWorld } from "../session/resolve-targets.ts";
import type { ClaimRules, WaitingRun } from "./claim-run.ts";

/** What those who make and change jobs need of the program. */
export interface JobDesk {
  /** Where things can be delivered, as it is now. */
  readonly world: TargetWorld;
  /** What a run out of turn is claimed by. */
  readonly claims: ClaimRules;
  readonly hasAgent: (name: string) => boolean;
  /** Where nobody chose one. */
  readonly timeZone: string;
  /** Rows that were written for runs want their turns; once they are on disk. */
  takeWaiting(runs: readonly WaitingRun[]): void;
  /** A job was made or changed, and runs at this time, if at all; once that is on disk. */
  changed(jobName: string, nextRunAtMs: number | null): void;
}
