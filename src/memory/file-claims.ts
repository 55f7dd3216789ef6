import { formatScope } from "../session/memory-scope.ts";
import { changePlacementState, insertPlacement, reinforcePlacement } from "../store/change-placement.ts";
import type { SeqRange } from "../store/extractions.ts";
import { insertNode } from "../store/memory-nodes.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectPlacements, selectPlacementsOfNode, selectSamePlacements } from "../store/memory-placements.ts";
import type { Session } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import type { Tx } from "../store/writer.ts";
import type { Claim } from "./claims.ts";
import { cleanClaim, type HygieneMode } from "./clean-claim.ts";
import { type Decision, decideClaims, type Known } from "./decide-claims.ts";
import { nodeAddress } from "./node-address.ts";
import { promotionScope } from "./promotion.ts";
import { authorOf, placeOf } from "./source-place.ts";

/** Most facts one session keeps for itself: extractions that run wild must not fill the disk. */
const MAX_CHAIN = 1_000;
/** Most placements of the same words looked at. */
const MAX_SAME = 20;
/** Most that is carried on of what a corrected correction took the place of. */
const MAX_INPUTS = 20;
const PAGE = 200;

/** What became of the claims of an extraction. */
export interface Filed {
  readonly kept: number;
  readonly reinforced: number;
  /** Claims that were not taken, by why. */
  readonly refused: Readonly<Record<string, number>>;
}

type KnownPlacement = Known & { readonly placement: Placement };

/** Adds what a model found in lines to a session's preliminary chain: clean, known once, and visible to nobody else before it is promoted. */
export function fileClaims(
  tx: Tx,
  session: Session,
  claims: readonly Claim[],
  from: { readonly range: SeqRange; readonly nowMs: number; readonly hygiene: HygieneMode },
): Filed {
  // What a model finds was never asked for in so many words, whatever it says.
  const found = claims.map((claim) => ({ ...claim, isExplicit: false }));
  const refused: Record<string, number> = {};
  const count = { kept: 0, reinforced: 0 };
  const refuse = (reason: string) => {
    refused[reason] = (refused[reason] ?? 0) + 1;
  };
  let room = MAX_CHAIN - chainOf(tx, session.sessionId).length;
  for (const decision of decideClaims(found, knownOf(tx, session, found, from.hygiene), from.hygiene)) {
    switch (decision.kind) {
      case "add":
        if (room <= 0) {
          refuse("full");
          break;
        }
        addToChain(tx, session, decision, from);
        room -= 1;
        count.kept += 1;
        break;
      case "reinforce":
        reinforcePlacement(tx, decision.known.placement, {
          confidence: decision.claim.confidence,
          toldExplicitly: false,
          nowMs: from.nowMs,
        });
        count.reinforced += 1;
        break;
      case "stash":
        changePlacementState(tx, decision.known.placement, { to: "stashed", nowMs: from.nowMs });
        break;
      case "revive":
      case "forget":
      case "ask_forget":
        // Only a person does that.
        refuse(decision.kind);
        break;
      case "refuse":
        refuse(decision.reason);
    }
  }
  return { ...count, refused };
}

function addToChain(
  tx: Tx,
  session: Session,
  { claim, content, fingerprint, bucket, supersedes }: Extract<Decision<KnownPlacement>, { kind: "add" }>,
  { range, nowMs }: { readonly range: SeqRange; readonly nowMs: number },
): void {
  const replaced = supersedes?.known.placement ?? null;
  // Of what this session corrected before, all that it took the place of: the first of it is what is remembered elsewhere.
  const inputs = replaced === null ? [] : [replaced.addr, ...inputsOf(replaced)];
  const node = { type: replaced === null ? "leaf" : "supersede", content, inputs };
  const addr = nodeAddress(node);
  insertNode(tx, { ...node, addr, createdAtMs: nowMs });
  const id = insertPlacement(tx, {
    scope: formatScope({ kind: "session", sessionId: session.sessionId }),
    addr,
    content,
    fingerprint,
    bucket,
    state: "preliminary",
    confidence: Math.min(1, Math.max(0, claim.confidence)),
    priority: 0,
    author: authorOf(claim, session.source),
    target: promotionScope(claim, placeOf(session.source)),
    sourceSession: session.sessionId,
    sourceFromSeq: range.fromSeq,
    sourceToSeq: range.toSeq,
    validFromMs: nowMs,
    toldExplicitly: false,
    nowMs,
  });
  // What only the session had learned holds no longer; what is remembered elsewhere holds until this is promoted.
  if (replaced !== null && supersedes?.when === "now")
    changePlacementState(tx, replaced, { to: "superseded", nowMs, validToMs: nowMs, supersededBy: id });
}

/** The last ones were there first: a memory that was corrected again and again still ends the one it began with. */
function inputsOf({ state, inputs }: Placement): readonly string[] {
  return state === "preliminary" ? inputs.slice(-MAX_INPUTS) : [];
}

/** What is known of the claims' words, and of what they name, in the session and where each of them may go. */
function knownOf(db: Reader, session: Session, claims: readonly Claim[], hygiene: HygieneMode): KnownPlacement[] {
  const own = formatScope({ kind: "session", sessionId: session.sessionId });
  const known = new Map<number, KnownPlacement>();
  const add = (placement: Placement) => {
    const { addr, fingerprint, state, scope } = placement;
    known.set(placement.id, { addr, fingerprint, state, isOfThisSession: scope === own, placement });
  };
  for (const claim of claims) {
    const cleaned = cleanClaim(claim, hygiene);
    const target = promotionScope(claim, placeOf(session.source));
    for (const scope of target === null ? [own] : [own, target]) {
      if (cleaned.kind === "clean") selectSamePlacements(db, scope, cleaned.fingerprint, MAX_SAME).forEach(add);
      if (claim.replaces === null) continue;
      selectSamePlacements(db, scope, claim.replaces, MAX_SAME).forEach(add);
      selectPlacementsOfNode(db, claim.replaces, scope).forEach(add);
    }
  }
  return [...known.values()];
}

/** What a session has learned and nobody else knows, in the order in which it was learned. */
export function chainOf(db: Reader, sessionId: string): Placement[] {
  const scope = formatScope({ kind: "session", sessionId });
  const chain: Placement[] = [];
  for (let after = 0; ; ) {
    const page = selectPlacements(db, { scope, state: "preliminary", after, limit: PAGE });
    chain.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return chain;
    after = last.id;
  }
}
