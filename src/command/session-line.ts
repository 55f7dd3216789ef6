import { lastExchange } from "../store/last-exchange.ts";
import type { SessionRow } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import { timeText } from "./time-text.ts";

/** Longest part of a title or first words in a list, in characters. */
const MAX_LABEL = 60;

/** One line about a session, for lists in a chat: when, how long, what about. */
export function sessionLine(db: Reader, session: SessionRow, timeZone: string): string {
  const about = session.title ?? lastExchange(db, session).user;
  const messages = `${session.message_count} message${session.message_count === 1 ? "" : "s"}`;
  const label = about === null ? "" : `: ${quoted(about)}`;
  return `${timeText(session.last_active_ms, timeZone)}, ${messages}${label}`;
}

/** Other people's words inside one of our own lines: one line, no control characters, in quotation marks, and never markup. */
export function quoted(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  const characters = [...line];
  const cut = characters.length > MAX_LABEL ? `${characters.slice(0, MAX_LABEL - 1).join("")}…` : line;
  return `“${cut.replace(/[\\`*_~[\]<>|#]/g, (mark) => `\\${mark}`)}”`;
}
