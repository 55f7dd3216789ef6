import { changePlacementState } from "../store/change-placement.ts";
import { writeEvent } from "../store/lifecycle-events.ts";
import { selectNode } from "../store/memory-nodes.ts";
import type { Placement } from "../store/memory-placement.ts";
import { countSessionsSaying } from "../store/memory-placements.ts";
import type { SessionRow } from "../store/session.ts";
import { StoreError } from "../store/store-error.ts";
import type { Tx } from "../store/writer.ts";
import type { Bucket } from "./claims.ts";
import { chainOf } from "./file-claims.ts";
import { placeMemory } from "./place-memory.ts";
import { MIN_SESSIONS, promotionTime } from "./promotion.ts";

/** Placements looked at to find out in how many sessions something was said: a few of each. */
const MAX_SAYING = 10 * MIN_SESSIONS;

/** What became of a session's chain. */
export interface Promotion {
  /** Remembered beyond the session now. */
  readonly promoted: number;
  /** Was remembered there already. */
  readonly reinforced: number;
  /** A person, or a newer fact, had it put aside or corrected: it stays so. */
  readonly held: number;
  /** Stays with the session, recoverable until it is purged. */
  readonly archived: number;
}

/**
 * Promotes what a session has learned, as the policy lets it, in this one transaction; what it does not let is archived with the session.
 * Doing it again changes nothing, and nothing that was corrected, put aside or forgotten meanwhile comes back. Throws, and nothing is
 * promoted, when a member of the chain has no content any more.
 */
export function promoteChain(tx: Tx, session: SessionRow, nowMs: number): Promotion {
  const outcome = { promoted: 0, reinforced: 0, held: 0, archived: 0 };
  const chain = chainOf(tx, session.session_id);
  for (const member of chain) outcome[promoteMember(tx, member, nowMs)] += 1;
  if (chain.length > 0)
    writeEvent(tx, {
      kind: "chain.promoted",
      sessionId: session.session_id,
      sessionKey: session.session_key,
      data: outcome,
      atMs: nowMs,
    });
  return outcome;
}

function promoteMember(tx: Tx, member: Placement, nowMs: number): keyof Promotion {
  if (selectNode(tx, member.addr) === null)
    throw new StoreError(
      "corrupt",
      `memory ${member.addr.slice(0, 12)} is placed and has no content. Restore a backup.`,
    );
  const { target, fingerprint, confidence, toldExplicitly: isExplicit } = member;
  const sessions = target === null ? 1 : countSessionsSaying(tx, target, fingerprint, MAX_SAYING);
  const time = promotionTime({ bucket: member.bucket as Bucket, confidence, isExplicit, sessions });
  if (target === null || time === "never") {
    changePlacementState(tx, member, { to: "archived", nowMs });
    return "archived";
  }
  const { kind, id } = placeMemory(tx, member, target, nowMs);
  changePlacementState(tx, member, { to: "archived", nowMs, ...(id === null ? {} : { promotedTo: id }) });
  return kind;
}
