import { calibrated, uncalibrated } from "./calibration.ts";
import { fitMessages } from "./context-messages.ts";
import type { ContextPieces } from "./context-pieces.ts";
import { archivesText, memoryText, stateText } from "./context-text.ts";
import type { LogLine } from "./summary.ts";
import { cutToTokens, MESSAGE_TOKENS, textTokens } from "./tokens.ts";

/** Most tokens of each slot, however large the budget. */
const MAX_MEMORY_TOKENS = 5_000;
const MAX_ARCHIVES_TOKENS = 40_000;
const MAX_STATE_TOKENS = 10_000;
/** Their parts of what the prompt leaves; messages have all the rest. They don't depend on the messages, so that what stands before these stays the same from turn to turn. */
const MEMORY_SHARE = 0.2;
const ARCHIVES_SHARE = 0.25;
const STATE_SHARE = 0.15;

/** What one part of a context takes. */
export interface ContextSlot {
  /** Estimated, in the provider's tokens. */
  readonly tokens: number;
  /** Something was left out or cut for want of room. */
  readonly isTruncated: boolean;
}

/** What an agent is given for one turn. */
export interface AssembledContext {
  readonly prompt: string;
  /** Stands before the messages, and changes only with an archive, so that a provider's cache holds; empty for nothing. */
  readonly before: string;
  /** Rides with the newest message of a person: what is remembered and where things stand changes from turn to turn; empty for nothing. */
  readonly beside: string;
  /** Oldest first. */
  readonly messages: readonly LogLine[];
  /** The archives that `before` tells of, oldest first. */
  readonly archiveIds: readonly string[];
  readonly slots: {
    readonly prompt: ContextSlot;
    readonly memory: ContextSlot;
    readonly archives: ContextSlot;
    readonly windowState: ContextSlot;
    readonly messages: ContextSlot;
  };
  /** The sum of the slots, never above the budget. */
  readonly tokens: number;
}

/** Fits the pieces into a budget of tokens: the prompt, then state, memory and archives within their parts, then messages. Linear in what is given. */
export function assembleContext(pieces: ContextPieces, budgetTokens: number): AssembledContext {
  const { scale } = pieces;
  const budget = Math.max(0, Math.floor(budgetTokens));
  const cost = (text: string) => (text === "" ? 0 : calibrated(textTokens(text) + MESSAGE_TOKENS, scale));
  const share = (room: number, part: number, most: number) =>
    uncalibrated(Math.min(most, Math.floor(room * part)), scale) - MESSAGE_TOKENS;

  const prompt =
    cost(pieces.prompt) <= budget
      ? pieces.prompt
      : cutToTokens(pieces.prompt, uncalibrated(budget, scale) - MESSAGE_TOKENS);
  const room = budget - cost(prompt);
  const state = stateText(pieces.windowState, share(room, STATE_SHARE, MAX_STATE_TOKENS));
  const memory = memoryText(pieces.memory, share(room, MEMORY_SHARE, MAX_MEMORY_TOKENS));
  const archives = archivesText(pieces.archives, share(room, ARCHIVES_SHARE, MAX_ARCHIVES_TOKENS));
  const taken = cost(state.text) + cost(memory.text) + cost(archives.text);
  const messages = fitMessages(pieces.messages, room - taken, scale);

  const slots = {
    prompt: { tokens: cost(prompt), isTruncated: prompt !== pieces.prompt },
    memory: { tokens: cost(memory.text), isTruncated: memory.isTruncated },
    archives: { tokens: cost(archives.text), isTruncated: archives.isTruncated },
    windowState: { tokens: cost(state.text), isTruncated: state.isTruncated },
    messages: { tokens: messages.tokens, isTruncated: messages.isTruncated },
  };
  return {
    prompt,
    before: archives.text,
    beside: [memory.text, state.text].filter((text) => text !== "").join("\n\n"),
    messages: messages.lines,
    archiveIds: archives.archiveIds,
    slots,
    tokens: Object.values(slots).reduce((sum, { tokens }) => sum + tokens, 0),
  };
}
