import { changePlacementState, insertPlacement, reinforcePlacement } from "../store/change-placement.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectPlacementsOfNode, selectSamePlacements } from "../store/memory-placements.ts";
import type { Tx } from "../store/writer.ts";

/** Most placements of the same words looked at: each is a time it was corrected. */
const MAX_SAME = 20;

/** What became of a preliminary memory in the scope it was promoted to. */
export interface Placed {
  /** `held`: a person had it put aside, or something newer corrected it; it stays so. */
  readonly kind: "promoted" | "reinforced" | "held";
  /** Its placement there; null where it is held. */
  readonly id: number | null;
}

/** Places what one session knows into the scope it may reach. What it takes the place of there is superseded from when it was said. */
export function placeMemory(tx: Tx, member: Placement, scope: string, nowMs: number): Placed {
  const same = selectSamePlacements(tx, scope, member.fingerprint, MAX_SAME);
  const active = same.find(({ state }) => state === "active");
  if (active !== undefined) {
    reinforcePlacement(tx, active, { ...member, nowMs });
    return { kind: "reinforced", id: active.id };
  }
  // What was corrected or forgotten before it was said is news when it is said again; what came after its source holds against it.
  const isHeld = same.some(
    ({ state, validToMs, updatedAtMs }) => state === "stashed" || (validToMs ?? updatedAtMs) >= member.validFromMs,
  );
  if (isHeld) return { kind: "held", id: null };
  const id = insertPlacement(tx, { ...member, scope, state: "active", target: null, nowMs });
  for (const addr of member.inputs) {
    for (const old of selectPlacementsOfNode(tx, addr, scope)) {
      if (old.state !== "active" || old.id === id) continue;
      const validToMs = Math.max(old.validFromMs, member.validFromMs);
      changePlacementState(tx, old, { to: "superseded", nowMs, validToMs, supersededBy: id });
    }
  }
  return { kind: "promoted", id };
}
