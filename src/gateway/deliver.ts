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
import type { AdapterOf } from "./posts.ts";

/** Takes outbox rows to their platforms: in order within a lane (one conversation), lanes side by side. A retry holds up its own lane alone. */
export interface Delivery {
  /** A post was written for this lane. */
  notify(lane: Lane): void;
  /** Starts on everything that waits in the database; returns how many lanes. */
  start(): number;
  /** Lets posts that are on their way arrive, then stops. */
  stop(): Promise<void>;
}

/** First wait after a failure; each further one is twice as long. */
const FIRST_RETRY_MS = 1_000;
/** Longest wait between two tries. */
const MAX_RETRY_MS = 15 * 60_000;

interface LaneState {
  readonly lane: Lane;
  isBusy: boolean;
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

  const notify = (lane: Lane) => {
    if (isStopped) return;
    const id = JSON.stringify([lane.platform, lane.account, lane.chatId, lane.threadId]);
    const state = lanes.get(id) ?? { lane: laneOnly(lane), isBusy: false, timer: null };
    lanes.set(id, state);
    if (state.isBusy || state.timer !== null) return;
    state.isBusy = true;
    const run = drain(state)
      .catch((error: unknown) => {
        // The database refused to say or to note how things stand: the lane is tried again, as after any failure.
        events.storeWriteFailed({ error });
        waitFor(id, state, FIRST_RETRY_MS);
      })
      .finally(() => {
        state.isBusy = false;
        underWay.delete(run);
        if (state.timer === null) lanes.delete(id);
      });
    underWay.add(run);
  };

  const waitFor = (id: string, state: LaneState, delayMs: number) => {
    if (isStopped) return;
    state.timer = clock.setTimer(delayMs, () => {
      state.timer = null;
      lanes.delete(id);
      notify(state.lane);
    });
  };

  const drain = async (state: LaneState): Promise<void> => {
    while (!isStopped) {
      const row = selectLaneHead(store.reader, state.lane);
      if (row === null) return;
      const delayMs = row.next_attempt_at_ms - clock.nowMs();
      if (delayMs > 0) {
        const { platform, account, chatId, threadId } = state.lane;
        waitFor(JSON.stringify([platform, account, chatId, threadId]), state, delayMs);
        return;
      }
      await deliver(row);
    }
  };

  const deliver = async (row: OutboxRow): Promise<void> => {
    const named = {
      platform: row.platform,
      account: row.account,
      outboxId: row.id,
      attempt: row.attempts + 1,
    };
    const outcome = await post(row);
    if (outcome.kind === "sent") {
      await store.write((tx) => markSent(tx, row.id, outcome.postId, clock.nowMs()));
      events.replySent({ ...named, durationMs: clock.nowMs() - row.created_at_ms });
      return;
    }
    const { error } = outcome;
    const words = `${error.kind}: ${error.message}`.slice(0, MAX_ERROR_LENGTH);
    const isExpired = clock.nowMs() - row.created_at_ms >= options.maxAgeMs;
    if (isExpired || !isRetryable(error.kind)) {
      await store.write((tx) => markDead(tx, row.id, words));
      events.deliveryDead({ ...named, reason: error.kind, error });
      return;
    }
    const delayMs = error.retryAfterMs ?? Math.min(FIRST_RETRY_MS * 2 ** Math.min(row.attempts, 20), MAX_RETRY_MS);
    await store.write((tx) => markRetry(tx, row.id, clock.nowMs() + delayMs, words));
    events.deliveryRetried({ ...named, reason: error.kind, error, delayMs });
  };

  const post = async (
    row: OutboxRow,
  ): Promise<{ kind: "sent"; postId: string } | { kind: "failed"; error: DeliveryError }> => {
    const adapter = adapterOf(row.platform, row.account);
    if (adapter === undefined) {
      const message = `no ${row.platform} bot ${JSON.stringify(row.account)} is configured.`;
      return { kind: "failed", error: new DeliveryError("unreachable", message, { certain: true }) };
    }
    if (adapter.deliversOnStore) return { kind: "sent", postId: String(row.id) };
    try {
      const postId = await adapter.send({
        outboxId: row.id,
        platform: row.platform,
        account: row.account,
        chatId: row.chat_id,
        threadId: row.thread_id,
        text: row.text,
        replyToMessageId: row.reply_to,
        attempt: row.attempts + 1,
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
      pending.forEach(notify);
      return pending.length;
    },
    async stop() {
      isStopped = true;
      for (const state of lanes.values()) state.timer?.cancel();
      await Promise.allSettled(underWay);
    },
  };
}

/** Longest reason kept with a row, in UTF-16 units. */
const MAX_ERROR_LENGTH = 500;

function laneOnly({ platform, account, chatId, threadId }: Lane): Lane {
  return { platform, account, chatId, threadId };
}
