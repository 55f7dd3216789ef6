import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { AdapterEvents } from "../../src/platform/adapter.ts";
import { backOff } from "./back-off.ts";
import { orderOf } from "./payload.ts";
import type { TakeUpdate } from "./take-update.ts";

/** An update as far as polling has to know it. */
export interface NumberedUpdate {
  readonly update_id: number;
}

/** What a batch is handed over with. */
export interface BatchOptions {
  readonly take: TakeUpdate;
  /** Told of each pressed button before anything is handed over: its time runs, however long it has to wait. */
  readonly pressed: (callbackId: string) => void;
  readonly clock: Clock;
  readonly events: AdapterEvents;
  /** Aborts when reading ends: what is being handed over is finished, nothing else begun. */
  readonly signal: AbortSignal;
}

/**
 * Hands over the updates of one answer: those of one chat in order, chats beside each other. One that can't be stored is
 * tried again until it can, or until reading ends. Resolves with the lowest number that is not confirmed by that.
 */
export async function takeBatch(updates: readonly NumberedUpdate[], options: BatchOptions): Promise<number> {
  const unfinished = new Set(updates.map(({ update_id }) => update_id));
  const next = Math.max(...unfinished) + 1;
  for (const segment of segmentsOf(updates, options.pressed)) {
    await Promise.all(segment.map((lane) => takeLane(lane, unfinished, options)));
  }
  return Math.min(next, ...unfinished);
}

/** The lanes that may go side by side, cut wherever a chat gets another id; `pressed` hears of each button on the way. */
function segmentsOf(
  updates: readonly NumberedUpdate[],
  pressed: BatchOptions["pressed"],
): readonly (readonly NumberedUpdate[])[][] {
  const segments: NumberedUpdate[][][] = [];
  let lanes = new Map<number, NumberedUpdate[]>();
  let homeless: NumberedUpdate[][] = [];
  const cut = () => {
    segments.push([...lanes.values(), ...homeless]);
    lanes = new Map();
    homeless = [];
  };
  for (const update of updates) {
    const { chatId, isMove, callbackId } = orderOf(update);
    if (callbackId !== null) pressed(callbackId);
    if (isMove) {
      cut();
      segments.push([[update]]);
    } else if (chatId === null) homeless.push([update]);
    else {
      const lane = lanes.get(chatId);
      if (lane === undefined) lanes.set(chatId, [update]);
      else lane.push(update);
    }
  }
  cut();
  return segments;
}

async function takeLane(lane: readonly NumberedUpdate[], unfinished: Set<number>, options: BatchOptions) {
  for (const update of lane) {
    if (options.signal.aborted || !(await takeAtLast(update, options))) return;
    unfinished.delete(update.update_id);
  }
}

async function takeAtLast(update: NumberedUpdate, { take, clock, events, signal }: BatchOptions): Promise<boolean> {
  const waits = backOff();
  for (let isFirst = true; ; isFirst = false) {
    try {
      if ((await take(update)) === "taken") return true;
    } catch (error) {
      if (isFirst) events.warning("a message could not be stored; it is tried again until it can be", error);
    }
    await sleep(clock, waits.nextMs(), signal);
    if (signal.aborted) return false;
  }
}
