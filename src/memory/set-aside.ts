import { changePlacementState } from "../store/change-placement.ts";
import { selectPlacement, selectSamePlacements } from "../store/memory-placements.ts";
import type { Tx } from "../store/writer.ts";

const MAX_SAME = 20;

/** Puts something remembered aside: it is told to nobody until it is taken up again. False when it is not active. */
export function stash(tx: Tx, placementId: number, nowMs: number): boolean {
  const placement = selectPlacement(tx, placementId);
  return placement?.state === "active" && changePlacementState(tx, placement, { to: "stashed", nowMs });
}

/** Takes up again what was put aside; false when it was not, or its scope knows the same by now. */
export function pop(tx: Tx, placementId: number, nowMs: number): boolean {
  const placement = selectPlacement(tx, placementId);
  if (placement?.state !== "stashed") return false;
  const same = selectSamePlacements(tx, placement.scope, placement.fingerprint, MAX_SAME);
  if (same.some(({ state }) => state === "active")) return false;
  return changePlacementState(tx, placement, { to: "active", nowMs });
}

/**
 * Lets something be forgotten, whatever state it is in: nobody is told of it from now on, not even as of an earlier time, and it is erased with
 * the next cleaning after its retention. False when there is nothing to forget.
 */
export function forget(tx: Tx, placementId: number, nowMs: number): boolean {
  const placement = selectPlacement(tx, placementId);
  if (placement === null || placement.state === "forgotten") return false;
  return changePlacementState(tx, placement, { to: "forgotten", nowMs, validToMs: placement.validToMs ?? nowMs });
}
