import type { ContextLimits } from "../agent/backend.ts";
import { DEFAULT_TAIL, type Tail } from "../memory/claim-range.ts";
import { dueAt } from "../memory/thresholds.ts";
import { pendingExtraction } from "../store/extractions.ts";
import type { Connection, Reader } from "../store/sqlite.ts";
import { putWindow, selectWindow } from "../store/windows.ts";
import type { BegunTurn } from "./begun-turn.ts";
import type { MemoryRules } from "./memory-rules.ts";
import type { ContextFill } from "./turn-context.ts";

/** Fewer lines beside the tail are not worth a summary of their own: a window of few long messages is cut in view instead. */
const MIN_TAKEN_LINES = 4;
/** The tail is at most this part of what the agent takes: what is left has to last for a while. */
const TAIL_SHARE = 1 / 4;

interface Given {
  readonly fill: ContextFill;
  readonly limits: ContextLimits;
}

/** What is due for a session after a turn in this context. */
export function dueOf(
  db: Reader,
  rules: Pick<MemoryRules, "thresholds" | "tailMessages" | "extracts">,
  turn: Pick<BegunTurn, "session">,
  given: Given,
): { readonly refresh: boolean; readonly commit: boolean } {
  const { ratio, cycle, softCycle, windowLines } = given.fill;
  if (ratio < rules.thresholds.soft) return { refresh: false, commit: false };
  const { row, messageCount } = turn.session;
  const pending = rules.extracts && softCycle !== cycle ? countPending(db, row, messageCount) : 0;
  const due = dueAt({ ratio, cycle, softCycle, pending }, rules.thresholds);
  return { refresh: due.refresh, commit: due.commit && windowLines >= tailOf(rules, given).messages + MIN_TAKEN_LINES };
}

/** What stays word for word when the window is compacted in such a context. */
export function tailOf({ tailMessages }: Pick<MemoryRules, "tailMessages">, { fill, limits }: Given): Tail {
  const messages = Math.floor(Math.min(tailMessages, limits.messages * TAIL_SHARE, fill.quarterLines));
  return { ...DEFAULT_TAIL, messages: Math.max(DEFAULT_TAIL.messages, messages) };
}

/** The soft threshold has spoken in this cycle. */
export function noteSoftCycle(tx: Reader & Pick<Connection, "run">, row: number, cycle: number): void {
  const window = selectWindow(tx, row);
  if (window.cycle === cycle) putWindow(tx, row, { ...window, softCycle: cycle });
}

function countPending(db: Reader, row: number, lastSeq: number): number {
  return pendingExtraction(db, row, lastSeq).reduce((sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1, 0);
}
