import { sleep } from "../clock/clock.ts";
import type { Archive } from "../store/archive.ts";
import { selectLatestArchive, selectLiveArchives } from "../store/archives.ts";
import type { LifecycleJob } from "../store/lifecycle-jobs.ts";
import type { Reader } from "../store/sqlite.ts";
import { selectWindow } from "../store/windows.ts";
import { extractiveSummary } from "./extractive-summary.ts";
import { fitSummary, summaryInputTokens, summaryTokens } from "./fit-summary.ts";
import { inTime } from "./in-time.ts";
import { type Lifecycle, MODEL_TIMEOUT_MS } from "./lifecycle.ts";
import type { LogLine, Summary, SummaryInput } from "./summary.ts";
import { readLines } from "./window-lines.ts";

/** Waits between the tries of one summary; after the last the lines are quoted, and a model is asked again later. */
const TRY_AFTER_MS = [0, 1_000, 5_000];
/** Every so many commits a summary is made from all live archives again: what is retold from the last one alone drifts. */
const FRESH_FUSION_EVERY = 5;
/** A line of a `hybrid` archive is given to the model up to here, in UTF-16 units. */
const HYBRID_LINE_LENGTH = 500;
const MIN_SUMMARY_TOKENS = 16;

/** A summary that fits, and how it came about. */
export interface MadeSummary {
  readonly summary: Summary;
  readonly isExtractive: boolean;
  /** How many archives it was fused with. */
  readonly fused: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** What an archive of a job's lines is to be made from. Throws where an earlier archive can't be read: nothing is fused from nothing. */
export function summaryInput(db: Reader, job: LifecycleJob, maxTokens: number): SummaryInput {
  const lines = readLines(db, job.session, job.fromSeq, job.toSeq);
  const earlier = earlierArchives(db, job);
  return {
    earlier: earlier.map(({ overview, abstract }) => ({ overview, abstract })),
    lines,
    instructions: job.instructions,
    maxTokens: Math.min(maxTokens, Math.max(MIN_SUMMARY_TOKENS, Math.ceil(summaryInputTokens({ lines, earlier }) / 2))),
  };
}

function earlierArchives(db: Reader, job: LifecycleJob): readonly Archive[] {
  const { commitCount } = selectWindow(db, job.session);
  if ((commitCount + 1) % FRESH_FUSION_EVERY === 0) return selectLiveArchives(db, job.session);
  const latest = selectLatestArchive(db, job.session);
  return latest === null ? [] : [latest];
}

/** Asks the model, three times; then quotes. Rejects only when `signal` aborts. Null: nothing smaller than the lines can be said of them. */
export async function makeSummary(
  lifecycle: Lifecycle,
  job: LifecycleJob,
  input: SummaryInput,
  signal: AbortSignal,
): Promise<MadeSummary | null> {
  const tokensBefore = summaryInputTokens({ earlier: [], lines: input.lines });
  const made = (summary: Summary, isExtractive: boolean): MadeSummary => ({
    summary,
    isExtractive,
    fused: input.earlier.length,
    tokensBefore,
    tokensAfter: summaryTokens(summary),
  });
  if (job.strategy !== "truncate" && lifecycle.summarise !== null) {
    const summary = await askModel(lifecycle, lifecycle.summarise, job, input, signal);
    if (summary !== null) return made(summary, false);
  }
  const quoted = extractiveSummary(input);
  return quoted === null ? null : made(quoted, true);
}

async function askModel(
  lifecycle: Lifecycle,
  summarise: NonNullable<Lifecycle["summarise"]>,
  job: LifecycleJob,
  input: SummaryInput,
  signal: AbortSignal,
): Promise<Summary | null> {
  const given = job.strategy === "hybrid" ? { ...input, lines: input.lines.map(shortened) } : input;
  for (const waitMs of TRY_AFTER_MS) {
    await sleep(lifecycle.clock, waitMs, signal);
    signal.throwIfAborted();
    try {
      const answer = await inTime(lifecycle.clock, MODEL_TIMEOUT_MS, signal, (both) => summarise(given, both));
      const fitted = fitSummary(answer, smallerThan(input, lifecycle.maxSummaryTokens));
      if (fitted !== null) return fitted;
      lifecycle.failed("summary", new Error("the model's summary says nothing"));
    } catch (error) {
      signal.throwIfAborted();
      lifecycle.failed("summary", error);
    }
  }
  return null;
}

function shortened(line: LogLine): LogLine {
  if (line.text.length <= HYBRID_LINE_LENGTH) return line;
  return { ...line, text: `${line.text.slice(0, HYBRID_LINE_LENGTH).toWellFormed()}…` };
}

/** The most a summary may take: less than what it stands for. */
export function smallerThan(input: SummaryInput, maxTokens: number): number {
  return Math.min(maxTokens, summaryInputTokens(input) - 1);
}
