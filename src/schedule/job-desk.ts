import type { ResolvedTarget, TargetWorld } from "../session/resolve-targets.ts";
import type { ClaimRules, WaitingRun } from "./claim-run.ts";
import type { Job } from "./job.ts";

/** What those who make and change jobs need of the program. */
export interface JobDesk {
  /** Where things can be delivered, as it is now. */
  readonly world: TargetWorld;
  /** What a run out of turn is claimed by. */
  readonly claims: ClaimRules;
  readonly hasAgent: (name: string) => boolean;
  /** Where nobody chose one. */
  readonly timeZone: string;
  /** Asks the platforms about places: by target, why nothing can be posted there and what to do. Empty where all is well, or nobody can tell. */
  refusedPlaces(targets: readonly ResolvedTarget[]): Promise<ReadonlyMap<string, string>>;
  /** A job is on disk that was made in a transaction, where no platform could be asked about its places: asks now, and takes it back where one is refused. */
  checkLater(job: Job): void;
  /** Rows that were written for runs want their turns; once they are on disk. */
  takeWaiting(runs: readonly WaitingRun[]): void;
  /** A job was made or changed, and runs at this time, if at all; once that is on disk. */
  changed(jobName: string, nextRunAtMs: number | null): void;
}
