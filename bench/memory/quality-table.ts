import type { Share } from "./judge.ts";
import type { ModelKind, Quality } from "./memory-quality.ts";

const HEAD = ["What", "Good model", "Sloppy model", "No model", "Target"] as const;

/** What of several conversations, of each model, is shown: sums over the seeds. */
export type Qualities = Readonly<Record<ModelKind, readonly Quality[]>>;

/** The rows of the table, the title first. */
export function qualityRows(qualities: Qualities): readonly (readonly string[])[] {
  const row = (what: string, cell: (runs: readonly Quality[]) => string, target = "") => [
    what,
    cell(qualities.good),
    cell(qualities.sloppy),
    cell(qualities.none),
    target,
  ];
  const recall = (name: keyof Quality["recall"], target?: string) =>
    row(`recall: ${name}`, (runs) => shareText(runs.map((run) => run.recall[name])), target);
  const count = (list: (run: Quality) => readonly unknown[]) => (runs: readonly Quality[]) =>
    String(runs.reduce((sum, run) => sum + list(run).length, 0));
  const mean = (value: (run: Quality) => number) => (runs: readonly Quality[]) =>
    Math.round(runs.reduce((sum, run) => sum + value(run), 0) / runs.length).toLocaleString("en");
  return [
    HEAD,
    recall("same session"),
    recall("earlier session"),
    recall("months ago"),
    recall("updated"),
    recall("told explicitly"),
    recall("in the fact's words"),
    recall("in other words"),
    recall("all"),
    row(
      "stale: the old value without the new one",
      (runs) => shareText(runs.map((run) => run.staleAlone)),
      "0 with a good model",
    ),
    row(
      "stale: both remembered side by side",
      (runs) => shareText(runs.map((run) => run.staleBeside)),
      "0 with a good model",
    ),
    row(
      "secrets given away in the conversation",
      mean((run) => run.secrets),
    ),
    row(
      "secrets found in any table but the transcript",
      count((run) => run.secretsStored),
      "0",
    ),
    row(
      "secrets shown beside the conversation",
      count((run) => run.secretsShown),
      "0",
    ),
    row(
      "facts shown to someone who was not there",
      count((run) => run.leaks),
      "0",
    ),
    row(
      "tokens a turn",
      mean((run) => run.tokensATurn),
    ),
    row(
      "tokens a turn with the place's whole history",
      mean((run) => run.historyTokensATurn),
    ),
    row(
      "commits a conversation",
      mean((run) => run.commits),
    ),
    row(
      "model's answers that were none",
      mean((run) => run.failures),
    ),
  ];
}

/** Whether what must be zero is. */
export function isClean(qualities: Qualities): boolean {
  const all = Object.values(qualities).flat();
  const nothing = all.every((run) => run.leaks.length + run.secretsShown.length + run.secretsStored.length === 0);
  return nothing && qualities.good.every((run) => run.staleAlone.hits + run.staleBeside.hits === 0);
}

function shareText(shares: readonly Share[]): string {
  const hits = shares.reduce((sum, share) => sum + share.hits, 0);
  const of = shares.reduce((sum, share) => sum + share.of, 0);
  return of === 0 ? "–" : `${((100 * hits) / of).toFixed(1)} % (${hits} of ${of})`;
}
