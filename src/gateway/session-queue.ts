/** One row whose turn it is. */
export interface QueuedTurn {
  readonly key: string;
  readonly inboxId: number;
}

/** What becomes of a message that arrives: it runs now, waits for a slot, waits behind others of its key, or there is no room. */
export type Admission = "run" | "wait" | "behind" | "full";

/**
 * Who runs when: one turn at a time a session key, `maxConcurrentTurns` in all, keys in turn.
 * It holds numbers only and forgets everything with the process; the inbox table is what lasts.
 */
export interface SessionQueue {
  /** Reserves a place: after `run` the key is running, otherwise call `admitted` or `withdraw` when the row's fate is known. */
  offer(key: string): Admission;
  /** The row of a `wait` or `behind` is on disk. */
  admitted(key: string, inboxId: number): void;
  /** The row of an `offer` was not stored after all. */
  withdraw(key: string, admission: Exclude<Admission, "full">): void;
  /** A row left from an earlier run: waits whatever the limits. */
  restore(key: string, inboxId: number): void;
  /** Reserves the next turn, if there is one and a slot is free. */
  take(): QueuedTurn | null;
  /** A turn is about to be finished: reserves what its slot does next. Other keys come before the same key. */
  successor(key: string): QueuedTurn | null;
  /** The turn of `key` is finished; `next` is what `successor` gave. */
  finished(key: string, next: QueuedTurn | null): void;
  /** What `take` or `successor` gave could not begin: it is the first of its key again. After `take`, its slot is free. */
  putBack(turn: QueuedTurn, from: "take" | "successor"): void;
  /** From now on nothing is given out. */
  close(): void;
  running(): number;
  waiting(): number;
}

interface Lane {
  isRunning: boolean;
  /** Rows on disk, in order of arrival. */
  readonly waiting: number[];
  /** Rows being stored. */
  coming: number;
}

/** Makes an empty queue. */
export function sessionQueue(limits: {
  readonly maxConcurrentTurns: number;
  readonly maxPending: number;
}): SessionQueue {
  const lanes = new Map<string, Lane>();
  /** Keys that wait and don't run, the longest waiting first. */
  const ready = new Set<string>();
  let freeSlots = limits.maxConcurrentTurns;
  let isClosed = false;

  const laneOf = (key: string): Lane => {
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const made: Lane = { isRunning: false, waiting: [], coming: 0 };
    lanes.set(key, made);
    return made;
  };
  /** Puts a lane where it belongs after it changed: among the ready ones, or nowhere when it is empty. */
  const settle = (key: string, lane: Lane) => {
    if (lane.isRunning) return;
    if (lane.waiting.length > 0) ready.add(key);
    else if (lane.coming === 0) lanes.delete(key);
  };
  const takeReady = (): QueuedTurn | null => {
    if (isClosed) return null;
    for (const key of ready) {
      ready.delete(key);
      const lane = laneOf(key);
      const inboxId = lane.waiting.shift();
      if (inboxId === undefined) continue;
      lane.isRunning = true;
      return { key, inboxId };
    }
    return null;
  };

  return {
    offer(key) {
      const lane = laneOf(key);
      if (lane.waiting.length + lane.coming >= limits.maxPending) {
        settle(key, lane);
        return "full";
      }
      const isFirst = !lane.isRunning && lane.waiting.length === 0 && lane.coming === 0;
      if (isFirst && freeSlots > 0 && ready.size === 0 && !isClosed) {
        lane.isRunning = true;
        freeSlots -= 1;
        return "run";
      }
      lane.coming += 1;
      return isFirst ? "wait" : "behind";
    },
    admitted(key, inboxId) {
      const lane = laneOf(key);
      lane.coming -= 1;
      lane.waiting.push(inboxId);
      settle(key, lane);
    },
    withdraw(key, admission) {
      const lane = laneOf(key);
      if (admission === "run") {
        lane.isRunning = false;
        freeSlots += 1;
      } else lane.coming -= 1;
      settle(key, lane);
    },
    restore(key, inboxId) {
      const lane = laneOf(key);
      lane.waiting.push(inboxId);
      settle(key, lane);
    },
    take() {
      if (freeSlots === 0) return null;
      const next = takeReady();
      if (next !== null) freeSlots -= 1;
      return next;
    },
    successor(key) {
      const other = takeReady();
      if (other !== null || isClosed) return other;
      const inboxId = laneOf(key).waiting.shift();
      return inboxId === undefined ? null : { key, inboxId };
    },
    finished(key, next) {
      if (next?.key === key) return;
      if (next === null) freeSlots += 1;
      const lane = laneOf(key);
      lane.isRunning = false;
      settle(key, lane);
    },
    putBack({ key, inboxId }, from) {
      const lane = laneOf(key);
      lane.waiting.unshift(inboxId);
      if (from === "take") freeSlots += 1;
      lane.isRunning = false;
      settle(key, lane);
    },
    close() {
      isClosed = true;
    },
    running: () => limits.maxConcurrentTurns - freeSlots,
    waiting: () => lanes.values().reduce((sum, lane) => sum + lane.waiting.length + lane.coming, 0),
  };
}
