import { sleep } from "../clock/clock.ts";
import type { InboundMessage } from "../message/message.ts";
import { finishInbox, insertedInbox, insertInbox, type NewInbox, releaseInbox, selectInbox } from "../store/inbox.ts";
import { StoreError } from "../store/store-error.ts";
import type { Tx } from "../store/writer.ts";
import type { ActiveTurns } from "./active-turns.ts";
import type { SentElsewhere } from "./agent-tools.ts";
import { openAnnouncer } from "./announce.ts";
import { answerAtOnce } from "./answer-at-once.ts";
import type { Approvals } from "./approvals.ts";
import { beginArriving } from "./begin-arriving.ts";
import type { BeginRules } from "./begin-rules.ts";
import { beginTurn } from "./begin-turn.ts";
import type { Begun, BegunTurn } from "./begun-turn.ts";
import { compactFor } from "./compact-for.ts";
import { controlEffects } from "./control-effects.ts";
import type { Delivery } from "./deliver.ts";
import { type FinishedTurn, finishTurn } from "./finish-turn.ts";
import { FIRST_PERSIST_RETRY_MS, openPersist } from "./persist.ts";
import type { Post } from "./posts.ts";
import type { ReplyWaiters } from "./reply-waiters.ts";
import type { QueuedTurn, SessionQueue } from "./session-queue.ts";
import { type TurnRules, turn } from "./turn.ts";
import { turnReach } from "./turn-reach.ts";

/** Runs the turns the queue gives out, from the transaction that begins each to the one that finishes it. */
export interface TurnLoop {
  /** Stores a message of an idle key and begins its turn in somebody's transaction; hand what comes back to `start` after the commit. Null: it is known. */
  begin(
    tx: Tx,
    row: Omit<NewInbox, "begins">,
    message: InboundMessage,
  ): { readonly inboxId: number; readonly begun: Begun } | null;
  /** Goes on with rows that have begun, in the slot that was reserved for them. */
  start(queued: QueuedTurn, begun: Begun): void;
  /** Begins rows while there are free slots. */
  pump(): void;
  /** Stores a message whose command never waits, and runs it; hand what comes back to `controlled` after the commit. Null: it is known. */
  control(
    tx: Tx,
    row: Omit<NewInbox, "begins">,
    message: InboundMessage,
  ): { readonly inboxId: number; readonly begun: Begun } | null;
  controlled(begun: Begun): void;
  /** Ends the turn of a key, if one runs: the next message comes first. */
  interrupt(key: string): void;
  /** Lets a held key go when nothing more came for so long. */
  releaseAfter(key: string, delayMs: number): void;
  /** Gives out no more turns, waits up to `drainMs` for the running ones, gives the rest back, and returns how many those were. */
  stop(drainMs: number): Promise<number>;
}

/** What the loop is made of. */
export interface TurnLoopOptions {
  readonly queue: SessionQueue;
  readonly active: ActiveTurns;
  readonly approvals: Approvals;
  readonly delivery: Delivery;
  readonly waiters: ReplyWaiters;
  /** Whether messages that arrive while a turn of this key runs are told to its agent. */
  readonly steers: (key: string) => boolean;
  readonly begin: BeginRules;
  readonly turn: TurnRules;
  /** A turn came to its end, and what it said is on disk. */
  readonly onAnswered: (turn: BegunTurn) => void;
  /** A session has ended. */
  readonly onSessionEnded: () => void;
  /** A session is due at this time, if nobody writes. */
  readonly onDueAt: (nextResetAtMs: number) => void;
}

/** Opens the loop; nothing runs until `pump` or `start`. */
export function openTurnLoop(options: TurnLoopOptions): TurnLoop {
  const { queue, active, approvals, delivery, waiters } = options;
  const { store, clock, events, feed, adapterOf } = options.turn;
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let abandoned = 0;
  const effects = controlEffects({
    store,
    clock,
    events,
    queue,
    active,
    approvals,
    onRoom: () => pump(),
    compact: (effect) => compact(effect),
  });
  const persist = openPersist(options.turn, stopping.signal);
  const announcer = openAnnouncer({
    delivery,
    waiters,
    events,
    feed,
    onEffect: (effect, by) => effects.happen(effect, by),
    onSessionEnded: options.onSessionEnded,
  });

  const { memory } = options.turn;
  const compact = (effect: Parameters<typeof compactFor>[1]) => {
    const run = compactFor({ memory, store, clock, events, adapterOf, onPosts: announcer.posts }, effect).finally(() =>
      running.delete(run),
    );
    running.add(run);
  };

  const reach = {
    store,
    clock,
    events,
    queue,
    approvals,
    adapterOf,
    isAdmin: options.begin.isAdmin,
    keys: options.begin.sessions.keys,
    steers: options.steers,
    desk: options.begin.desk,
    onPosts: announcer.posts,
    remembers: memory?.remembers === true,
  };

  const instant = { begin: options.begin, agentOf: options.turn.agentOf, events };
  const begin: TurnLoop["begin"] = (tx, row, message) => {
    const nowMs = clock.nowMs();
    const arrived = beginArriving(tx, options.begin, row, message, nowMs);
    return arrived === null ? null : { ...arrived, begun: answerAtOnce(tx, instant, arrived.begun, nowMs) };
  };
  const beginQueued = (tx: Tx, { rows }: QueuedTurn): Begun => {
    const found = rows.map(({ inboxId }) => selectInbox(tx, inboxId)).filter((row) => row !== null);
    const nowMs = clock.nowMs();
    return answerAtOnce(tx, instant, beginTurn(tx, options.begin, found, null, nowMs), nowMs);
  };

  const start = (queued: QueuedTurn, begun: Begun) => {
    const run = go(queued, begun)
      .catch((error: unknown) => events.internalError({ where: "turn", error }))
      .finally(() => running.delete(run));
    running.add(run);
  };

  const go = async (queued: QueuedTurn, begun: Begun): Promise<void> => {
    const turn = begun.kind === "finished" ? begun.turn : begun;
    announcer.begun(turn);
    if (turn.kind === "agent" && turn.session.nextResetAtMs !== null) options.onDueAt(turn.session.nextResetAtMs);
    if (begun.kind === "finished") {
      announcer.finishedAtOnce(begun);
      options.onAnswered(begun.turn);
    }
    if (begun.kind !== "agent") {
      queue.finished(queued.key, null);
      pump();
      return;
    }
    const finished = await run(begun);
    if (finished.stopReason === "shutdown" && finished.answer.failure !== null) {
      abandoned += 1;
      await store.write((tx) => {
        for (const inboxId of begun.inboxIds) releaseInbox(tx, inboxId);
      });
      return;
    }
    await finish(queued, begun, finished);
  };

  /** Lets the agent answer; whoever may reach the turn meanwhile finds it among the active ones. */
  const run = async (begun: BegunTurn): Promise<FinishedTurn> => {
    const running = active.begin(begun, clock.monotonicMs());
    if (stopping.signal.aborted) active.stopAll("shutdown");
    const sends: SentElsewhere[] = [];
    try {
      const shown = await turn(options.turn, running, turnReach(reach, running, sends));
      const { steered, stopReason } = running;
      return { ...shown, steered, sends: shown.answer.failure === null ? sends : [], stopReason };
    } finally {
      active.end(running);
      // A question nobody has answered is over with its turn. Aborting without a reason makes an error with its stack, for each turn.
      running.stop.abort("the turn is over");
    }
  };

  /** Ends a turn and begins the next one of its slot in the same transaction. */
  const finish = async (queued: QueuedTurn, begun: BegunTurn, finished: FinishedTurn): Promise<void> => {
    const next = queue.successor(queued.key);
    active.goesOn(queued.key, next?.key === queued.key);
    const end = (tx: Tx) => finishTurn(tx, options.begin, begun, finished, clock.nowMs());
    let done: { readonly posts: readonly Post[]; readonly begun: Begun | null };
    let successor = next;
    try {
      done = await store.write((tx) => ({ posts: end(tx), begun: next === null ? null : beginQueued(tx, next) }));
    } catch (error) {
      events.storeWriteFailed({ error });
      if (next !== null) queue.putBackSuccessor(queued.key, next);
      if (next !== null && active.takeEarlyStop(next.key)) queue.hold(next.key);
      active.goesOn(queued.key, false);
      successor = null;
      const posts = await persist(end).catch(async (broken: unknown) => {
        await setAside(begun.inboxIds, broken);
        return [];
      });
      if (posts === null) return;
      done = { posts, begun: null };
    }
    announcer.finished(begun, done.posts, finished.answer.failure === null ? "done" : "failed");
    for (const { row } of finished.steered) waiters.answered(row.id, { sessionId: begun.session.sessionId, text: "" });
    if (finished.answer.failure === null) options.onAnswered(begun);
    queue.finished(queued.key, successor);
    if (successor !== null && done.begun !== null) start(successor, done.begun);
    pump();
  };

  /** What nobody can read, or write, would stop its conversation for good: it becomes a dead letter. */
  const setAside = async (inboxIds: readonly number[], error: unknown): Promise<void> => {
    const words = error instanceof Error ? error.message : String(error);
    for (const inboxId of inboxIds) {
      events.turnDead({ inboxId, sessionId: null, attempts: 0, reason: "unreadable", error });
      const dead = {
        state: "dead",
        firstOutboxId: null,
        finishedAtMs: clock.nowMs(),
        error: words.slice(0, 500),
      } as const;
      await persist((tx) => finishInbox(tx, { id: inboxId, ...dead }));
    }
  };

  const pump = () => {
    active.settle();
    for (let queued = queue.take(); queued !== null; queued = queue.take()) {
      const taken = queued;
      const run = claim(taken)
        .catch((error: unknown) => events.internalError({ where: "claim", error }))
        .finally(() => running.delete(run));
      running.add(run);
    }
  };

  const claim = async (queued: QueuedTurn): Promise<void> => {
    try {
      const begun = await store.write((tx) => beginQueued(tx, queued));
      start(queued, begun);
    } catch (error) {
      if (error instanceof StoreError) {
        events.storeWriteFailed({ error });
        await sleep(clock, FIRST_PERSIST_RETRY_MS, stopping.signal);
        queue.putBack(queued);
        if (active.takeEarlyStop(queued.key)) queue.hold(queued.key);
      } else {
        await setAside(
          queued.rows.map(({ inboxId }) => inboxId),
          error,
        );
        queue.finished(queued.key, null);
      }
      pump();
    }
  };

  return {
    begin,
    start,
    pump,
    releaseAfter: effects.releaseAfter,
    control(tx, row, message) {
      const stored = { ...row, begins: null };
      const inboxId = insertInbox(tx, stored);
      if (inboxId === null) return null;
      const inserted = insertedInbox(inboxId, stored);
      return { inboxId, begun: beginTurn(tx, options.begin, [inserted], message, clock.nowMs()) };
    },
    controlled: announcer.begun,
    interrupt: active.interrupt,
    async stop(drainMs) {
      queue.close();
      effects.close();
      const drained = settled(running);
      await Promise.race([drained, sleep(clock, drainMs)]);
      stopping.abort();
      active.stopAll("shutdown");
      await settled(running);
      return abandoned;
    },
  };
}

/** Resolves when a set of promises that add to each other is empty. */
async function settled(running: ReadonlySet<Promise<void>>): Promise<void> {
  while (running.size > 0) await Promise.allSettled(running);
}
