import { recalibrated } from "../memory/calibration.ts";
import { textTokens } from "../memory/tokens.ts";
import { putWindow, selectWindow } from "../store/windows.ts";
import type { BegunTurn } from "./begun-turn.ts";
import type { GivenContext } from "./memory-tasks.ts";
import type { MemoryParts } from "./memory-work.ts";

/** Below so many tokens, a model's own instructions and tools are too great a part of what its provider counts. */
const MIN_TOKENS = 4_000;
/** Smaller changes of the scale are not worth a write. */
const MIN_CHANGE = 0.1;

/** What a provider counted for a context, compared with our estimate: writes the scale where it has moved; null where there is nothing to learn. */
export function noteCalibration(
  { store, promptOf }: Pick<MemoryParts, "store" | "promptOf">,
  turn: BegunTurn,
  { fill, usage }: GivenContext,
): (() => Promise<void>) | null {
  if (usage === null) return null;
  const reported = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const besides = textTokens(promptOf(turn)) + textTokens(turn.agentText);
  const estimated = fill.tokens / fill.scale + besides;
  if (estimated < MIN_TOKENS) return null;
  const scale = recalibrated(fill.scale, estimated, reported);
  if (Math.abs(scale - fill.scale) < MIN_CHANGE * fill.scale) return null;
  return async () => {
    const { row } = turn.session;
    await store.write((tx) => putWindow(tx, row, { ...selectWindow(tx, row), calibration: scale }));
  };
}
