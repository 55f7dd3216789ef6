import type { Archive } from "../store/archive.ts";
import { updateRedone } from "../store/archives.ts";
import { fitSummary, summaryInputTokens, summaryTokens } from "./fit-summary.ts";
import { inTime } from "./in-time.ts";
import { type Lifecycle, MODEL_TIMEOUT_MS } from "./lifecycle.ts";
import { smallerThan } from "./make-summary.ts";
import { SUMMARY_PROMPT_VERSION } from "./prompts/summary-prompt.ts";
import { readLines } from "./window-lines.ts";

/** A model that could not be asked is asked again after so long … */
const AGAIN_MS = 6 * 60 * 60_000;
/** … and until the archive is so old: then the quotations stay. */
const GIVE_UP_MS = 7 * 24 * 60 * 60_000;

/** Has a model summarise what was only quoted when it was archived; true when it did. Its lines and their place are the same. */
export async function redoSummary(lifecycle: Lifecycle, archive: Archive, signal?: AbortSignal): Promise<boolean> {
  const { store, clock, summarise } = lifecycle;
  if (summarise === null) return false;
  const later = (nowMs: number) => (nowMs - archive.createdAtMs >= GIVE_UP_MS ? null : nowMs + AGAIN_MS);
  try {
    const lines = readLines(store.reader, archive.session, archive.fromSeq, archive.toSeq);
    // What was fused with it then is quoted in its overview.
    const input = {
      earlier: archive.details.fused === 0 ? [] : [{ overview: archive.overview, abstract: archive.abstract }],
      lines,
      instructions: null,
      maxTokens: lifecycle.maxSummaryTokens,
    };
    const maxTokens = Math.min(input.maxTokens, Math.ceil(summaryInputTokens(input) / 2));
    const given = { ...input, maxTokens };
    const stop = signal ?? new AbortController().signal;
    const answer = await inTime(clock, MODEL_TIMEOUT_MS, stop, (both) => summarise(given, both));
    const summary = fitSummary(answer, smallerThan(input, lifecycle.maxSummaryTokens));
    if (summary === null) throw new Error("the model's summary says nothing");
    const { overview, abstract, decisions, openLoops, constraints, activeTask } = summary;
    const details = {
      ...archive.details,
      decisions: [...decisions],
      openLoops: [...openLoops],
      constraints: [...constraints],
      activeTask,
      isExtractive: false,
      promptVersion: SUMMARY_PROMPT_VERSION,
      tokensAfter: summaryTokens(summary),
    };
    const { row } = archive;
    return await store.write((tx) => updateRedone(tx, { row, overview, abstract, details, redoAtMs: null }));
  } catch (error) {
    if (signal?.aborted === true) return false;
    lifecycle.failed("summary", error);
    const { row, overview, abstract, details } = archive;
    await store.write((tx) => updateRedone(tx, { row, overview, abstract, details, redoAtMs: later(clock.nowMs()) }));
    return false;
  }
}
