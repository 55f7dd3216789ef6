/**
 * What a message does that arrives while its conversation's turn runs: all that wait become one turn (`collect`), each has its own (`followup`),
 * it is told to the running turn where its agent can take it (`steer`), or it ends that turn (`interrupt`).
 */
export type QueueMode = "collect" | "followup" | "steer" | "interrupt";

/** A message that waits for its turn. */
export interface QueuedRow {
  readonly inboxId: number;
  /** Whether it may share a turn with its neighbours: a command never does. */
  readonly joins: boolean;
  /** Whether it is only the beginning: what follows belongs to it, in every mode. */
  readonly holds: boolean;
}

/** The rows whose turn it is: one, or several that become one turn. */
export interface QueuedTurn {
  readonly key: string;
  /** At least one, in order of arrival. */
  readonly rows: readonly QueuedRow[];
}

/** What becomes of a message that arrives: it runs now, waits for a slot, waits behind others of its key, or there is no room. */
export type Admission = "run" | "wait" | "behind" | "full";

/** Most messages that become one turn; what is more waits for the next. */
const MAX_JOINED = 50;

/**
 * Who runs when: one turn at a time a session key, `maxConcurrentTurns` in all, keys in turn.
 * It holds numbers only and forgets everything with the process; the inbox table is what lasts.
 */
export interface SessionQueue {
  /** Most messages that wait in a key. */
  readonly maxPending: number;
  /** Reserves a place: after `run` the key is running, otherwise call `admitted` or `withdraw` when the row's fate is known. One that holds never runs at once. */
  offer(key: string, holds: boolean): Admission;
  /**
   * Whether an offer of this key may be one too many: of the rows being stored, those of known messages take no place. The transaction
   * that stores it has to see.
   */
  isCrowded(key: string): boolean;
  /** The row of a `wait` or `behind` is on disk; one that holds keeps its key waiting until `release`, or until one comes that does not. */
  admitted(key: string, row: QueuedRow): void;
  /** Nothing more of a key is taken until `release`, or until somebody writes there. */
  hold(key: string): void;
  /** Whether nothing of a key is taken. */
  isHeld(key: string): boolean;
  /** Whether a turn of a key runs, is about to begin, or is being finished. */
  isRunning(key: string): boolean;
  /** What a held key waited for did not come, or did. */
  release(key: string): void;
  /** Forgets what waits in a key and is over already: somebody dropped it. */
  forget(key: string, isOver: (inboxId: number) => boolean): void;
  /** How many messages wait in a key. */
  waitingIn(key: string): number;
  /** The row of an `offer` was not stored after all. */
  withdraw(key: string, admission: Exclude<Admission, "full">): void;
  /** A row left from an earlier run: waits whatever the limits, and runs by itself. */
  restore(key: string, inboxId: number): void;
  /** Reserves the next turn, if there is one and a slot is free. */
  take(): QueuedTurn | null;
  /** Takes what waits behind the running turn of `key` and may join it. */
  takeJoining(key: string): readonly QueuedRow[];
  /** A turn is about to be finished: reserves what its slot does next. Other keys come before the same key. */
  successor(key: string): QueuedTurn | null;
  /** The turn of `key` is finished; `next` is what `successor` gave. */
  finished(key: string, next: QueuedTurn | null): void;
  /** What `take` gave could not begin: it is the first of its key again, and its slot is free. */
  putBack(turn: QueuedTurn): void;
  /** The turn of `key` is not finished after all: what `successor` gave for its slot is the first of its own key again. */
  putBackSuccessor(key: string, next: QueuedTurn): void;
  /** From now on nothing is given out. */
  close(): void;
  running(): number;
  waiting(): number;
}

interface Lane {
  isRunning: boolean;
  /** Nothing of it is taken: more of the last message is awaited. */
  isHeld: boolean;
  /** Rows on disk, in order of arrival. */
  readonly waiting: QueuedRow[];
  /** Rows being stored. */
  coming: number;
}

/** Makes an empty queue; `joins` says whether what waits in a key becomes one turn. */
export function sessionQueue(limits: {
  readonly maxConcurrentTurns: number;
  readonly maxPending: number;
  readonly joins: (key: string) => boolean;
}): SessionQueue {
  const lanes = new Map<string, Lane>();
  /** Keys that wait and don't run, the longest waiting first. */
  const ready = new Set<string>();
  let freeSlots = limits.maxConcurrentTurns;
  let isClosed = false;

  const laneOf = (key: string): Lane => {
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const made: Lane = { isRunning: false, isHeld: false, waiting: [], coming: 0 };
    lanes.set(key, made);
    return made;
  };
  /** Puts a lane where it belongs after it changed: among the ready ones, or nowhere when it is empty. */
  const settle = (key: string, lane: Lane) => {
    if (lane.isRunning) return;
    if (lane.isHeld) ready.delete(key);
    else if (lane.waiting.length > 0) ready.add(key);
    else if (lane.coming === 0) lanes.delete(key);
  };
  /** Takes the first row of a lane, and those after it that become one turn with it. */
  const takeRows = (key: string, lane: Lane): QueuedRow[] => {
    const rows: QueuedRow[] = [];
    for (let row = lane.waiting.shift(); row !== undefined; row = lane.waiting.shift()) {
      rows.push(row);
      const next = lane.waiting[0];
      const isLast = next === undefined || !row.joins || !next.joins || rows.length === MAX_JOINED;
      if (isLast || !(row.holds || limits.joins(key))) break;
    }
    return rows;
  };
  const takeReady = (): QueuedTurn | null => {
    if (isClosed) return null;
    for (const key of ready) {
      ready.delete(key);
      const lane = laneOf(key);
      const rows = takeRows(key, lane);
      if (rows.length === 0) continue;
      lane.isRunning = true;
      return { key, rows };
    }
    return null;
  };

  return {
    maxPending: limits.maxPending,
    offer(key, holds) {
      const lane = laneOf(key);
      if (lane.waiting.length >= limits.maxPending) {
        settle(key, lane);
        return "full";
      }
      const isFirst = !lane.isRunning && lane.waiting.length === 0 && lane.coming === 0;
      if (isFirst && !holds && freeSlots > 0 && ready.size === 0 && !isClosed) {
        lane.isRunning = true;
        freeSlots -= 1;
        return "run";
      }
      lane.coming += 1;
      return isFirst ? "wait" : "behind";
    },
    isCrowded(key) {
      const lane = lanes.get(key);
      return lane !== undefined && lane.waiting.length + lane.coming > limits.maxPending;
    },
    admitted(key, row) {
      const lane = laneOf(key);
      lane.coming -= 1;
      lane.waiting.push(row);
      lane.isHeld = row.holds;
      settle(key, lane);
    },
    hold(key) {
      const lane = lanes.get(key);
      if (lane === undefined || lane.waiting.length === 0) return;
      lane.isHeld = true;
      settle(key, lane);
    },
    forget(key, isOver) {
      const lane = lanes.get(key);
      if (lane === undefined) return;
      const kept = lane.waiting.filter(({ inboxId }) => !isOver(inboxId));
      lane.waiting.splice(0, lane.waiting.length, ...kept);
      if (kept.length === 0) ready.delete(key);
      settle(key, lane);
    },
    isHeld: (key) => lanes.get(key)?.isHeld ?? false,
    isRunning: (key) => lanes.get(key)?.isRunning ?? false,
    waitingIn: (key) => lanes.get(key)?.waiting.length ?? 0,
    release(key) {
      const lane = lanes.get(key);
      if (lane === undefined) return;
      lane.isHeld = false;
      // Its rest did not come: what follows from now on is another message.
      const last = lane.waiting.pop();
      if (last !== undefined) lane.waiting.push(last.holds ? { ...last, holds: false } : last);
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
      lane.waiting.push({ inboxId, joins: false, holds: false });
      settle(key, lane);
    },
    takeJoining(key) {
      const lane = lanes.get(key);
      if (lane === undefined || isClosed || lane.isHeld || lane.waiting[0]?.joins !== true) return [];
      return takeRows(key, lane);
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
      const lane = laneOf(key);
      if (lane.isHeld) return null;
      const rows = takeRows(key, lane);
      return rows.length === 0 ? null : { key, rows };
    },
    finished(key, next) {
      if (next?.key === key) return;
      if (next === null) freeSlots += 1;
      const lane = laneOf(key);
      lane.isRunning = false;
      settle(key, lane);
    },
    putBack({ key, rows }) {
      const lane = laneOf(key);
      lane.waiting.unshift(...rows);
      freeSlots += 1;
      lane.isRunning = false;
      settle(key, lane);
    },
    putBackSuccessor(finishing, { key, rows }) {
      const lane = laneOf(key);
      lane.waiting.unshift(...rows);
      // A key that was to follow itself still runs.
      if (key !== finishing) lane.isRunning = false;
      settle(key, lane);
    },
    close() {
      isClosed = true;
    },
    running: () => limits.maxConcurrentTurns - freeSlots,
    waiting: () => lanes.values().reduce((sum, lane) => sum + lane.waiting.length + lane.coming, 0),
  };
}
