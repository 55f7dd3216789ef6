import type { InboxRow } from "../store/inbox.ts";
import type { BegunTurn } from "./begin-turn.ts";
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
  end(turn: ActiveTurn): void;
  of(key: string): ActiveTurn | null;
  /** Ends a running turn; the first reason counts. False when none runs. */
  stop(key: string, why: StopReason): boolean;
  stopAll(why: StopReason): void;
}

/** Makes an empty list. */
export function activeTurns(): ActiveTurns {
  const turns = new Map<string, ActiveTurn>();
  const stopTurn = (turn: ActiveTurn, why: StopReason) => {
    turn.stopReason ??= why;
    turn.stop.abort();
  };
  return {
    begin(begun, nowMs) {
      const turn = { begun, startedMs: nowMs, stop: new AbortController(), stopReason: null, steered: [] };
      turns.set(begun.key, turn);
      return turn;
    },
    end(turn) {
      if (turns.get(turn.begun.key) === turn) turns.delete(turn.begun.key);
    },
    of: (key) => turns.get(key) ?? null,
    stop(key, why) {
      const turn = turns.get(key);
      if (turn !== undefined) stopTurn(turn, why);
      return turn !== undefined;
    },
    stopAll(why) {
      for (const turn of turns.values()) stopTurn(turn, why);
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
