import { Routes } from "discord.js";
import type { Clock } from "../../src/clock/clock.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import type { Acceptance } from "../../src/platform/adapter.ts";
import { postBody } from "./post-body.ts";
import type { Rest } from "./rest.ts";

/** A channel is told at most this often: whoever floods the bot shall not make it flood the channel. */
const PAUSE_MS = 30_000;
/** Channels whose last word is remembered. */
const MAX_CHANNELS = 1_000;

/** Tells a sender that the message was not taken, and why; whether that arrives is nobody's business. */
export type TellRefused = (message: InboundMessage, refusal: Extract<Acceptance, { kind: "refused" }>) => void;

/** Opens it. */
export function openTellRefused(rest: Rest, clock: Clock): TellRefused {
  const toldAtMs = new Map<string, number>();
  return ({ source, messageId }, { reason, message: text }) => {
    // The next process reads it again: it is not lost.
    if (reason === "stopping") return;
    const { chatId } = source;
    const nowMs = clock.monotonicMs();
    const told = toldAtMs.get(chatId);
    if (told !== undefined && nowMs - told < PAUSE_MS) return;
    if (toldAtMs.size >= MAX_CHANNELS) toldAtMs.clear();
    toldAtMs.set(chatId, nowMs);
    const body = {
      ...postBody({ text, buttons: [] }),
      message_reference: { message_id: messageId, fail_if_not_exists: false },
    };
    rest.call("post", Routes.channelMessages(chatId), { body }).catch(() => {
      // The refusal itself is counted; a word that gets lost leaves the sender where silence would.
    });
  };
}
