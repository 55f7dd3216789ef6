import { resolveResetPolicy } from "../session/reset-policy.ts";
import { nextResetAt } from "../session/reset-reason.ts";
import type { SessionRules } from "./resolve-session.ts";
import type { SessionRow } from "./session.ts";
import { clearPendingNotices, updateEnded, updateReopened } from "./session-ends.ts";
import { selectLiveSession, selectSession } from "./sessions.ts";
import type { Tx } from "./writer.ts";

/** What came of going back to an earlier session. */
export type Switch =
  | { readonly kind: "switched"; readonly session: SessionRow; readonly left: SessionRow | null }
  | { readonly kind: "already_live"; readonly session: SessionRow }
  | { readonly kind: "not_found" }
  /** It belongs to another conversation. */
  | { readonly kind: "not_yours" };

/** Makes an earlier session the live one of `key`, if it is of that key, or of the same person in the same chat; the one left stays resumable. */
export function switchSession(tx: Tx, rules: SessionRules, key: string, sessionId: string, nowMs: number): Switch {
  const target = selectSession(tx, sessionId);
  if (target === null || target.end_reason === "delete") return { kind: "not_found" };
  const live = selectLiveSession(tx, key);
  if (target.live === 1 && target.session_key === key) return { kind: "already_live", session: target };
  if (target.session_key !== key && !(live !== null && target.live === 0 && isSamePlaceAndPerson(live, target)))
    return { kind: "not_yours" };
  if (live !== null) updateEnded(tx, { row: live.id, endedAtMs: nowMs, reason: "archive", notice: null });
  clearPendingNotices(tx, key);
  const policy = resolveResetPolicy(rules.resets, target.platform, target.chat_type);
  updateReopened(tx, { row: target.id, key, atMs: nowMs, nextResetAtMs: nextResetAt(policy, nowMs) });
  return { kind: "switched", session: target, left: live };
}

/** Holds when only the key's rules changed between the two: a group that is now one session per person, say. */
function isSamePlaceAndPerson(one: SessionRow, other: SessionRow): boolean {
  return (
    one.agent === other.agent &&
    one.platform === other.platform &&
    one.account === other.account &&
    one.chat_id === other.chat_id &&
    one.thread_id === other.thread_id &&
    one.participant !== null &&
    one.participant === other.participant
  );
}
