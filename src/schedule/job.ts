import type { JobOrigin } from "../message/message.ts";
import type { DeliveryOrigin } from "../session/delivery-target.ts";
import type { JobRow } from "../store/jobs.ts";
import { nextDue } from "./next-due.ts";
import type { Plan, Schedule } from "./schedule.ts";

/** The person a job belongs to: it may do what they may. */
export interface JobMaker {
  readonly platform: string;
  readonly userId: string;
  /** Other people's text. */
  readonly name: string | null;
}

/** Whose job it is by the way it was made; `config` jobs are changed in the file alone. */
export type MadeBy = JobRow["made_by"];

/** Something that happens by the clock, as the rest of the program sees it. Times are milliseconds since 1970 UTC. */
export interface Job {
  readonly id: number;
  /** `[a-z0-9][a-z0-9_-]{0,63}`, unique among jobs that are not done. */
  readonly name: string;
  readonly madeBy: MadeBy;
  /** Null for an operator's job, which has an operator's rights. */
  readonly maker: JobMaker | null;
  /** Null when it was made in no chat. */
  readonly origin: JobOrigin | null;
  /** As it was written. */
  readonly scheduleText: string;
  readonly plan: Plan;
  /** What the agent is told, or, without one, what is delivered. */
  readonly text: string;
  /** Null for a reminder: its text is delivered as it is. */
  readonly agent: string | null;
  /** As they were written. */
  readonly targets: readonly string[];
  /** A session for each run, one that goes on, or the one of the chat in which the job was made. */
  readonly session: JobRow["session"];
  /** What becomes of times that passed while no daemon ran. */
  readonly catchUp: JobRow["catch_up"];
  /** What becomes of a time that comes while the run before is not over. */
  readonly overlap: JobRow["overlap"];
  readonly maxRuns: number | null;
  readonly state: JobRow["state"];
  /** Why it is paused or done; of an active one what stands in its way, null when nothing does. */
  readonly stateReason: string | null;
  /** When it runs next; null when it does not. */
  readonly nextRunAtMs: number | null;
  /** Times it was due and ran. */
  readonly runs: number;
  /** Failures since it last went well. */
  readonly failures: number;
  /** When a run of it was last begun, also one that was asked for out of turn. */
  readonly lastRunAtMs: number | null;
  readonly createdAtMs: number;
}

/** A stored job as the rest of the program sees it. */
export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    name: row.name,
    madeBy: row.made_by,
    maker:
      row.maker_platform === null || row.maker_id === null
        ? null
        : { platform: row.maker_platform, userId: row.maker_id, name: row.maker_name },
    origin: row.origin === null ? null : (JSON.parse(row.origin) as JobOrigin),
    scheduleText: row.schedule_text,
    plan: planOf(row),
    text: row.text,
    agent: row.agent,
    targets: JSON.parse(row.targets) as readonly string[],
    session: row.session,
    catchUp: row.catch_up,
    overlap: row.overlap,
    maxRuns: row.max_runs,
    state: row.state,
    stateReason: row.state_reason,
    nextRunAtMs: row.next_run_at_ms,
    runs: row.runs,
    failures: row.failures,
    lastRunAtMs: row.last_run_at_ms,
    createdAtMs: row.created_at_ms,
  };
}

/** When a stored job is due, without reading the rest of it. */
export function planOf(row: JobRow): Plan {
  return {
    schedule: JSON.parse(row.schedule) as Schedule,
    timeZone: row.time_zone,
    days: row.days === null ? null : (JSON.parse(row.days) as readonly number[]),
    endsAtMs: row.ends_at_ms,
    jitterMs: row.jitter_ms,
  };
}

/** The place where a job was made; null when it was in no chat. */
export function placeOfJob({ origin }: Pick<Job, "origin">): DeliveryOrigin | null {
  if (origin === null) return null;
  const { platform, account, chatId, threadId } = origin.source;
  return { platform, account, chatId, threadId };
}

/** The next `count` times of a job after now, jitter left out: what a preview shows. */
export function upcoming(plan: Plan, nowMs: number, count: number): readonly number[] {
  const times: number[] = [];
  for (let atMs = nextDue(plan, nowMs); atMs !== null && times.length < count; atMs = nextDue(plan, atMs))
    times.push(atMs);
  return times;
}
