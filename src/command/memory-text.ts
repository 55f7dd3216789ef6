import { askerOf, timeZoneOf } from "../schedule/job-asker.ts";
import { parseScope } from "../session/memory-scope.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectSession } from "../store/sessions.ts";
import type { CommandCall } from "./command.ts";
import { shownLine } from "./session-line.ts";
import { timeText } from "./time-text.ts";

/** Longest part of a memory in a list, in characters: a sentence. */
const MAX_LISTED = 200;

const SHORT_ADDRESS = 12;
const ADDRESS = new RegExp(`^[0-9a-f]{${SHORT_ADDRESS}}$`);

/** Whether a text is the short address of a memory, as buttons send it. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** The address of a memory as people see it. */
export function shortAddress({ addr }: Pick<Placement, "addr">): string {
  return addr.slice(0, SHORT_ADDRESS);
}

/** A memory as one line of a list: what, since when and from where, and its address. */
export function memoryText(call: CommandCall, placement: Placement, maxCharacters = MAX_LISTED): string {
  const what = shownLine(placement.content, maxCharacters);
  return `${what} (${sourceText(call, placement)}, \`${shortAddress(placement)}\`)`;
}

/** Where a memory comes from, for whoever may see it. */
function sourceText({ tx, key, timeZone, message }: CommandCall, placement: Placement): string {
  const { toldExplicitly, validFromMs, sourceSession: id, sourceFromSeq: from, sourceToSeq: to } = placement;
  const when = timeText(validFromMs, timeZoneOf(tx, askerOf(message, false), timeZone));
  if (toldExplicitly) return `you asked me to, ${when}`;
  if (id === null) return `known since ${when}`;
  const row = selectSession(tx, id);
  const isHere = row !== null && row.session_key === key;
  const where = isHere ? (row.live === 1 ? "this conversation" : "an earlier conversation here") : "a conversation";
  const lines =
    !isHere || from === null || to === null ? "" : from === to ? `, line ${from}` : `, lines ${from} to ${to}`;
  return `from ${where}${lines}, ${when}`;
}

/** What a scope is called in a report to the person it is about. */
export function scopeText(scope: string, own: string | null): string {
  if (scope === own) return "about you";
  switch (parseScope(scope)?.kind ?? null) {
    case "chat":
      return "that you said for a chat";
    case "session":
      return "in conversations";
    case "user":
    case "agent":
    case "global":
    case null:
      return "elsewhere";
  }
}
