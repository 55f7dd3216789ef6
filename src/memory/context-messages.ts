import { calibrated, uncalibrated } from "./calibration.ts";
import type { LogLine } from "./summary.ts";
import { cutToTokens, MESSAGE_TOKENS, messageTokens } from "./tokens.ts";
import { groupStarts } from "./tool-groups.ts";

/** A view that had to be cut begins at the first line of a person in so many: so that it begins there for several turns, and a provider's cache holds. */
const ANCHOR_EVERY = 8;
/** It gives up at most this part of what would fit. */
const ANCHOR_WITHIN = 1 / 3;
/** Where a text was cut. */
const CUT_MARK = "…";

/** The newest messages within a limit. */
export interface FittedMessages {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  readonly tokens: number;
  readonly isTruncated: boolean;
}

/**
 * The newest messages that fit, groups of calls and results whole. When not even the newest group fits, its texts are cut: who
 * is to answer must see what was asked.
 */
export function fitMessages(messages: readonly LogLine[], maxTokens: number, scale: number): FittedMessages {
  const starts = groupStarts(messages);
  const tokensOf = (line: LogLine) => calibrated(messageTokens(line.text), scale);
  let from = messages.length;
  let tokens = 0;
  while (from > 0) {
    const start = starts[from - 1] ?? from - 1;
    const more = messages.slice(start, from).reduce((sum, line) => sum + tokensOf(line), 0);
    if (tokens + more > maxTokens) break;
    tokens += more;
    from = start;
  }
  if (from === 0) return { lines: messages, tokens, isTruncated: false };
  if (from === messages.length) return cutGroup(messages.slice(starts[from - 1] ?? from - 1), maxTokens, scale);
  const kept = messages.slice(from);
  const lines = anchored(kept);
  const dropped = kept.slice(0, kept.length - lines.length).reduce((sum, line) => sum + tokensOf(line), 0);
  return { lines, tokens: tokens - dropped, isTruncated: true };
}

/** The end of lines that were cut off at the beginning, from where it stays the same for several turns. */
export function anchored(kept: readonly LogLine[]): readonly LogLine[] {
  const starts = groupStarts(kept);
  const latest = kept.length * ANCHOR_WITHIN;
  // People and the agent speak in turns: of two neighbours one is a person's.
  const anchor = kept.findIndex(({ role, seq }, index) => {
    return index < latest && role === "user" && seq % ANCHOR_EVERY <= 1 && starts[index] === index;
  });
  return anchor <= 0 ? kept : kept.slice(anchor);
}

function cutGroup(group: readonly LogLine[], maxTokens: number, scale: number): FittedMessages {
  const nothing = { lines: [], tokens: 0, isTruncated: true };
  const each = Math.floor(maxTokens / Math.max(1, group.length));
  const textRoom = uncalibrated(each, scale) - MESSAGE_TOKENS;
  if (textRoom < 2) return nothing;
  const lines = group.map((line) => {
    const text = cutToTokens(line.text, textRoom);
    return text === line.text ? line : { ...line, text: `${cutToTokens(line.text, textRoom - 1)}${CUT_MARK}` };
  });
  const tokens = lines.reduce((sum, { text }) => sum + calibrated(messageTokens(text), scale), 0);
  return tokens <= maxTokens ? { lines, tokens, isTruncated: true } : nothing;
}
