import type { Clock, Timer } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import { resolveResetPolicy } from "../session/reset-policy.ts";
import { nextResetAt, resetReason } from "../session/reset-reason.ts";
import { hasOpenInbox } from "../store/inbox.ts";
import type { SessionRules } from "../store/resolve-session.ts";
import { selectDueSessions, selectNextResetAt, updateNextReset } from "../store/session-dues.ts";
import { updateEnded } from "../store/session-ends.ts";
import { selectSessionRow } from "../store/sessions.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";

/** Ends sessions when their time has come, without waiting for somebody to write. */
export interface ResetWatcher extends Disposable {
  /** A session is due at this time now: wakes the watcher earlier if need be. */
  expect(nextResetAtMs: number): void;
  /** Looks at once and resolves with how many sessions were ended. */
  look(): Promise<number>;
}

/** Longest sleep: timers stand still while the machine is suspended, and the wall clock may be corrected. */
const MAX_SLEEP_MS = 30_000;
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
  let timer: Timer | null = null;
  let wakeAtMs = Number.POSITIVE_INFINITY;
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

  const sleepUntilNext = () => {
    if (isClosed) return;
    const nowMs = clock.nowMs();
    // What is due now was looked at: it is busy, and waits for the next look.
    const nextMs = selectNextResetAt(store.reader, nowMs) ?? Number.POSITIVE_INFINITY;
    wakeAtMs = Math.min(nextMs, nowMs + MAX_SLEEP_MS);
    timer = clock.setTimer(wakeAtMs - nowMs, wake);
  };

  const wake = () => {
    timer = null;
    look()
      .catch((error: unknown) => events.storeWriteFailed({ error }))
      .finally(sleepUntilNext);
  };
  wake();

  return {
    expect(nextResetAtMs) {
      if (timer === null || nextResetAtMs >= wakeAtMs) return;
      timer.cancel();
      wakeAtMs = nextResetAtMs;
      timer = clock.setTimer(Math.max(0, nextResetAtMs - clock.nowMs()), wake);
    },
    look,
    [Symbol.dispose]() {
      isClosed = true;
      timer?.cancel();
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
