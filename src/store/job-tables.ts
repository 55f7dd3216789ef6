import type { Generated } from "kysely";

/** Something that is to happen by the clock. */
export interface JobsTable {
  id: Generated<number>;
  /** Unique among jobs that are not done. */
  name: string;
  made_by: "config" | "chat" | "cli" | "http" | "agent";
  /** Whose rights it has; null for an operator's. */
  maker_platform: string | null;
  maker_id: string | null;
  maker_name: string | null;
  /** Where it was made, as JSON: a place to answer, and what its maker's rights are judged by. */
  origin: string | null;
  /** As it was written. */
  schedule_text: string;
  /** What that means, as JSON. */
  schedule: string;
  time_zone: string;
  /** What the agent is told, or, without one, what is delivered. */
  text: string;
  agent: string | null;
  /** A JSON list of targets, as they were written. */
  targets: string;
  session: "fresh" | "own" | "origin";
  catch_up: "none" | "last" | "all";
  overlap: "skip" | "queue";
  jitter_ms: Generated<number>;
  /** A JSON list of weekdays, 1 for Monday to 7; null for all. */
  days: string | null;
  ends_at_ms: number | null;
  max_runs: number | null;
  state: "active" | "paused" | "done";
  /** Why it is paused or done. */
  state_reason: string | null;
  /** The time on its schedule that comes next; null when none does. */
  next_due_at_ms: number | null;
  /** When it is to run for that time: jitter and waits after failures included. */
  next_run_at_ms: number | null;
  /** Times it was due and ran, retries not counted. */
  runs: Generated<number>;
  /** Failures since it last went well. */
  failures: Generated<number>;
  last_run_at_ms: number | null;
  created_at_ms: number;
  changed_at_ms: number;
}

/** One time a job ran, or should have. */
export interface JobRunsTable {
  id: Generated<number>;
  job: number;
  /** The time on the schedule it is for. */
  due_at_ms: number;
  /** 1 at the first try for that time. */
  attempt: number;
  /** 1 when somebody asked for it out of turn. */
  by_hand: Generated<number>;
  state: "claimed" | "running" | "done" | "failed" | "skipped";
  /** The row that wants its turn; null for one that was skipped. */
  inbox_id: number | null;
  /** The public id of the session it ran in. */
  session: string | null;
  claimed_at_ms: number;
  started_at_ms: number | null;
  finished_at_ms: number | null;
  error: string | null;
  input_tokens: Generated<number>;
  output_tokens: Generated<number>;
  /** Null when nobody knows. */
  cost_usd: number | null;
  /** The beginning of what came of it. */
  output: string | null;
  /** A JSON list of where that went; null while nothing was delivered. */
  delivered: string | null;
}

/** What a person chose for themselves. */
export interface PeopleTable {
  platform: string;
  user_id: string;
  time_zone: string | null;
}
