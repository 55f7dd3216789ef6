import type { Scope } from "../session/memory-scope.ts";
import { changePlacementState, insertPlacement, reinforcePlacement } from "../store/change-placement.ts";
import { insertNode } from "../store/memory-nodes.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectPlacement, selectSamePlacements } from "../store/memory-placements.ts";
import { StoreError } from "../store/store-error.ts";
import type { Tx } from "../store/writer.ts";
import type { Bucket } from "./claims.ts";
import { cleanMemory, type Refusal } from "./hygiene.ts";
import { nodeAddress } from "./node-address.ts";

const MAX_SAME = 20;

/** Something a person wants remembered. Who may write to the scope is the caller's to judge. */
export interface Telling {
  readonly scope: Scope;
  readonly content: string;
  readonly bucket: Bucket;
  /** The `user:` scope of who said it. */
  readonly author: Scope | null;
  /** The public id of the session, and the line. */
  readonly source: { readonly sessionId: string; readonly seq: number | null } | null;
  /** The placement that holds no longer because of it. */
  readonly replaces?: number;
  /** 0 is usual; higher comes first. */
  readonly priority?: number;
}

/** What came of it. */
export type Remembered =
  | { readonly kind: "remembered" | "reinforced"; readonly placement: Placement }
  | { readonly kind: "refused"; readonly reason: Refusal };

/** Remembers what somebody says in so many words, at once: new, or once more; what it replaces is superseded from now on. */
export function remember(tx: Tx, telling: Telling, nowMs: number): Remembered {
  const cleaned = cleanMemory(telling.content);
  if (cleaned.kind === "refused") return cleaned;
  const { content, fingerprint } = cleaned;
  const { scope } = telling;
  const old = telling.replaces === undefined ? null : selectPlacement(tx, telling.replaces);
  const replaced = old !== null && old.scope === scope && old.state === "active" ? old : null;
  const same = selectSamePlacements(tx, scope, fingerprint, MAX_SAME);
  const active = same.find(({ state }) => state === "active");
  if (active !== undefined) {
    reinforcePlacement(tx, active, { confidence: 1, toldExplicitly: true, nowMs });
    if (replaced !== null && replaced.id !== active.id) supersede(tx, replaced, active.id, nowMs);
    return { kind: "reinforced", placement: required(tx, active.id) };
  }
  const stashed = same.find(({ state }) => state === "stashed");
  if (stashed !== undefined) {
    changePlacementState(tx, stashed, { to: "active", nowMs, validToMs: null });
    if (replaced !== null) supersede(tx, replaced, stashed.id, nowMs);
    return { kind: "remembered", placement: required(tx, stashed.id) };
  }
  const node =
    replaced === null ? { type: "leaf", content, inputs: [] } : { type: "supersede", content, inputs: [replaced.addr] };
  const addr = nodeAddress(node);
  insertNode(tx, { ...node, addr, createdAtMs: nowMs });
  const id = insertPlacement(tx, {
    scope,
    addr,
    content,
    fingerprint,
    bucket: telling.bucket,
    state: "active",
    confidence: 1,
    priority: telling.priority ?? 0,
    author: telling.author,
    target: null,
    sourceSession: telling.source?.sessionId ?? null,
    sourceFromSeq: telling.source?.seq ?? null,
    sourceToSeq: telling.source?.seq ?? null,
    validFromMs: nowMs,
    toldExplicitly: true,
    nowMs,
  });
  if (replaced !== null) supersede(tx, replaced, id, nowMs);
  return { kind: "remembered", placement: required(tx, id) };
}

function supersede(tx: Tx, old: Placement, byId: number, nowMs: number): void {
  changePlacementState(tx, old, { to: "superseded", nowMs, validToMs: nowMs, supersededBy: byId });
}

function required(tx: Tx, id: number): Placement {
  const placement = selectPlacement(tx, id);
  if (placement === null) throw new StoreError("corrupt", `memory ${id} was written and is not there.`);
  return placement;
}
