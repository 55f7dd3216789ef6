import { changePlacementState } from "../store/change-placement.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectPlacementsFor } from "../store/memory-placements.ts";
import type { Tx } from "../store/writer.ts";
import { forget } from "./set-aside.ts";

/** Most sessions in which the same words wait to be promoted. */
const MAX_WAITING = 1_000;

/** Lets one memory be forgotten, and the same words in the sessions it may come back from. False when there is nothing to forget. */
export function forgetMemory(tx: Tx, placement: Placement, nowMs: number): boolean {
  if (!forget(tx, placement.id, nowMs)) return false;
  for (const waiting of selectPlacementsFor(tx, placement.scope, placement.fingerprint, MAX_WAITING))
    changePlacementState(tx, waiting, { to: "forgotten", nowMs, validToMs: waiting.validToMs ?? nowMs });
  return true;
}
