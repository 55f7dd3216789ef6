import { DiscordAPIError, InteractionResponseType, MessageFlags, RESTJSONErrorCodes, Routes } from "discord.js";
import type { Clock, Timer } from "../../src/clock/clock.ts";
import type { Acceptance } from "../../src/platform/adapter.ts";
import { hasCode } from "./errors.ts";
import { postPayload } from "./payload.ts";
import type { InteractionRef } from "./read-interaction.ts";
import type { CallOptions, Rest } from "./rest.ts";

/** Discord gives up after 3 s (discord.com/developers/docs/interactions/receiving-and-responding): the rest is for the way. */
const ACKNOWLEDGE_BY_MS = 2_000;
/** A token is good for 15 minutes; what has to be done with it is done before. */
const TOKEN_LIFE_MS = 14.5 * 60_000;
/** Interactions remembered, the oldest forgotten first: their answers become ordinary posts. Far more than are under way at once. */
const MAX_PENDING = 1_000;

const NOT_ALLOWED = "This bot takes no commands from you here.";

/** Content of an answer, as Discord takes it. */
type Content = CallOptions & { readonly body: Readonly<Record<string, unknown>> };

/** The slash commands and button presses under way: acknowledged in time, and answered in their own place. */
export interface Interactions {
  /** One has come: from now on it is acknowledged in time whatever happens. Whether its answer is for its sender alone is fixed by the acknowledgement. */
  arrived(ref: InteractionRef, isPrivate: boolean): void;
  /** The core has decided about it. Never rejects. */
  decided(ref: InteractionRef, acceptance: Acceptance): Promise<void>;
  /** Shows a post as the answer to the command it replies to and returns its id; null when there is no such command (any more). */
  answer(messageId: string, outboxId: number, content: Content): Promise<string | null>;
  /** Shows a post to the sender of this command or press alone, and returns its id; null when that is not possible (any more). */
  answerAlone(messageId: string, outboxId: number, content: Content): Promise<string | null>;
  /** Whether an answer to a command takes the command's own place, where showing it again changes nothing. */
  isInPlace(messageId: string, outboxId: number): boolean;
  /** Whether a command waits for its answer, which Discord shows as "thinking". */
  isThinking(messageId: string): boolean;
  /** The address under which an answer is edited; null for other posts. */
  answerRoute(postId: string): `/${string}` | null;
  close(): void;
}

interface Pending {
  readonly ref: InteractionRef;
  readonly isPrivate: boolean;
  readonly expiry: Timer;
  readonly deadline: Timer;
  acknowledged: Promise<boolean> | null;
  answer: { readonly outboxId: number; postId: string | null } | null;
}

/** Opens it; `onTrouble` hears of what could not be acknowledged. */
export function openInteractions(options: {
  readonly rest: Rest;
  readonly clock: Clock;
  readonly onTrouble: (detail: string, error: unknown) => void;
}): Interactions {
  const { rest, clock, onTrouble } = options;
  const pending = new Map<string, Pending>();

  const forget = (entry: Pending) => {
    entry.expiry.cancel();
    entry.deadline.cancel();
    pending.delete(entry.ref.messageId);
  };

  const callback = ({ id, token }: InteractionRef, body: unknown) =>
    rest.call("post", Routes.interactionCallback(id, token), { body, auth: false });

  const acknowledge = (entry: Pending): Promise<boolean> => {
    entry.deadline.cancel();
    entry.acknowledged ??= (async () => {
      const isCommand = entry.ref.kind === "command";
      const type = isCommand
        ? InteractionResponseType.DeferredChannelMessageWithSource
        : InteractionResponseType.DeferredMessageUpdate;
      const data = isCommand && entry.isPrivate ? { data: { flags: MessageFlags.Ephemeral } } : {};
      try {
        await callback(entry.ref, { type, ...data });
        return true;
      } catch (error) {
        // The gateway told of it twice, or the answer to our first call was lost.
        if (hasCode(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged)) return true;
        onTrouble("a command or button could not be acknowledged; it is answered by an ordinary post", error);
        forget(entry);
        return false;
      }
    })();
    return entry.acknowledged;
  };

  const expire = (entry: Pending) => {
    forget(entry);
    if (entry.ref.kind !== "command" || entry.answer !== null || entry.acknowledged === null) return;
    // Nothing answered it: "thinking" would stand there until the end of time.
    rest.call("delete", originalOf(entry.ref), { auth: false }).catch(() => {
      // It is gone already, or will look unfinished: nobody is helped by a retry.
    });
  };

  const refuse = async (entry: Pending, words: string) => {
    const { ref } = entry;
    forget(entry);
    const data = { content: words, flags: MessageFlags.Ephemeral };
    if (entry.acknowledged === null) {
      await callback(ref, { type: InteractionResponseType.ChannelMessageWithSource, data });
    } else if (!(await entry.acknowledged)) {
      return;
    } else if (ref.kind === "command") {
      await rest.call("patch", originalOf(ref), { body: { content: words }, auth: false });
    } else {
      await rest.call("post", Routes.webhook(ref.applicationId, ref.token), { body: data, auth: false });
    }
  };

  const takesPlace = ({ ref, answer }: Pending, outboxId: number) =>
    ref.kind === "command" && (answer === null || answer.outboxId === outboxId);

  const putInPlace = async (entry: Pending, outboxId: number, content: Content): Promise<string | null> => {
    if (!(await acknowledge(entry))) return null;
    entry.answer ??= { outboxId, postId: null };
    const { answer } = entry;
    return await whileItLasts(entry, async () => {
      const post = postPayload.parse(await rest.call("patch", originalOf(entry.ref), { ...content, auth: false }));
      answer.postId = post.id;
      return post.id;
    });
  };

  const followUp = async (entry: Pending, content: Content): Promise<string | null> => {
    if (!(await acknowledge(entry))) return null;
    const { applicationId, token } = entry.ref;
    const body = { ...content.body, flags: MessageFlags.Ephemeral };
    return await whileItLasts(entry, async () => {
      const route = Routes.webhook(applicationId, token);
      return postPayload.parse(await rest.call("post", route, { ...content, body, auth: false })).id;
    });
  };

  /** The id of what was posted; null when the token is over. */
  const whileItLasts = async (entry: Pending, post: () => Promise<string>): Promise<string | null> => {
    try {
      return await post();
    } catch (error) {
      if (!isOver(error)) throw error;
      forget(entry);
      return null;
    }
  };

  return {
    arrived(ref, isPrivate) {
      if (pending.has(ref.messageId)) return;
      const oldest = pending.size >= MAX_PENDING ? pending.values().next().value : undefined;
      if (oldest !== undefined) forget(oldest);
      const entry: Pending = {
        ref,
        isPrivate,
        expiry: clock.setTimer(TOKEN_LIFE_MS, () => expire(entry)),
        deadline: clock.setTimer(ACKNOWLEDGE_BY_MS, () => void acknowledge(entry)),
        acknowledged: null,
        answer: null,
      };
      pending.set(ref.messageId, entry);
    },
    async decided(ref, acceptance) {
      const entry = pending.get(ref.messageId);
      if (entry === undefined) return;
      const words = refusalOf(acceptance);
      if (words === null) {
        await acknowledge(entry);
        // What answers a button is a post of its own: its token is of no more use, unless that is for its sender alone.
        if (ref.kind === "callback" && !entry.isPrivate) forget(entry);
        return;
      }
      try {
        await refuse(entry, words);
      } catch (error) {
        onTrouble("the sender of a command could not be told that it was refused", error);
      }
    },
    async answer(messageId, outboxId, content) {
      const entry = pending.get(messageId);
      return entry !== undefined && takesPlace(entry, outboxId) ? await putInPlace(entry, outboxId, content) : null;
    },
    async answerAlone(messageId, outboxId, content) {
      const entry = pending.get(messageId);
      if (entry?.isPrivate !== true) return null;
      const inPlace = takesPlace(entry, outboxId);
      return inPlace ? await putInPlace(entry, outboxId, content) : await followUp(entry, content);
    },
    isInPlace(messageId, outboxId) {
      const entry = pending.get(messageId);
      return entry !== undefined && takesPlace(entry, outboxId);
    },
    isThinking(messageId) {
      return pending.get(messageId)?.ref.kind === "command";
    },
    answerRoute(postId) {
      const entry = [...pending.values()].find(({ answer }) => answer?.postId === postId);
      return entry === undefined ? null : originalOf(entry.ref);
    },
    close() {
      for (const entry of pending.values()) forget(entry);
    },
  };
}

/** Whether a token has ended, or what it stood for was deleted. */
export function isOver(error: unknown): boolean {
  return error instanceof DiscordAPIError && (error.status === 401 || error.status === 404);
}

function originalOf({ applicationId, token }: InteractionRef) {
  return Routes.webhookMessage(applicationId, token, "@original");
}

/** What the sender of a refused one is told; null when it was taken. */
function refusalOf(acceptance: Acceptance): string | null {
  switch (acceptance.kind) {
    case "accepted":
    case "duplicate":
      return null;
    case "ignored":
      return NOT_ALLOWED;
    case "refused":
      return acceptance.message;
  }
}
