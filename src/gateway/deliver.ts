import type { Clock, Timer } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import { DeliveryError, isRetryable } from "../platform/delivery-error.ts";
import {
  type Lane,
  markDead,
  markRetry,
  markSent,
  type OutboxRow,
  selectLaneHead,
  selectPendingLanes,
} from "../store/outbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import type { AdapterOf, Post } from "./posts.ts";

/** Takes outbox rows to their platforms: in order within a lane (one conversation), lanes side by side. A retry holds up its own lane alone. */
export interface Delivery {
  /** A post was written for this lane. Whoever has just written it hands it over, so that an idle lane need not read it back. */
  notify(lane: Lane, post?: Post): void;
  /** Starts on everything that waits in the database; returns how many lanes. */
  start(): number;
  /** Lets posts that are on their way arrive, then stops. */
  stop(): Promise<void>;
}

/** First wait after a failure; each further one is twice as long. */
const FIRST_RETRY_MS = 1_000;
/** Longest wait between two tries. */
const MAX_RETRY_MS = 15 * 60_000;
/** Longest reason kept with a row, in UTF-16 units. */
const MAX_ERROR_LENGTH = 500;

/** What is sent: a row of the outbox as it stands before this attempt. */
type Waiting = Pick<OutboxRow, "id" | "text" | "reply_to" | "attempts" | "next_attempt_at_ms" | "created_at_ms">;

interface LaneState {
  readonly lane: Lane;
  isBusy: boolean;
  /** A post came while the lane was busy: what was read before says nothing about it. */
  hasMore: boolean;
  timer: Timer | null;
}

/** Opens the delivery of a store's outbox; a post older than `maxAgeMs` is given up at its next failure. */
export function openDelivery(options: {
  readonly store: SessionStore;
  readonly adapterOf: AdapterOf;
  readonly clock: Clock;
  readonly events: Events;
  readonly maxAgeMs: number;
}): Delivery {
  const { store, adapterOf, clock, events } = options;
  const lanes = new Map<string, LaneState>();
  const underWay = new Set<Promise<void>>();
  let isStopped = false;

  const notify = (lane: Lane, post?: Post) => {
    if (isStopped) return;
    const id = laneId(lane);
    const known = lanes.get(id);
    if (known !== undefined) {
      known.hasMore = true;
      if (!known.isBusy && known.timer === null) run(id, known, null);
      return;
    }
    const state: LaneState = { lane, isBusy: false, hasMore: false, timer: null };
    lanes.set(id, state);
    // A lane that is not known has nothing else waiting: what is handed over is its first post.
    run(id, state, post === undefined ? null : waitingOf(post));
  };

  const run = (id: string, state: LaneState, first: Waiting | null) => {
    state.isBusy = true;
    const running = drain(state, first)
      .then((delayMs) => {
        state.isBusy = false;
        if (delayMs !== null) waitFor(id, state, delayMs);
        else if (state.hasMore && !isStopped) run(id, state, null);
        else lanes.delete(id);
      })
      .catch((error: unknown) => {
        // The database refused to say or to note how things stand: the lane is tried again, as after any failure.
        events.storeWriteFailed({ error });
        state.isBusy = false;
        waitFor(id, state, FIRST_RETRY_MS);
      })
      .finally(() => underWay.delete(running));
    underWay.add(running);
  };

  const waitFor = (id: string, state: LaneState, delayMs: number) => {
    if (isStopped) return;
    state.timer = clock.setTimer(delayMs, () => {
      state.timer = null;
      run(id, state, null);
    });
  };

  /** Sends post after post; resolves with how long to wait for the next one, null when none waits. */
  const drain = async (state: LaneState, first: Waiting | null): Promise<number | null> => {
    let next = first ?? selectLaneHead(store.reader, state.lane);
    while (!isStopped) {
      if (next === null) {
        if (!state.hasMore) return null;
        state.hasMore = false;
        next = selectLaneHead(store.reader, state.lane);
        if (next === null) return null;
      }
      const delayMs = next.next_attempt_at_ms - clock.nowMs();
      if (delayMs > 0) return delayMs;
      next = await deliver(state.lane, next);
    }
    return null;
  };

  /** Makes one attempt, notes how it went, and returns the lane's first post after that. */
  const deliver = async (lane: Lane, row: Waiting): Promise<Waiting | null> => {
    const named = { platform: lane.platform, account: lane.account, outboxId: row.id, attempt: row.attempts + 1 };
    const outcome = await post(lane, row);
    const noted = (note: (tx: Tx) => void) =>
      store.write((tx) => {
        note(tx);
        return selectLaneHead(tx, lane);
      });
    if (outcome.kind === "sent") {
      const next = await noted((tx) => markSent(tx, row.id, outcome.postId, clock.nowMs()));
      events.replySent({ ...named, durationMs: clock.nowMs() - row.created_at_ms });
      return next;
    }
    const { error } = outcome;
    const words = `${error.kind}: ${error.message}`.slice(0, MAX_ERROR_LENGTH);
    const isExpired = clock.nowMs() - row.created_at_ms >= options.maxAgeMs;
    if (isExpired || !isRetryable(error.kind)) {
      const next = await noted((tx) => markDead(tx, row.id, words));
      events.deliveryDead({ ...named, reason: error.kind, error });
      return next;
    }
    const delayMs = error.retryAfterMs ?? Math.min(FIRST_RETRY_MS * 2 ** Math.min(row.attempts, 20), MAX_RETRY_MS);
    const next = await noted((tx) => markRetry(tx, row.id, clock.nowMs() + delayMs, words));
    events.deliveryRetried({ ...named, reason: error.kind, error, delayMs });
    return next;
  };

  const post = async (
    lane: Lane,
    row: Waiting,
  ): Promise<{ kind: "sent"; postId: string } | { kind: "failed"; error: DeliveryError }> => {
    const adapter = adapterOf(lane.platform, lane.account);
    if (adapter === undefined) {
      const message = `no ${lane.platform} bot ${JSON.stringify(lane.account)} is configured.`;
      return { kind: "failed", error: new DeliveryError("unreachable", message, { certain: true }) };
    }
    if (adapter.deliversOnStore) return { kind: "sent", postId: String(row.id) };
    try {
      const postId = await adapter.send({
        outboxId: row.id,
        platform: lane.platform,
        account: lane.account,
        chatId: lane.chatId,
        threadId: lane.threadId,
        text: row.text,
        file: null,
        buttons: [],
        replyToMessageId: row.reply_to,
        attempt: row.attempts + 1,
        firstTriedAtMs: row.created_at_ms,
      });
      return { kind: "sent", postId };
    } catch (cause) {
      if (cause instanceof DeliveryError) return { kind: "failed", error: cause };
      const message = cause instanceof Error ? cause.message : String(cause);
      return { kind: "failed", error: new DeliveryError("unknown", message, { certain: false, cause }) };
    }
  };

  return {
    notify,
    start() {
      const pending = selectPendingLanes(store.reader);
      for (const lane of pending) notify(lane);
      return pending.length;
    },
    async stop() {
      isStopped = true;
      for (const state of lanes.values()) state.timer?.cancel();
      await Promise.allSettled(underWay);
    },
  };
}

function laneId({ platform, account, chatId, threadId }: Lane): string {
  return JSON.stringify([platform, account, chatId, threadId]);
}

function waitingOf(post: Post): Waiting {
  return {
    id: post.outboxId,
    text: post.text,
    reply_to: post.replyTo,
    attempts: 0,
    next_attempt_at_ms: post.atMs,
    created_at_ms: post.atMs,
  };
}
