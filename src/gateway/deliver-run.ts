import type { Attachment } from "../message/message.ts";
import { type Job, placeOfJob } from "../schedule/job.ts";
import { mayDeliver } from "../schedule/make-job.ts";
import { resolveTargets } from "../session/resolve-targets.ts";
import { cutText } from "../session/untrusted-text.ts";
import type { JobRunRow } from "../store/job-runs.ts";
import type { Lane } from "../store/outbox.ts";
import type { Tx } from "../store/writer.ts";
import { writeReport } from "./job-report.ts";
import { noteDelivered } from "./note-delivered.ts";
import { cutForPosting, MAX_POSTED_LENGTH } from "./posted-answer.ts";
import { type Post, writePosts } from "./posts.ts";
import type { RunRules } from "./run-rules.ts";

/** What a run has to deliver. */
export interface RunOutput {
  /** Markdown. */
  readonly text: string;
  readonly files: readonly Attachment[];
  /** The session it came out of, which knows it; null for a reminder. */
  readonly session: number | null;
}

/** Where it went, and what stood in its way: sentences for whoever made the job. */
export interface DeliveredRun {
  readonly posts: readonly Post[];
  readonly delivered: readonly string[];
  readonly problems: readonly string[];
}

/** Delivers what came of a run to its job's targets as they are now, in the transaction that ends the run: outbox rows, or a file that is on disk before it. */
export function deliverRun(
  tx: Tx,
  rules: RunRules,
  job: Job,
  run: JobRunRow,
  output: RunOutput,
  nowMs: number,
): DeliveredRun {
  const resolved = resolveTargets(job.targets, placeOfJob(job), rules.world);
  const problems = [...resolved.problems];
  const delivered: string[] = [];
  const posts: Post[] = [];
  const isAdmin = rules.isAdmin(job.origin);
  for (const target of resolved.targets) {
    if (!mayDeliver(target, job.origin, isAdmin)) {
      problems.push(`${target.text}: whoever made this job may not have anything delivered there.`);
      continue;
    }
    try {
      if (target.kind === "local") report(rules, job, run, output, nowMs);
      else posts.push(...post(tx, rules, job, run, target.place, output, nowMs));
      delivered.push(target.text);
    } catch (error) {
      if (!(error instanceof Refusal) && !isDiskError(error)) throw error;
      problems.push(`${target.text}: ${error.message}`);
    }
  }
  return { posts, delivered, problems };
}

/** A target that takes nothing, and why. */
class Refusal extends Error {
  override readonly name = "Refusal";
}

/** What the disk says carries its code; a refusal of the database fails the whole transaction instead. */
function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function report(rules: RunRules, job: Job, run: JobRunRow, { text, files }: RunOutput, nowMs: number): void {
  const list = files.map(({ name, path }) => `- ${name}: ${path}`).join("\n");
  const whole = list === "" ? text : `${text}\n\nFiles:\n${list}`;
  const about = { jobName: job.name, runId: run.id, dueAtMs: run.due_at_ms };
  writeReport(rules.folder, { ...about, text: `${whole.trimEnd()}\n` }, nowMs);
}

function post(
  tx: Tx,
  rules: RunRules,
  job: Job,
  run: JobRunRow,
  place: Lane,
  output: RunOutput,
  nowMs: number,
): readonly Post[] {
  const adapter = rules.adapterOf(place.platform, place.account);
  if (adapter === undefined) throw new Refusal(`there is no bot ${place.platform}@${place.account} any more`);
  const isLong = output.text.length > MAX_POSTED_LENGTH && adapter.split !== undefined;
  const whole = isLong ? [rules.keepFile(`${job.name}.md`, "text/markdown", output.text)] : [];
  const text = isLong ? cutForPosting(output.text) : output.text;
  const files = [...whole, ...output.files];
  const speech = { place, inboxId: run.inbox_id, session: null, kind: "message", text, files, replyTo: null } as const;
  const posts = writePosts(tx, rules.adapterOf, { ...speech, nowMs });
  const said = { place, text: cutText(output.text, MAX_POSTED_LENGTH), except: output.session, nowMs };
  noteDelivered(tx, rules.sessions, { ...said, extra: { job: job.name } });
  return posts;
}
