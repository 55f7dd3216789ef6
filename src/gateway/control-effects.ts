import { tellPairing } from "../access/pairing-outcome.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import type { ControlEffect } from "../command/command.ts";
import type { Events } from "../observe/events.ts";
import { selectInbox } from "../store/inbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { ActiveTurns } from "./active-turns.ts";
import type { Approvals } from "./approvals.ts";
import type { SessionQueue } from "./session-queue.ts";

/** What commands, and waits for the rest of a message, do to what goes on in a conversation. */
export interface ControlEffects {
  /** Does what the command of a row has decided, once that is on disk. */
  happen(effect: ControlEffect, by: { readonly key: string; readonly inboxId: number }): void;
  /** Lets a held key go when nothing more came for so long. */
  releaseAfter(key: string, delayMs: number): void;
  /** Ends the waits: what they hold is the next process's. */
  close(): void;
}

/** Opens them; `onRoom` is told when what waits may run. */
export function controlEffects(parts: {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly queue: SessionQueue;
  readonly active: ActiveTurns;
  readonly approvals: Approvals;
  readonly onRoom: () => void;
  readonly compact: (effect: Extract<ControlEffect, { kind: "compact" }>) => void;
}): ControlEffects {
  const { store, clock, events, queue, active, approvals, onRoom } = parts;
  const waits = new Map<string, Timer>();

  const isOver = (inboxId: number) => {
    const row = selectInbox(store.reader, inboxId);
    return row === null || row.state === "done" || row.state === "dead";
  };

  return {
    happen(effect, { key, inboxId }) {
      switch (effect.kind) {
        case "stop":
          // The end of a wait for the rest of a message lets go of nothing now.
          waits.get(key)?.cancel();
          waits.delete(key);
          queue.hold(key);
          active.stop(key, inboxId);
          break;
        case "release":
          // What was dropped takes no room from now on.
          queue.forget(key, isOver);
          queue.release(key);
          onRoom();
          break;
        case "decide":
          approvals.decide(effect.approvalId, effect.isAllowed);
          break;
        case "paired":
          tellPairing(events, effect.outcome);
          break;
        case "rewritten":
          store.replaceTranscriptFile(effect.sessionId);
          break;
        case "compact":
          parts.compact(effect);
          break;
      }
    },
    releaseAfter(key, delayMs) {
      waits.get(key)?.cancel();
      const timer = clock.setTimer(delayMs, () => {
        waits.delete(key);
        queue.release(key);
        onRoom();
      });
      waits.set(key, timer);
    },
    close() {
      for (const timer of waits.values()) timer.cancel();
    },
  };
}
