import type { Button } from "../message/message.ts";
import { cleanText, cutText } from "../session/untrusted-text.ts";
import type { SessionRow } from "../store/session.ts";
import { sessionTitle } from "../store/session-title.ts";
import type { Reader } from "../store/sqlite.ts";
import { timeText } from "./time-text.ts";

/** Longest part of a title or first words in a list, in characters. */
const MAX_LABEL = 60;
/** Longest label of a button, in UTF-16 units: more is cut on a phone. */
const MAX_BUTTON_LABEL = 40;
/** Sessions that get a button: what fits a screen below the list. */
const MAX_BUTTONS = 5;

/** One line about a session, for lists in a chat: when, how long, what about. */
export function sessionLine(db: Reader, session: SessionRow, timeZone: string): string {
  const about = sessionTitle(db, session);
  const messages = `${session.message_count} message${session.message_count === 1 ? "" : "s"}`;
  const label = about === null ? "" : `: ${quoted(about)}`;
  return `${timeText(session.last_active_ms, timeZone)}, ${messages}${label}`;
}

/** A button for each of the first sessions: goes back to it. */
export function resumeButtons(db: Reader, sessions: readonly SessionRow[], timeZone: string): readonly Button[] {
  return sessions.slice(0, MAX_BUTTONS).map((session) => {
    const title = cleanText(sessionTitle(db, session) ?? "") || timeText(session.last_active_ms, timeZone);
    return { label: cutText(title, MAX_BUTTON_LABEL), command: `/resume ${session.session_id}` };
  });
}

/** Other people's words inside one of our own lines: one line, no control characters, in quotation marks, and never markup. */
export function quoted(text: string): string {
  return `“${shownLine(text, MAX_LABEL)}”`;
}

/** Other people's words as a part of one of our own lines: at most `maxCharacters`, no control characters, never markup. */
export function shownLine(text: string, maxCharacters: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  const characters = [...line];
  const cut = characters.length > maxCharacters ? `${characters.slice(0, maxCharacters - 1).join("")}…` : line;
  return cut.replace(/[\\`*_~[\]<>|#]/g, (mark) => `\\${mark}`);
}
