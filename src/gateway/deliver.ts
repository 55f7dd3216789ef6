import type { Timer } from "../clock/clock.ts";
import { deleteMeta, putMeta, selectMeta } from "../store/meta.ts";
import type { MovedChat } from "../store/move-chat.ts";
import { type Lane, markHeadsDoubtful, selectLaneHead, selectPendingLanes } from "../store/outbox.ts";
import type { WaitingPost } from "./attempt-post.ts";
import {
  FIRST_RETRY_MS,
  MAX_RETRY_MS,
  type NoteOutcome,
  openPostDelivery,
  type PostDeliveryOptions,
} from "./deliver-post.ts";
import type { Post } from "./posts.ts";
import { waitingOf } from "./waiting-post.ts";

/** Takes outbox rows to their platforms: in order within a lane (one conversation), lanes side by side. A retry holds up its own lane alone. */
export interface Delivery {
  /** A post was written for this lane. Whoever has just written it hands it over, so that an idle lane need not read it back. */
  notify(lane: Lane, post?: Post): void;
  /** What waited in a chat waits under its new id now: it leaves there, behind the post that is still on its way to the old one. */
  moved(chat: MovedChat): void;
  /** Finds everything that waits in the database; resolves with how many lanes. Nothing leaves before `open`. */
  start(): Promise<number>;
  /** The platforms are there: what waits, and what comes, is sent. */
  open(): void;
  /** Lets posts that are on their way arrive, notes that none is in doubt, and stops. */
  stop(): Promise<void>;
}

/** In the table of facts while every attempt's outcome is noted: absent after a crash, when some may have arrived unnoticed. */
const SETTLED = "outbox_settled";

interface LaneState {
  readonly lane: Lane;
  isBusy: boolean;
  /** Others may wait behind the post in hand: some were there when it was read, or came since. */
  hasMore: boolean;
  timer: Timer | null;
  /** Its timer has just fired. */
  hasWaited: boolean;
  /** The lane of the same conversation under its chat's new id, which waits for the post in hand; null while there is none. */
  successor: LaneState | null;
}

/** Opens the delivery of a store's outbox. */
export function openDelivery(options: PostDeliveryOptions): Delivery {
  const { store, clock, events, pace } = options;
  const lanes = new Map<string, LaneState>();
  const underWay = new Set<Promise<void>>();
  // A post that is tried before its platform is there fails for nothing, and after a crash its one second try is gone.
  let isOpen = false;
  let isStopped = false;

  const deliverPost = openPostDelivery(options);

  const notify = (lane: Lane, post?: Post) => {
    if (isStopped) return;
    const id = laneId(lane);
    const known = lanes.get(id);
    if (known !== undefined) {
      known.hasMore = true;
      if (isOpen && !known.isBusy && known.timer === null) run(id, known, null);
      return;
    }
    const state = openLane(lane, post === undefined);
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
        else {
          lanes.delete(id);
          if (state.successor !== null) release(state.successor);
        }
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

  const moved = ({ platform, account, fromChatId, toChatId }: MovedChat) => {
    for (const lane of selectPendingLanes(store.reader)) {
      if (lane.platform !== platform || lane.account !== account || lane.chatId !== toChatId) continue;
      const before = lanes.get(laneId({ ...lane, chatId: fromChatId }));
      if (before?.isBusy !== true || lanes.has(laneId(lane))) {
        notify(lane);
        continue;
      }
      // The post in hand is the first that is found there, and would leave twice.
      before.successor = { ...openLane(lane, true), isBusy: true };
      lanes.set(laneId(lane), before.successor);
    }
  };

  const release = (state: LaneState) => {
    state.isBusy = false;
    if (!isStopped && isOpen) run(laneId(state.lane), state, null);
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
      next = await deliverPost(state.lane, next, noteOn(state));
    }
    return null;
  };

  /** Notes what came of the post in hand, and reads in the same transaction what the lane sends next. */
  const noteOn =
    (state: LaneState): NoteOutcome =>
    async (note, about) => {
      // Nothing was added to this lane since it was looked through: what is noted as over was its last.
      const mayHaveMore = state.hasMore || about?.mayHaveMore === true;
      state.hasMore = false;
      const next = await store.write((tx) => {
        note(tx);
        return mayHaveMore ? selectLaneHead(tx, state.lane) : null;
      });
      if (next !== null) state.hasMore = true;
      return next;
    };

  return {
    notify,
    moved,
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

function openLane(lane: Lane, hasMore: boolean): LaneState {
  return { lane, isBusy: false, hasMore, timer: null, hasWaited: false, successor: null };
}

function laneId({ platform, account, chatId, threadId }: Lane): string {
  return JSON.stringify([platform, account, chatId, threadId]);
}
