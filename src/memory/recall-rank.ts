import { textTokens } from "./tokens.ts";
import { likenesses, wordsOf } from "./words.ts";

/** Something that may be recalled. */
export interface Recallable {
  readonly content: string;
  /** 0 to 1: how well it matches what was said; 0 for what was found in another way. */
  readonly textScore: number;
  /** When it was last said, milliseconds since 1970 UTC. */
  readonly updatedAtMs: number;
  /** How often it was said again. */
  readonly reinforced: number;
  /** 0 for ordinary; each step above counts as much as being matched fully, up to 2. */
  readonly priority: number;
  /** 0 to 1. */
  readonly confidence: number;
  readonly toldExplicitly: boolean;
}

/** How much each sign counts; together 1. What matches comes before what is merely new. */
const TEXT = 0.6;
const RECENCY = 0.15;
const REINFORCED = 0.1;
const CONFIDENCE = 0.1;
const EXPLICIT = 0.05;
const PRIORITY = 0.5;
const MAX_PRIORITY = 2;
/** After so long a memory's recency is worth half. */
const HALF_LIFE_MS = 30 * 24 * 3_600_000;
/** Said again so often, once more makes no difference. */
const ENOUGH_REINFORCED = 8;
/** Two memories that have so much in common say the same. */
const SAME = 0.9;
/** The likeness of what is chosen, or says the same as something that is. */
const OUT = 1;
/** What likeness to one that was chosen before costs. */
const LIKENESS_COST = 0.3;
/** Most that are chosen, and most that are looked at for it: the best by score. */
const MAX_CHOSEN = 40;
const MAX_LOOKED_AT = 120;
/** What a line of the prompt has beside the memory: its mark, kind and date. */
const LINE_TOKENS = 12;

/** What the memory is worth for what was said, 0 and up. */
export function recallScore(memory: Recallable, nowMs: number): number {
  const ageMs = Math.max(0, nowMs - memory.updatedAtMs);
  const reinforced = Math.min(1, Math.log1p(memory.reinforced) / Math.log1p(ENOUGH_REINFORCED));
  return (
    TEXT * memory.textScore +
    RECENCY * 0.5 ** (ageMs / HALF_LIFE_MS) +
    REINFORCED * reinforced +
    CONFIDENCE * memory.confidence +
    (memory.toldExplicitly ? EXPLICIT : 0) +
    PRIORITY * Math.min(MAX_PRIORITY, Math.max(0, memory.priority))
  );
}

/** The memories to show, best first: by score, without what says the same twice, within the tokens that quoting them takes. */
export function recallRank<M extends Recallable>(
  memories: readonly M[],
  nowMs: number,
  budgetTokens: number,
): readonly M[] {
  const best = memories
    .map((memory) => ({ memory, score: recallScore(memory, nowMs) }))
    .sort((one, other) => other.score - one.score || other.memory.updatedAtMs - one.memory.updatedAtMs)
    .slice(0, MAX_LOOKED_AT);
  const words = best.map(({ memory }) => wordsOf(memory.content));
  const likenessTo = likenesses(words);
  // Of each to the one among the chosen that is most like it.
  const like = best.map(() => 0);
  const chosen: M[] = [];
  let left = budgetTokens;
  for (let round = 0; round < best.length && chosen.length < MAX_CHOSEN; round += 1) {
    const index = indexOfBest(best, like);
    const candidate = best[index];
    if (candidate === undefined) break;
    like[index] = OUT;
    const tokens = textTokens(candidate.memory.content) + LINE_TOKENS;
    if (tokens > left) continue;
    chosen.push(candidate.memory);
    left -= tokens;
    for (const [other, common] of likenessTo(index))
      like[other] = common >= SAME ? OUT : Math.max(like[other] ?? OUT, common);
  }
  return chosen;
}

function indexOfBest(candidates: readonly { readonly score: number }[], like: readonly number[]): number {
  let best = -1;
  let bestWorth = Number.NEGATIVE_INFINITY;
  for (const [index, { score }] of candidates.entries()) {
    const alike = like[index] ?? OUT;
    const worth = score - LIKENESS_COST * alike;
    if (alike < OUT && worth > bestWorth) [best, bestWorth] = [index, worth];
  }
  return best;
}
