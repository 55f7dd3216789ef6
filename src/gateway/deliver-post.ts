import { backOffMs } from "../clock/back-off.ts";
import type { Clock } from "../clock/clock.ts";
import type { PrivateTo } from "../message/message.ts";
import type { Events } from "../observe/events.ts";
import { DeliveryError, isRetryable } from "../platform/delivery-error.ts";
import { forgetPost, markGrowing } from "../store/growing-posts.ts";
import { type Lane, markDead, markResent, markRetry, markSent, unmarkResent } from "../store/outbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import { type Attempt, attemptPost, type WaitingPost } from "./attempt-post.ts";
import type { Pace } from "./pace.ts";
import type { PlatformRules } from "./platform-rules.ts";
import { type AdapterOf, writePost } from "./posts.ts";
import { unsentFileText } from "./unsent-file.ts";

/** What one post's delivery stands on; a post older than `maxAgeMs` is given up at its next failure. */
export interface PostDeliveryOptions {
  readonly store: SessionStore;
  readonly adapterOf: AdapterOf;
  readonly clock: Clock;
  readonly events: Events;
  readonly maxAgeMs: number;
  readonly pace: Pace;
  readonly rulesOf: (platform: string, account: string) => PlatformRules;
  /** Notes, in the same transaction, what it means that a post was given up. */
  readonly onDead: (tx: Tx, outboxId: number, error: string) => void;
}

/** Notes how an attempt went; resolves with the lane's first post after that. `mayHaveMore` says that it, or what takes its place, goes on waiting. */
export type NoteOutcome = (
  note: (tx: Tx) => void,
  about?: { readonly mayHaveMore: true },
) => Promise<WaitingPost | null>;

/** Makes one attempt at a post, notes how it went, and resolves with the lane's first post after that. */
export type DeliverPost = (lane: Lane, row: WaitingPost, note: NoteOutcome) => Promise<WaitingPost | null>;

/** First wait after a failure; each further one is twice as long. */
export const FIRST_RETRY_MS = 1_000;
/** Longest wait between two tries. */
export const MAX_RETRY_MS = 15 * 60_000;
/** Longest reason kept with a row, in UTF-16 units. */
const MAX_ERROR_LENGTH = 500;

/** Why a post of which nobody can say whether it arrived is not sent (again): for the operator. */
const IN_DOUBT =
  "in doubt: it may have arrived, and the platform cannot be asked. Retry it if the chat does not show it.";

/** Opens the delivery of single posts; who sends what when is the lanes' business. */
export function openPostDelivery(options: PostDeliveryOptions): DeliverPost {
  const { store, adapterOf, clock, events, pace } = options;

  const giveUp = (tx: Tx, id: number, error: string) => {
    markDead(tx, id, error);
    options.onDead(tx, id, error);
  };

  const sayInstead = (tx: Tx, lane: Lane, row: WaitingPost, text: string) =>
    writePost(tx, adapterOf(lane.platform, lane.account), {
      place: lane,
      inboxId: null,
      session: null,
      kind: "notice",
      text,
      replyTo: null,
      nowMs: clock.nowMs(),
      buttons: [],
      file: null,
      ...(row.private_to === null ? {} : { privateTo: JSON.parse(row.private_to) as PrivateTo }),
    });

  const canEdit = (lane: Lane, row: WaitingPost) =>
    row.file === null && adapterOf(lane.platform, lane.account)?.edit !== undefined;

  const attemptOnce = async (lane: Lane, row: WaitingPost): Promise<Attempt> => {
    const { platform, account } = lane;
    const adapter = adapterOf(platform, account);
    if (adapter === undefined) {
      const message = `no ${platform} bot ${JSON.stringify(account)} is configured.`;
      return {
        kind: "failed",
        error: new DeliveryError("unreachable", message, { certain: true }),
        wasResend: false,
      };
    }
    if (adapter.deliversOnStore) return { kind: "sent", postId: String(row.id) };
    return await attemptPost(adapter, lane, row, {
      policy: options.rulesOf(platform, account).onAmbiguousSend,
      noteResend: async () => {
        await store.write((tx) => markResent(tx, row.id));
        events.deliveryResent({ platform, account, outboxId: row.id });
      },
    });
  };

  const failed = async (
    lane: Lane,
    row: WaitingPost,
    { error, wasResend }: Extract<Attempt, { kind: "failed" }>,
    note: NoteOutcome,
  ): Promise<WaitingPost | null> => {
    const named = nameOf(lane, row);
    const words = `${error.kind}: ${error.message}`.slice(0, MAX_ERROR_LENGTH);
    const isExpired = clock.nowMs() - row.created_at_ms >= options.maxAgeMs;
    if (isExpired || !isRetryable(error.kind)) {
      const instead = unsentFileText(row, error.kind);
      const next =
        instead === null
          ? await note((tx) => giveUp(tx, row.id, words))
          : await note(
              (tx) => {
                giveUp(tx, row.id, words);
                sayInstead(tx, lane, row, instead);
              },
              { mayHaveMore: true },
            );
      events.deliveryDead({ ...named, reason: error.kind, error });
      return next;
    }
    if (error.kind === "rate_limited") pace.limited(lane, error);
    const delayMs = error.retryAfterMs ?? backOffMs(row.attempts + 1, FIRST_RETRY_MS, MAX_RETRY_MS);
    const nextAttemptAtMs = clock.nowMs() + delayMs;
    const next = await note(
      (tx) => {
        markRetry(tx, { id: row.id, nextAttemptAtMs, error: words, mayHaveArrived: !error.certain });
        // It certainly did not arrive: the one second sending is still to come.
        if (wasResend && error.certain) unmarkResent(tx, row.id);
      },
      { mayHaveMore: true },
    );
    events.deliveryRetried({ ...named, reason: error.kind, error, delayMs });
    return next;
  };

  return async (lane, row, note) => {
    const attempt = await attemptOnce(lane, row);
    const named = nameOf(lane, row);
    switch (attempt.kind) {
      case "sent":
      case "found": {
        const { postId } = attempt;
        // What arrived may be the beginning of an answer that has ended since: an edit makes sure of the whole.
        if (attempt.kind === "found" && row.grows === 0 && canEdit(lane, row))
          return await note((tx) => markGrowing(tx, row.id, postId), { mayHaveMore: true });
        const next = await note((tx) =>
          row.grows === 1 ? markGrowing(tx, row.id, postId) : markSent(tx, row.id, postId, clock.nowMs()),
        );
        events.replySent({ ...named, durationMs: clock.nowMs() - row.created_at_ms });
        return next;
      }
      case "lost":
        return await note((tx) => forgetPost(tx, row.id), { mayHaveMore: true });
      case "in_doubt": {
        const error = new DeliveryError("unknown", IN_DOUBT, { certain: false });
        const next = await note((tx) => giveUp(tx, row.id, IN_DOUBT));
        events.deliveryDead({ ...named, reason: "in_doubt", error });
        return next;
      }
      case "failed":
        return await failed(lane, row, attempt, note);
    }
  };
}

function nameOf({ platform, account }: Lane, { id, attempts }: WaitingPost) {
  return { platform, account, outboxId: id, attempt: attempts + 1 };
}
