import { cutText } from "../session/untrusted-text.ts";
import type { Summary, SummaryInput } from "./summary.ts";
import { cutToTokens, messageTokens, textTokens } from "./tokens.ts";

/** Longest abstract, in UTF-16 units. */
export const MAX_ABSTRACT_LENGTH = 100;
/** What the lists may take of a summary that is too long; the overview has the rest. */
const LIST_SHARE = 1 / 2;

/** Tokens of everything a summary says, estimated. */
export function summaryTokens(summary: Summary): number {
  const { overview, abstract, activeTask } = summary;
  return textTokens(overview) + textTokens(abstract) + textTokens(activeTask ?? "") + listTokens(summary);
}

/** Tokens of what a summary is made from, as they stand in a context. */
export function summaryInputTokens({ earlier, lines }: Pick<SummaryInput, "earlier" | "lines">): number {
  const before = earlier.reduce((sum, { overview, abstract }) => sum + textTokens(overview) + textTokens(abstract), 0);
  return lines.reduce((sum, { text }) => sum + messageTokens(text), before);
}

/**
 * The summary within `maxTokens`: lists lose their last entries, then the overview its end. Null when nothing of an overview is
 * left. Who wants it smaller than its input gives `summaryInputTokens(input) - 1` at most.
 */
export function fitSummary(summary: Summary, maxTokens: number): Summary | null {
  const abstract = cutToTokens(cutText(summary.abstract, MAX_ABSTRACT_LENGTH), Math.floor(maxTokens / 3));
  const whole = { ...summary, abstract };
  if (summaryTokens(whole) <= maxTokens) return whole.overview === "" ? null : whole;
  const lists = shortenedLists(whole, Math.floor(maxTokens * LIST_SHARE) - textTokens(abstract));
  const overview = cutToTokens(summary.overview, maxTokens - summaryTokens({ ...lists, overview: "" }));
  return overview.trim() === "" ? null : { ...lists, overview };
}

function shortenedLists(summary: Summary, maxTokens: number): Summary {
  const lists = {
    decisions: [...summary.decisions],
    openLoops: [...summary.openLoops],
    constraints: [...summary.constraints],
  };
  const task = textTokens(summary.activeTask ?? "");
  const activeTask = task <= maxTokens ? summary.activeTask : null;
  let left = listTokens(lists);
  const most = maxTokens - (activeTask === null ? 0 : task);
  while (left > most) {
    const longest = Object.values(lists).reduce((one, other) => (other.length > one.length ? other : one));
    const dropped = longest.pop();
    if (dropped === undefined) break;
    left -= textTokens(dropped);
  }
  return { ...summary, ...lists, activeTask };
}

function listTokens({
  decisions,
  openLoops,
  constraints,
}: Pick<Summary, "decisions" | "openLoops" | "constraints">): number {
  return [...decisions, ...openLoops, ...constraints].reduce((sum, text) => sum + textTokens(text), 0);
}
