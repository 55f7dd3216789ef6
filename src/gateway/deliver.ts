import { backOffMs } from "../clock/back-off.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import { DeliveryError, isRetryable } from "../platform/delivery-error.ts";
import { forgetPost, markGrowing } from "../store/growing-posts.ts";
import { deleteMeta, putMeta, selectMeta } from "../store/meta.ts";
import {
  type Lane,
  markDead,
  markHeadsDoubtful,
  markResent,
  markRetry,
  markSent,
  selectLaneHead,
  selectPendingLanes,
  unmarkResent,
} from "../store/outbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import { type Attempt, attemptPost, type WaitingPost } from "./attempt-post.ts";
import type { Pace } from "./pace.ts";
import type { PlatformRules } from "./platform-rules.ts";
import type { AdapterOf, Post } from "./posts.ts";
import { waitingOf } from "./waiting-post.ts";

/** Takes outbox rows to their platforms: in order within a lane (one conversation), lanes side by side. A retry holds up its own lane alone. */
export interface Delivery {
  /** A post was written for this lane. Whoever has just written it hands it over, so that an idle lane need not read it back. */
  notify(lane: Lane, post?: Post): void;
  /** Finds everything that waits in the database; resolves with how many lanes. Nothing leaves before `open`. */
  start(): Promise<number>;
  /** The platforms are there: what waits, and what comes, is sent. */
  open(): void;
  /** Lets posts that are on their way arrive, notes that none is in doubt, and stops. */
  stop(): Promise<void>;
}

/** First wait after a failure; each further one is twice as long. */
const FIRST_RETRY_MS = 1_000;
/** Longest wait between two tries. */
const MAX_RETRY_MS = 15 * 60_000;
/** Longest reason kept with a row, in UTF-16 units. */
const MAX_ERROR_LENGTH = 500;
/** In the table of facts while every attempt's outcome is noted: absent after a crash, when some may have arrived unnoticed. */
const SETTLED = "outbox_settled";

/** Why a post of which nobody can say whether it arrived is not sent (again): for the operator. */
const IN_DOUBT =
  "in doubt: it may have arrived, and the platform cannot be asked. Retry it if the chat does not show it.";

interface LaneState {
  readonly lane: Lane;
  isBusy: boolean;
  /** Others may wait behind the post in hand: some were there when it was read, or came since. */
  hasMore: boolean;
  timer: Timer | null;
  /** Its timer has just fired. */
  hasWaited: boolean;
}

/** Opens the delivery of a store's outbox; a post older than `maxAgeMs` is given up at its next failure. */
export function openDelivery(options: {
  readonly store: SessionStore;
  readonly adapterOf: AdapterOf;
  readonly clock: Clock;
  readonly events: Events;
  readonly maxAgeMs: number;
  readonly pace: Pace;
  readonly rulesOf: (platform: string, account: string) => PlatformRules;
  /** Notes, in the same transaction, what it means that a post was given up. */
  readonly onDead: (tx: Tx, outboxId: number, error: string) => void;
}): Delivery {
  const { store, adapterOf, clock, events, pace } = options;
  const lanes = new Map<string, LaneState>();
  const underWay = new Set<Promise<void>>();
  // A post that is tried before its platform is there fails for nothing, and after a crash its one second try is gone.
  let isOpen = false;
  let isStopped = false;

  const giveUp = (tx: Tx, id: number, error: string) => {
    markDead(tx, id, error);
    options.onDead(tx, id, error);
  };
  const notify = (lane: Lane, post?: Post) => {
    if (isStopped) return;
    const id = laneId(lane);
    const known = lanes.get(id);
    if (known !== undefined) {
      known.hasMore = true;
      if (isOpen && !known.isBusy && known.timer === null) run(id, known, null);
      return;
    }
    const state: LaneState = { lane, isBusy: false, hasMore: post === undefined, timer: null, hasWaited: false };
    lanes.set(id, state);
    if (!isOpen) {
      state.hasMore = true;
      return;
    }
    // A lane that is not known has nothing else waiting: what is handed over is its first post.
    run(id, state, post === undefined ? null : waitingOf(post));
  };

  const run = (id: string, state: LaneState, first: WaitingPost | null) => {
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
      state.hasWaited = true;
      run(id, state, null);
    });
  };

  const headOf = (state: LaneState): WaitingPost | null => {
    const head = selectLaneHead(store.reader, state.lane);
    state.hasMore = head !== null;
    return head;
  };

  /** Sends post after post; resolves with how long to wait for the next one, null when none waits. */
  const drain = async (state: LaneState, first: WaitingPost | null): Promise<number | null> => {
    let next = first ?? headOf(state);
    while (!isStopped) {
      if (next === null) {
        if (!state.hasMore) return null;
        next = headOf(state);
        if (next === null) return null;
      }
      // What has been waited out is over, whatever became of the wall clock meanwhile.
      const retryMs = state.hasWaited ? 0 : retryDelayMs(next, clock.nowMs());
      state.hasWaited = false;
      const delayMs = retryMs || pace.waitMs(state.lane);
      if (delayMs > 0) return delayMs;
      next = await deliver(state, next);
    }
    return null;
  };

  /** Makes one attempt, notes how it went, and returns the lane's first post after that. */
  const deliver = async (state: LaneState, row: WaitingPost): Promise<WaitingPost | null> => {
    const { lane } = state;
    const named = { platform: lane.platform, account: lane.account, outboxId: row.id, attempt: row.attempts + 1 };
    const attempt = await tryPost(lane, row);
    const noted = async (note: (tx: Tx) => void) => {
      // Nothing was added to this lane since it was looked through: what was just noted was its last.
      const mayHaveMore = state.hasMore;
      state.hasMore = false;
      const next = await store.write((tx) => {
        note(tx);
        return mayHaveMore ? selectLaneHead(tx, lane) : null;
      });
      if (next !== null) state.hasMore = true;
      return next;
    };
    switch (attempt.kind) {
      case "sent":
      case "found": {
        const { postId } = attempt;
        if (attempt.kind === "found" && row.grows === 0 && canEdit(lane, row)) {
          // What arrived may be the beginning of an answer that has ended since: an edit makes sure of the whole.
          state.hasMore = true;
          return await noted((tx) => markGrowing(tx, row.id, postId));
        }
        const next = await noted((tx) =>
          row.grows === 1 ? markGrowing(tx, row.id, postId) : markSent(tx, row.id, postId, clock.nowMs()),
        );
        events.replySent({ ...named, durationMs: clock.nowMs() - row.created_at_ms });
        return next;
      }
      case "lost":
        state.hasMore = true;
        return await noted((tx) => forgetPost(tx, row.id));
      case "in_doubt": {
        const error = new DeliveryError("unknown", IN_DOUBT, { certain: false });
        const next = await noted((tx) => giveUp(tx, row.id, IN_DOUBT));
        events.deliveryDead({ ...named, reason: "in_doubt", error });
        return next;
      }
      case "failed":
        return await failed(state, row, attempt, noted);
    }
  };

  const canEdit = (lane: Lane, row: WaitingPost) =>
    row.file === null && adapterOf(lane.platform, lane.account)?.edit !== undefined;

  const failed = async (
    state: LaneState,
    row: WaitingPost,
    { error, wasResend }: Extract<Attempt, { kind: "failed" }>,
    noted: (note: (tx: Tx) => void) => Promise<WaitingPost | null>,
  ): Promise<WaitingPost | null> => {
    const { lane } = state;
    const named = { platform: lane.platform, account: lane.account, outboxId: row.id, attempt: row.attempts + 1 };
    const words = `${error.kind}: ${error.message}`.slice(0, MAX_ERROR_LENGTH);
    const isExpired = clock.nowMs() - row.created_at_ms >= options.maxAgeMs;
    if (isExpired || !isRetryable(error.kind)) {
      const next = await noted((tx) => giveUp(tx, row.id, words));
      events.deliveryDead({ ...named, reason: error.kind, error });
      return next;
    }
    if (error.kind === "rate_limited") pace.limited(lane, error);
    const delayMs = error.retryAfterMs ?? backOffMs(row.attempts + 1, FIRST_RETRY_MS, MAX_RETRY_MS);
    const nextAttemptAtMs = clock.nowMs() + delayMs;
    state.hasMore = true;
    const next = await noted((tx) => {
      markRetry(tx, { id: row.id, nextAttemptAtMs, error: words, mayHaveArrived: !error.certain });
      // It certainly did not arrive: the one second sending is still to come.
      if (wasResend && error.certain) unmarkResent(tx, row.id);
    });
    events.deliveryRetried({ ...named, reason: error.kind, error, delayMs });
    return next;
  };

  const tryPost = async (lane: Lane, row: WaitingPost): Promise<Attempt> => {
    const adapter = adapterOf(lane.platform, lane.account);
    if (adapter === undefined) {
      const message = `no ${lane.platform} bot ${JSON.stringify(lane.account)} is configured.`;
      return {
        kind: "failed",
        error: new DeliveryError("unreachable", message, { certain: true }),
        wasResend: false,
      };
    }
    if (adapter.deliversOnStore) return { kind: "sent", postId: String(row.id) };
    return await attemptPost(adapter, lane, row, {
      policy: options.rulesOf(lane.platform, lane.account).onAmbiguousSend,
      noteResend: async () => {
        await store.write((tx) => markResent(tx, row.id));
        events.deliveryResent({ platform: lane.platform, account: lane.account, outboxId: row.id });
      },
    });
  };

  return {
    notify,
    async start() {
      const wasSettled = selectMeta(store.reader, SETTLED) !== null;
      const pending = selectPendingLanes(store.reader);
      if (wasSettled || pending.length > 0) {
        await store.write((tx) => {
          deleteMeta(tx, SETTLED);
          if (!wasSettled) markHeadsDoubtful(tx, clock.nowMs());
        });
      }
      for (const lane of pending) notify(lane);
      return pending.length;
    },
    open() {
      isOpen = true;
      for (const [id, state] of lanes) if (!state.isBusy && state.timer === null) run(id, state, null);
    },
    async stop() {
      isStopped = true;
      for (const state of lanes.values()) state.timer?.cancel();
      await Promise.allSettled(underWay);
      await store.write((tx) => putMeta(tx, SETTLED, "1"));
    },
  };
}

/**
 * How long a post waits for its next attempt. A clock that was set back must not hold up a conversation until it has caught up: the
 * first attempt waits for nothing, others no longer than their waits can be. What a platform asked for beyond that, the pace keeps.
 */
function retryDelayMs({ attempts, next_attempt_at_ms }: WaitingPost, nowMs: number): number {
  return attempts === 0 ? 0 : Math.min(Math.max(next_attempt_at_ms - nowMs, 0), MAX_RETRY_MS);
}

function laneId({ platform, account, chatId, threadId }: Lane): string {
  return JSON.stringify([platform, account, chatId, threadId]);
}
