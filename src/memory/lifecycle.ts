import type { Clock } from "../clock/clock.ts";
import type { SessionStore } from "../store/store.ts";
import type { Extract } from "./claims.ts";
import type { HygieneMode } from "./clean-claim.ts";
import type { Summarise } from "./summary.ts";

/** What compaction and extraction work with. */
export interface Lifecycle {
  readonly store: Pick<SessionStore, "reader" | "write">;
  readonly clock: Clock;
  /** Null where no model is at hand: lines are quoted then, and nothing is extracted. */
  readonly summarise: Summarise | null;
  readonly extract: Extract | null;
  /** How what is extracted is cleaned. */
  readonly hygiene: HygieneMode;
  /** Names this process in leases; another one each time it starts. */
  readonly owner: string;
  /** Most tokens of a summary, estimated. */
  readonly maxSummaryTokens: number;
  /** Told of what went wrong and is tried again, or done without. */
  readonly failed: (what: string, error: unknown) => void;
}

/** How long work on a session is ours without a sign of life; it is renewed at a third of it. */
export const LEASE_MS = 120_000;
/** Attempts at a job, those that died included, before it has failed. */
export const MAX_JOB_ATTEMPTS = 5;
/** What a model is given for one answer. */
export const MODEL_TIMEOUT_MS = 90_000;
