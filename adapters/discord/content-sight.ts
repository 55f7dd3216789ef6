import type { Reading } from "./read.ts";

/** What an operator is told when messages come without their text. */
export const CONTENT_MISSING =
  'messages arrive without their text: switch on "Message Content Intent" in the Developer Portal under Bot';

/** Whether Discord lets the bot see what is said. Without the intent only what is meant for the bot has its text. */
export interface ContentSight {
  /** Something was read. */
  saw(reading: Reading): void;
  /** What an operator has to do; null when all is well, or nothing tells yet. */
  advice(): string | null;
}

/** Nothing seen yet. */
export function openContentSight(): ContentSight {
  let isBlind = false;
  return {
    saw(reading) {
      if (reading.kind === "ignored") isBlind ||= reading.why === "no_content";
      else if (reading.kind === "message" && reading.message.addressed !== "yes" && reading.message.text !== "") {
        isBlind = false;
      }
    },
    advice: () => (isBlind ? CONTENT_MISSING : null),
  };
}
