import type { InboxRow } from "../store/inbox.ts";
import type { BegunTurn } from "./begun-turn.ts";
import type { Received } from "./enter-transcript.ts";

/** Why a turn was ended before its time: by `/stop`, by the next message (`interrupt`), or by the end of the process. */
export type StopReason = "stopped" | "interrupted" | "shutdown";

/** A turn that runs now. */
export interface ActiveTurn {
  readonly begun: BegunTurn;
  readonly startedMs: number;
  readonly stop: AbortController;
  stopReason: StopReason | null;
  /** Messages its agent was told while it worked: they are part of this turn, and end with it. */
  readonly steered: Received[];
}

/** The turns that run now, by session key: what `/stop`, `/status` and steering reach for. */
export interface ActiveTurns {
  begin(begun: BegunTurn, nowMs: number): ActiveTurn;
  /** Its agent is done; what came of it is being stored. */
  end(turn: ActiveTurn): void;
  /** Whether the next turn of a key begins with the same transaction that stores the one that is over. */
  goesOn(key: string, isSo: boolean): void;
  of(key: string): ActiveTurn | null;
  /** Whether the slot of a key is for a turn whose beginning is on its way to the disk. */
  isBeginning(key: string): boolean;
  /** Ends a running turn for the next message; the first reason counts. */
  interrupt(key: string): void;
  /** The same for the person whose row says so, who means one that is about to begin as well: not what was said later. */
  stop(key: string, inboxId: number): void;
  stopAll(why: StopReason): void;
  /** Whether a turn that could not begin was stopped before; asked once. */
  takeEarlyStop(key: string): boolean;
  /** Forgets what was asked of turns that never began, and those that are stored. */
  settle(): void;
}

/** Makes an empty list; `isReserved` says whether a key has a slot, from before its turn begins until after it is stored. */
export function activeTurns(isReserved: (key: string) => boolean): ActiveTurns {
  const turns = new Map<string, ActiveTurn>();
  /** Keys with a slot whose turn is over and being stored. */
  const ending = new Set<string>();
  /** Keys that were stopped before their turn had begun, with the row that said so. */
  const stoppedEarly = new Map<string, number>();
  const stopTurn = (turn: ActiveTurn, why: StopReason) => {
    turn.stopReason ??= why;
    turn.stop.abort();
  };
  const isBeginning = (key: string) => isReserved(key) && !turns.has(key) && !ending.has(key);
  return {
    begin(begun, nowMs) {
      const turn = { begun, startedMs: nowMs, stop: new AbortController(), stopReason: null, steered: [] };
      turns.set(begun.key, turn);
      ending.delete(begun.key);
      const stoppedBy = stoppedEarly.get(begun.key) ?? 0;
      stoppedEarly.delete(begun.key);
      if (begun.inboxIds.some((inboxId) => inboxId < stoppedBy)) stopTurn(turn, "stopped");
      return turn;
    },
    end({ begun: { key } }) {
      turns.delete(key);
      ending.add(key);
    },
    goesOn(key, isSo) {
      if (isSo) ending.delete(key);
      else ending.add(key);
    },
    of: (key) => turns.get(key) ?? null,
    isBeginning,
    interrupt(key) {
      const turn = turns.get(key);
      if (turn !== undefined) stopTurn(turn, "interrupted");
    },
    stop(key, inboxId) {
      const turn = turns.get(key);
      if (turn !== undefined) stopTurn(turn, "stopped");
      else if (isBeginning(key)) stoppedEarly.set(key, inboxId);
    },
    stopAll(why) {
      for (const turn of turns.values()) stopTurn(turn, why);
    },
    takeEarlyStop: (key) => stoppedEarly.delete(key),
    settle() {
      for (const key of stoppedEarly.keys()) if (!isReserved(key)) stoppedEarly.delete(key);
      for (const key of ending) if (!isReserved(key)) ending.delete(key);
    },
  };
}

/** The messages of rows, for an agent that takes them while it works. */
export function receivedOf(rows: readonly (InboxRow | null)[]): readonly Received[] {
  return rows.flatMap((row) =>
    row === null || row.payload === null || row.state !== "waiting"
      ? []
      : [{ row, message: JSON.parse(row.payload) as Received["message"] }],
  );
}
