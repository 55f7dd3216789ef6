import type { JobOrigin } from "../message/message.ts";
import { type ResolvedTarget, resolveTargets, type TargetWorld } from "../session/resolve-targets.ts";
import { isTimeZone } from "../session/wall-clock.ts";
import { countJobs, insertJob, type NewJob, selectJob, selectJobOfName, selectJobsOfMaker } from "../store/jobs.ts";
import type { Tx } from "../store/writer.ts";
import { type Job, type JobMaker, jobOf, type MadeBy } from "./job.ts";
import { freeName, isJobName } from "./job-name.ts";
import { jitterOf, nextDue } from "./next-due.ts";
import { readSchedule, scheduleMistake } from "./read-schedule.ts";
import { MAX_AHEAD_MS, type Plan } from "./schedule.ts";

/** A job as somebody wants it; what is left out has its default. */
export interface JobDraft {
  /** Null: one is made from the text. */
  readonly name: string | null;
  readonly madeBy: MadeBy;
  /** Null: an operator's. */
  readonly maker: JobMaker | null;
  /** Null: made in no chat. */
  readonly origin: JobOrigin | null;
  readonly schedule: string;
  /** IANA name: the person's, else the configured one. */
  readonly timeZone: string;
  readonly text: string;
  /** Null for a reminder. */
  readonly agent: string | null;
  /** Targets as `resolveTargets` reads them. Default `origin`, and `local` where there is none. */
  readonly deliver?: readonly string[];
  /** Default `fresh`. */
  readonly session?: Job["session"];
  /** Default `last`. */
  readonly catchUp?: Job["catchUp"];
  /** Default `skip`. */
  readonly overlap?: Job["overlap"];
  /** Default 0. */
  readonly jitterMs?: number;
  /** Weekdays from 1 for Monday to 7. Default all. */
  readonly days?: readonly number[] | null;
  readonly endsAtMs?: number | null;
  readonly maxRuns?: number | null;
}

/** What a job may be made with. */
export interface JobRules {
  readonly world: TargetWorld;
  /** Whether whoever makes it may have things sent anywhere: others may only have them sent to where they asked. */
  readonly isAdmin: boolean;
  /** Whether there is an agent of this name. */
  readonly hasAgent: (name: string) => boolean;
}

/** A job that was made, or why not, in words for whoever wanted it. */
export type MadeJob =
  | { readonly kind: "made"; readonly job: Job }
  | { readonly kind: "refused"; readonly message: string };

/** Most jobs of one person: above it somebody plays, or an agent does. */
const MAX_JOBS_OF_A_PERSON = 50;
/** Most jobs in all that are not done: idle ones cost nothing, but somebody has to look through the list. */
const MAX_JOBS = 10_000;
/** Longest text of a job, in bytes of UTF-8: what leaves room for the words around it in a message. */
const MAX_TEXT_BYTES = 32 * 1024;
/** Most targets of one job. */
export const MAX_TARGETS = 50;
/** Longest jitter. */
const MAX_JITTER_MS = 24 * 3_600_000;

/** Stores a job, in the caller's transaction; a refusal changes nothing. Tell the job watcher of its next run once that is on disk. */
export function makeJob(tx: Tx, draft: JobDraft, rules: JobRules, nowMs: number): MadeJob {
  const checked = checkDraft(draft, rules, nowMs);
  if (checked.kind === "refused") return checked;
  const { active, paused } = countJobs(tx);
  if (active + paused >= MAX_JOBS) return refused(`There are ${MAX_JOBS} jobs already: remove some first.`);
  if (draft.maker !== null) {
    const own = selectJobsOfMaker(tx, draft.maker.platform, draft.maker.userId, MAX_JOBS_OF_A_PERSON);
    if (own.length >= MAX_JOBS_OF_A_PERSON) {
      return refused(`You have ${MAX_JOBS_OF_A_PERSON} jobs already: remove one first.`);
    }
  }
  const isTaken = (name: string) => selectJobOfName(tx, name) !== null;
  if (draft.name !== null && isTaken(draft.name)) return refused(`There is a job ${draft.name} already.`);
  const name = draft.name ?? freeName(draft.text, isTaken);
  const row = selectJob(tx, insertJob(tx, newRow(draft, checked, name, nowMs)));
  if (row === null) throw new Error("a job that was inserted a statement ago is gone");
  return { kind: "made", job: jobOf(row) };
}

/** What a draft comes to, without storing it. */
export type CheckedDraft =
  | {
      readonly kind: "checked";
      readonly plan: Plan;
      readonly firstDueAtMs: number;
      readonly deliver: readonly string[];
      readonly targets: readonly ResolvedTarget[];
    }
  | { readonly kind: "refused"; readonly message: string };

/** Checks a draft against everything but the jobs there are: its schedule, its targets, who may have what. */
export function checkDraft(draft: JobDraft, rules: JobRules, nowMs: number): CheckedDraft {
  const { timeZone, text, agent, name, days = null, jitterMs = 0, endsAtMs = null, maxRuns = null } = draft;
  if (name !== null && !isJobName(name)) {
    return refused("A job's name is 1 to 64 lower-case letters, digits, - and _, a letter or digit first.");
  }
  if (!isTimeZone(timeZone)) return refused('Expected the IANA name of a time zone, such as "Europe/Berlin".');
  const read = readSchedule(draft.schedule, { timeZone, nowMs });
  if (read.kind === "wrong") return refused(scheduleMistake(draft.schedule, read));
  if (text.trim() === "") return refused("A job needs a text: what the agent is to do, or what is to be said.");
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES)
    return refused(`A job's text has at most ${MAX_TEXT_BYTES / 1024} KiB.`);
  if (agent !== null && !rules.hasAgent(agent)) return refused(`There is no agent ${JSON.stringify(agent)}.`);
  if (jitterMs < 0 || jitterMs > MAX_JITTER_MS) return refused("Jitter is at most a day.");
  if (days !== null && (days.length === 0 || days.some((day) => !Number.isInteger(day) || day < 1 || day > 7))) {
    return refused("The days of a job are weekdays, at least one.");
  }
  if (maxRuns !== null && !(Number.isSafeInteger(maxRuns) && maxRuns > 0)) return refused("A job runs at least once.");
  if (endsAtMs !== null && endsAtMs > nowMs + MAX_AHEAD_MS) return refused("A job ends within five years.");
  const plan: Plan = { schedule: read.schedule, timeZone, days, endsAtMs, jitterMs };
  const firstDueAtMs = nextDue(plan, nowMs);
  if (firstDueAtMs === null) return refused("With these days and this end it would never run.");

  const { origin } = draft;
  if (draft.session === "origin" && (origin === null || agent === null)) {
    return refused("Only a job with an agent that was made in a chat can run in that chat's session.");
  }
  const place = origin === null ? null : origin.source;
  const deliver = draft.deliver ?? [place === null ? "local" : "origin"];
  if (deliver.length === 0 || deliver.length > MAX_TARGETS) return refused(`Expected 1 to ${MAX_TARGETS} targets.`);
  const { targets, problems } = resolveTargets(deliver, place, rules.world);
  if (problems.length > 0) return refused(problems.join("\n"));
  if (!targets.every((target) => mayDeliver(target, draft.origin, rules.isAdmin))) {
    return refused("Only admins may have a job deliver anywhere else than where it is made.");
  }
  return { kind: "checked", plan, firstDueAtMs, deliver, targets };
}

/** Whether somebody may have a job deliver there: admins anywhere, others in the chat in which they asked. */
export function mayDeliver(target: ResolvedTarget, origin: JobOrigin | null, isAdmin: boolean): boolean {
  if (isAdmin) return true;
  if (target.kind === "local" || origin === null) return false;
  const { platform, account, chatId } = origin.source;
  const { place } = target;
  return place.platform === platform && place.account === account && place.chatId === chatId;
}

/** The row of a checked draft. */
export function newRow(
  draft: JobDraft,
  checked: Extract<CheckedDraft, { kind: "checked" }>,
  name: string,
  nowMs: number,
): NewJob {
  const { plan, firstDueAtMs, deliver } = checked;
  const { maker } = draft;
  return {
    name,
    made_by: draft.madeBy,
    maker_platform: maker?.platform ?? null,
    maker_id: maker?.userId ?? null,
    maker_name: maker?.name ?? null,
    origin: draft.origin === null ? null : JSON.stringify(draft.origin),
    schedule_text: draft.schedule.trim(),
    schedule: JSON.stringify(plan.schedule),
    time_zone: plan.timeZone,
    text: draft.text.toWellFormed(),
    agent: draft.agent,
    targets: JSON.stringify(deliver),
    session: draft.session ?? "fresh",
    catch_up: draft.catchUp ?? "last",
    overlap: draft.overlap ?? "skip",
    jitter_ms: plan.jitterMs,
    days: plan.days === null ? null : JSON.stringify(plan.days),
    ends_at_ms: plan.endsAtMs,
    max_runs: draft.maxRuns ?? null,
    next_due_at_ms: firstDueAtMs,
    next_run_at_ms: firstDueAtMs + jitterOf(name, firstDueAtMs, plan.jitterMs),
    created_at_ms: nowMs,
  };
}

/** What a draft says, as its row keeps it, in an order of its own: to tell whether a stored job is another. */
export function draftColumns(draft: JobDraft): readonly (string | number | null)[] {
  const { deliver = [draft.origin === null ? "local" : "origin"], days = null } = draft;
  return [
    draft.schedule.trim(),
    draft.timeZone,
    draft.text.toWellFormed(),
    draft.agent,
    JSON.stringify(deliver),
    draft.session ?? "fresh",
    draft.catchUp ?? "last",
    draft.overlap ?? "skip",
    draft.jitterMs ?? 0,
    days === null ? null : JSON.stringify(days),
    draft.endsAtMs ?? null,
    draft.maxRuns ?? null,
  ];
}

function refused(message: string) {
  return { kind: "refused", message } as const;
}
