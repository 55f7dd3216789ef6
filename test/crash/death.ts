/** Where a process can be told to die: each is a moment between two things that reach the disk, or in the middle of one. */
export type DeathPoint =
  /** In a transaction, before one of its statements: in the middle of a group commit. */
  | "statement"
  /** Before a step of the schema. */
  | "schema"
  | "before_commit"
  /** The power fails while the transaction is written: its end in the write-ahead log is torn. */
  | "torn_commit"
  | "after_commit"
  /** Of lines to a JSONL file. */
  | "before_append"
  | "torn_append"
  | "after_append"
  /** While a JSONL file is written anew. */
  | "torn_rewrite"
  | "before_rename"
  | "after_rename"
  /** Of a JSONL file. */
  | "before_removal"
  | "after_removal";

/** What a process is told: to die at the `nth` time it comes to a point. */
export interface DeathPlan {
  readonly point: DeathPoint;
  readonly nth: number;
  /** Where it notes, dying, what a power failure would take. */
  readonly notePath: string;
}

/** The environment variable in which a plan is handed over, as JSON. Read by `die-at.ts`, which only tests load. */
export const PLAN_VARIABLE = "PARLEY_TEST_DEATH";

/** A file of which the system has more than the disk. */
export interface UnsyncedFile {
  readonly path: string;
  /** So much of it is on disk; -1 when not even its name is. */
  readonly syncedBytes: number;
}

/** What a dying process says of the files it has written. */
export interface LastNote {
  readonly point: DeathPoint;
  readonly unsynced: readonly UnsyncedFile[];
  /** Files that were replaced or removed, which the disk may not know yet, with what they held. */
  readonly earlier: readonly { readonly path: string; readonly base64: string }[];
}
