import type { Clock, Timer } from "../clock/clock.ts";
import type { Adapter } from "../platform/adapter.ts";
import { DeliveryError } from "../platform/delivery-error.ts";
import { type GrowingPost, selectGrowing } from "../store/growing-posts.ts";
import { updateFirstOutbox } from "../store/inbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { BegunTurn } from "./begun-turn.ts";
import type { Delivery } from "./deliver.ts";
import type { Pace } from "./pace.ts";
import { MAX_POSTED_LENGTH } from "./posted-answer.ts";
import { splitFor, writePost } from "./posts.ts";

/** An answer that is shown while it grows: its posts are made through the outbox and edited in place until the turn ends. */
export interface GrowingAnswer {
  /** The answer so far. */
  show(text: string): void;
  /** What the agent does besides writing, as one line; null when it is done with that. */
  note(line: string | null): void;
  /** Stops showing; resolves with the outbox rows there are, in order, when no change is under way any more. */
  end(): Promise<readonly number[]>;
}

/** An answer that is there sooner is posted once, whole. */
const FIRST_SHOWN_MS = 1_000;
/** How often what is shown is brought up to date. */
const REPEAT_MS = 1_000;
/** A long answer is cut into posts at most for this part of the time, one fortieth: all other conversations wait meanwhile. */
const SPLIT_SHARE = 40;
/** Somebody who sees nothing new for this long gets a word. */
const SILENCE_MS = 60_000;
const STILL_WORKING = "Still working on it";
/** After so many refused changes in a row the rest waits for the end. */
const MAX_FAILURES = 3;

/** What answers are shown with. */
export interface GrowingParts {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly delivery: Delivery;
  readonly pace: Pace;
}

/**
 * Starts to show the answer of a turn; nothing is posted when it ends within a second. With `streams` false nothing of it is shown
 * before its end, but a long silence is broken all the same.
 */
export function growAnswer(
  parts: GrowingParts,
  adapter: Adapter,
  turn: BegunTurn,
  { streams }: { readonly streams: boolean },
): GrowingAnswer {
  const { store, clock, delivery, pace } = parts;
  const { source, messageId } = turn.message;
  const place = {
    platform: source.platform,
    account: source.account,
    chatId: source.chatId,
    threadId: source.threadId,
  };
  const known = turn.firstOutboxId === null ? [] : selectGrowing(store.reader, turn.inboxId, turn.firstOutboxId);
  const rows: number[] = known.map(({ id }) => id);
  const shown = new Map<number, string>();
  /** When there was something new to see. */
  let heardMs = clock.monotonicMs();
  let text = "";
  let note: string | null = null;
  let failures = 0;
  let canDraft = adapter.draft !== undefined && source.chatType === "dm" && rows.length === 0;
  let isEnded = false;
  let underWay: Promise<void> = Promise.resolve();
  let timer: Timer | null = null;

  const schedule = (delayMs: number) => {
    timer = clock.setTimer(delayMs, () => {
      underWay = tick()
        .catch(() => {
          // The database or the platform did not take it: the end of the turn says it all again.
          failures += 1;
          return REPEAT_MS;
        })
        .then((nextMs) => {
          if (!isEnded && failures < MAX_FAILURES) schedule(nextMs);
        });
    });
  };

  /** Brings what is shown up to date; resolves with when to look again. */
  const tick = async (): Promise<number> => {
    const visible = visibleText();
    if (visible === "") return REPEAT_MS;
    if (canDraft) {
      const waitMs = pace.editWaitMs(place);
      if (waitMs > 0) return waitMs;
      canDraft = (await adapter.draft?.(place, turn.inboxId, splitFor(adapter, visible).at(-1) ?? visible)) ?? false;
      if (canDraft) return REPEAT_MS;
    }
    if (adapter.edit === undefined) return REPEAT_MS;
    const startedMs = clock.monotonicMs();
    const pieces = splitFor(adapter, visible);
    const repeatMs = Math.max(REPEAT_MS, (clock.monotonicMs() - startedMs) * SPLIT_SHARE);
    if (pieces.length > rows.length) await addPosts(pieces);
    for (const post of currentPosts()) {
      const piece = pieces[rows.indexOf(post.id)];
      const isUpToDate = piece === undefined || piece === (shown.get(post.id) ?? post.text);
      if (isUpToDate || post.post_id === null || post.state !== "growing") continue;
      const waitMs = pace.editWaitMs(place);
      if (waitMs > 0) return waitMs;
      await change(adapter, post, post.post_id, piece);
    }
    return repeatMs;
  };

  /** The answer so far, and under it what the agent does right now. */
  const visibleText = (): string => {
    const isSilent = clock.monotonicMs() - heardMs >= SILENCE_MS;
    const line = note ?? (isSilent ? STILL_WORKING : null);
    const below = line === null ? [] : [`*${line.replace(/[*_`\\]/g, "")}…*`];
    return [...(text.trim() === "" ? [] : [text]), ...below].join("\n\n");
  };

  const addPosts = async (pieces: readonly string[]) => {
    const posts = await store.write((tx) => {
      const written = pieces.slice(rows.length).map((piece, index) =>
        writePost(tx, adapter, {
          place,
          inboxId: turn.inboxId,
          session: turn.session.row,
          kind: "reply",
          text: piece,
          replyTo: rows.length + index === 0 ? messageId : null,
          nowMs: clock.nowMs(),
          buttons: [],
          file: null,
          grows: true,
        }),
      );
      const [first] = written;
      if (rows.length === 0 && first !== undefined) updateFirstOutbox(tx, turn.inboxId, first.outboxId);
      return written;
    });
    rows.push(...posts.map(({ outboxId }) => outboxId));
    for (const post of posts) delivery.notify(place, post);
  };

  const currentPosts = (): readonly GrowingPost[] => {
    const [first] = rows;
    return first === undefined ? [] : selectGrowing(store.reader, turn.inboxId, first);
  };

  const change = async (to: Adapter, post: GrowingPost, postId: string, piece: string) => {
    const { chatId, threadId } = place;
    try {
      await to.edit?.({ chatId, threadId, postId, text: piece, buttons: [], isFinal: false });
      shown.set(post.id, piece);
      failures = 0;
    } catch (error) {
      if (error instanceof DeliveryError && error.kind === "rate_limited") pace.limited(place, error);
      else failures += 1;
    }
  };

  schedule(FIRST_SHOWN_MS);
  return {
    show(sofar) {
      if (!streams) return;
      heardMs = clock.monotonicMs();
      // What will be a file at the end stops growing here.
      if (sofar.length <= MAX_POSTED_LENGTH) text = sofar;
    },
    note(line) {
      if (!streams) return;
      heardMs = clock.monotonicMs();
      note = line;
    },
    async end() {
      isEnded = true;
      timer?.cancel();
      await underWay;
      return rows;
    },
  };
}
