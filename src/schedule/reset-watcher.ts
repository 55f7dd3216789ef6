import type { Clock } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import { resolveResetPolicy } from "../session/reset-policy.ts";
import { nextResetAt, resetReason } from "../session/reset-reason.ts";
import { hasOpenInbox } from "../store/open-inbox.ts";
import type { SessionRules } from "../store/resolve-session.ts";
import { selectDueSessions, selectNextResetAt, updateNextReset } from "../store/session-dues.ts";
import { updateEnded } from "../store/session-ends.ts";
import { selectSessionRow } from "../store/sessions.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import { startDueLoop } from "./due-loop.ts";

/** Ends sessions when their time has come, without waiting for somebody to write. */
export interface ResetWatcher extends Disposable {
  /** A session is due at this time now: wakes the watcher earlier if need be. */
  expect(nextResetAtMs: number): void;
  /** Looks at once and resolves with how many sessions were ended. */
  look(): Promise<number>;
}

/** Sessions ended in one transaction. */
const PAGE = 200;

/**
 * Starts the watcher: it sleeps until the next `next_reset_at_ms`, found by index, and ends what is due as `timeout`; the person is told at their next message.
 * A session with a message that waits or runs is left alone, and looked at again after the longest sleep. What fell due while no daemon ran is ended at the first look.
 */
export function startResetWatcher(options: {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly onEnded: (sessionId: string) => void;
}): ResetWatcher {
  const { store, clock, events } = options;
  let isClosed = false;

  const look = async (): Promise<number> => {
    let ended = 0;
    let place = { afterMs: -1, afterRow: 0 };
    for (;;) {
      const nowMs = clock.nowMs();
      const due = selectDueSessions(store.reader, { nowMs, ...place, limit: PAGE });
      const last = due.at(-1);
      if (last === undefined || isClosed) return ended;
      const results = await store.write((tx) => due.map((session) => endIfDue(tx, store.rules, session.id, nowMs)));
      for (const result of results) {
        if (result === null) continue;
        ended += 1;
        events.sessionReset({ sessionId: result.sessionId, reason: result.reason });
        options.onEnded(result.sessionId);
      }
      place = { afterMs: last.next_reset_at_ms ?? nowMs, afterRow: last.id };
    }
  };

  const loop = startDueLoop({
    clock,
    nextDueAt: (nowMs) => selectNextResetAt(store.reader, nowMs),
    look,
    onError: (error) => events.storeWriteFailed({ error }),
  });
  return {
    expect: loop.expect,
    look,
    [Symbol.dispose]() {
      isClosed = true;
      loop[Symbol.dispose]();
    },
  };
}

/** Judges one session again inside the transaction that ends it: since it was found, somebody may have written. */
function endIfDue(
  tx: Tx,
  rules: SessionRules,
  row: number,
  nowMs: number,
): { readonly sessionId: string; readonly reason: string } | null {
  const session = selectSessionRow(tx, row);
  if (session === null || session.live === 0 || hasOpenInbox(tx, session.session_key)) return null;
  const policy = resolveResetPolicy(rules.resets, session.platform, session.chat_type);
  const reason = resetReason(policy, session.last_active_ms, nowMs);
  if (reason === null) {
    updateNextReset(tx, row, nextResetAt(policy, session.last_active_ms));
    return null;
  }
  // Kept even where nobody is told: the next session's note for the agent follows from it.
  const notice = session.message_count > 0 ? reason : null;
  updateEnded(tx, { row, endedAtMs: nowMs, reason: "timeout", notice });
  return { sessionId: session.session_id, reason };
}
