import { sleep } from "../clock/clock.ts";
import type { SessionChange } from "../command/command.ts";
import type { InboundMessage } from "../message/message.ts";
import { finishInbox, type InboxRow, releaseInbox, selectInbox } from "../store/inbox.ts";
import type { Lane } from "../store/outbox.ts";
import { StoreError } from "../store/store-error.ts";
import type { Tx } from "../store/writer.ts";
import { type BeginRules, type Begun, type BegunTurn, beginTurn } from "./begin-turn.ts";
import type { Delivery } from "./deliver.ts";
import { finishTurn } from "./finish-turn.ts";
import type { Post } from "./posts.ts";
import type { Reply, ReplyWaiters } from "./reply-waiters.ts";
import type { Answer } from "./run-agent.ts";
import type { QueuedTurn, SessionQueue } from "./session-queue.ts";
import { type TurnRules, turn } from "./turn.ts";

/** Runs the turns the queue gives out, from the transaction that begins each to the one that finishes it. */
export interface TurnLoop {
  /** Begins a row in somebody's transaction; hand what comes back to `start` after the commit. */
  begin(tx: Tx, row: InboxRow, message: InboundMessage): Begun;
  /** Goes on with a row that has begun, in the slot that was reserved for it. */
  start(queued: QueuedTurn, begun: Begun): void;
  /** Begins rows while there are free slots. */
  pump(): void;
  /** Gives out no more turns, waits up to `drainMs` for the running ones, gives the rest back, and returns how many those were. */
  stop(drainMs: number): Promise<number>;
}

/** What the loop is made of. */
export interface TurnLoopOptions {
  readonly queue: SessionQueue;
  readonly delivery: Delivery;
  readonly waiters: ReplyWaiters;
  readonly begin: BeginRules;
  readonly turn: TurnRules;
  /** A session is due at this time, if nobody writes. */
  readonly onDueAt: (nextResetAtMs: number) => void;
}

/** First wait before a write that the database refused is tried again; each further one is twice as long. */
const FIRST_RETRY_MS = 500;
/** Longest such wait: room on a disk comes back unannounced. */
const MAX_RETRY_MS = 15_000;

/** Opens the loop; nothing runs until `pump` or `start`. */
export function openTurnLoop(options: TurnLoopOptions): TurnLoop {
  const { queue, delivery, waiters } = options;
  const { store, clock, events, feed } = options.turn;
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let abandoned = 0;

  const begin = (tx: Tx, row: InboxRow, message: InboundMessage | null) =>
    beginTurn(tx, options.begin, row, message, clock.nowMs());
  const beginById = (tx: Tx, inboxId: number): Begun => {
    const row = selectInbox(tx, inboxId);
    return row === null ? { kind: "gone" } : begin(tx, row, null);
  };

  const start = (queued: QueuedTurn, begun: Begun) => {
    const run = go(queued, begun)
      .catch((error: unknown) => events.internalError({ where: "turn", error }))
      .finally(() => running.delete(run));
    running.add(run);
  };

  const go = async (queued: QueuedTurn, begun: Begun): Promise<void> => {
    announce(begun);
    if (begun.kind !== "agent") {
      queue.finished(queued.key, null);
      pump();
      return;
    }
    if (begun.session.nextResetAtMs !== null) options.onDueAt(begun.session.nextResetAtMs);
    const answer = await turn(options.turn, begun, stopping.signal);
    if (stopping.signal.aborted && answer.failure !== null) {
      abandoned += 1;
      await store.write((tx) => releaseInbox(tx, begun.inboxId));
      return;
    }
    await finish(queued, begun, answer);
  };

  /** Ends a turn and begins the next one of its slot in the same transaction. */
  const finish = async (queued: QueuedTurn, begun: BegunTurn, answer: Answer): Promise<void> => {
    const next = queue.successor(queued.key);
    const end = (tx: Tx) => finishTurn(tx, options.begin.adapterOf, begun, answer, clock.nowMs());
    let done: { readonly posts: readonly Post[]; readonly begun: Begun | null };
    let successor = next;
    try {
      done = await store.write((tx) => ({ posts: end(tx), begun: next === null ? null : beginById(tx, next.inboxId) }));
    } catch (error) {
      events.storeWriteFailed({ error });
      if (next !== null) queue.putBack(next, "successor");
      successor = null;
      const posts = await persist(end);
      if (posts === null) return;
      done = { posts, begun: null };
    }
    deliver(done.posts);
    feed.publish({
      kind: "turn_finished",
      place: placeOf(begun.message.source),
      inboxId: begun.inboxId,
      outcome: answer.failure === null ? "done" : "failed",
    });
    waiters.answered(begun.inboxId, { sessionId: begun.session.sessionId, text: textOf(done.posts) });
    queue.finished(queued.key, successor);
    if (successor !== null && done.begun !== null) start(successor, done.begun);
    pump();
  };

  /** What is worked out is not lost to a full disk: it is written as soon as the disk takes it. Null when the daemon stops before that. */
  const persist = async <T>(work: (tx: Tx) => T): Promise<T | null> => {
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, MAX_RETRY_MS)) {
      await sleep(clock, delayMs, stopping.signal);
      try {
        return await store.write(work);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        events.storeWriteFailed({ error });
        if (stopping.signal.aborted) return null;
      }
    }
  };

  const pump = () => {
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
      const begun = await store.write((tx) => beginById(tx, queued.inboxId));
      start(queued, begun);
    } catch (error) {
      if (error instanceof StoreError) {
        events.storeWriteFailed({ error });
        await sleep(clock, FIRST_RETRY_MS, stopping.signal);
        queue.putBack(queued, "take");
      } else {
        // A row nobody can read would end every claim of its session: it is set aside.
        events.turnDead({ inboxId: queued.inboxId, sessionId: null, attempts: 0, reason: "unreadable", error });
        const words = error instanceof Error ? error.message : String(error);
        await persist((tx) =>
          finishInbox(tx, {
            id: queued.inboxId,
            state: "dead",
            firstOutboxId: null,
            finishedAtMs: clock.nowMs(),
            error: words.slice(0, 500),
          }),
        );
        queue.finished(queued.key, null);
      }
      pump();
    }
  };

  const announce = (begun: Begun) => {
    if (begun.kind === "gone") return;
    deliver(begun.posts);
    if (begun.kind === "dead") {
      const { inboxId, attempts } = begun;
      events.turnDead({ inboxId, sessionId: null, attempts, reason: "interrupted" });
      waiters.answered(inboxId, { sessionId: null, text: textOf(begun.posts) });
      return;
    }
    for (const change of begun.changes) announceChange(change, begun.kind === "agent" ? begun : null);
    if (begun.kind === "answered") {
      waiters.answered(begun.inboxId, { sessionId: begun.sessionId, text: textOf(begun.posts) });
    }
  };

  const announceChange = (change: SessionChange, begun: BegunTurn | null) => {
    const { sessionId } = change;
    if (change.kind === "ended") events.sessionReset({ sessionId, reason: change.reason });
    if (change.kind === "started") {
      events.sessionStarted({ sessionId, platform: begun?.session.source.platform ?? "" });
    }
    feed.publish({ kind: "session", sessionId });
  };

  const deliver = (posts: readonly Post[]) => {
    for (const post of posts) {
      const { outboxId, inboxId, kind, text, atMs } = post;
      feed.publish({ kind: "post", place: placeOf(post), outboxId, inboxId, postKind: kind, text, atMs });
      if (!post.isDelivered) delivery.notify(placeOf(post), post);
    }
  };

  return {
    begin,
    start,
    pump,
    async stop(drainMs) {
      queue.close();
      const drained = settled(running);
      await Promise.race([drained, sleep(clock, drainMs)]);
      stopping.abort();
      await settled(running);
      return abandoned;
    },
  };
}

/** Resolves when a set of promises that add to each other is empty. */
async function settled(running: ReadonlySet<Promise<void>>): Promise<void> {
  while (running.size > 0) await Promise.allSettled(running);
}

function placeOf({ platform, account, chatId, threadId }: Lane): Lane {
  return { platform, account, chatId, threadId };
}

/** What a person reads as the answer: everything but notices. */
function textOf(posts: readonly Post[]): Reply["text"] {
  return posts
    .filter(({ kind }) => kind !== "notice")
    .map(({ text }) => text)
    .join("\n\n");
}
