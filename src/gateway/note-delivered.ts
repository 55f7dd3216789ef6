import { readSessionSource } from "../session/source.ts";
import { cutText } from "../session/untrusted-text.ts";
import { appendMessage } from "../store/append-message.ts";
import type { Lane } from "../store/outbox.ts";
import { selectLastOfPlace, selectLiveOfPlace } from "../store/place-sessions.ts";
import { resolveSession, type SessionRules } from "../store/resolve-session.ts";
import type { SessionRow } from "../store/session.ts";
import { takeNextSeq } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";

/** Something the bot said in a place without having been asked there. */
export interface Said {
  readonly place: Lane;
  readonly text: string;
  /** Kept with the line: who said it. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** A session that knows it already. */
  readonly except: number | null;
  readonly nowMs: number;
}

/** Longest text noted, in UTF-16 units: it becomes part of every later prompt there. */
const MAX_NOTED = 8_000;
/** Most sessions of one place that are told: where each person of a group has their own. */
const MAX_SESSIONS = 20;

/**
 * Notes in a place's live sessions what the bot has said there, so that the agent knows it; their lives are not extended. Where none is live, one is opened,
 * if the place has one conversation and not one for each person: nobody can know who will answer then. Returns how many sessions were told.
 */
export function noteDelivered(tx: Tx, rules: SessionRules, said: Said): number {
  if (said.text === "") return 0;
  const live = selectLiveOfPlace(tx, said.place, MAX_SESSIONS);
  const told = live.length > 0 ? live : openedIn(tx, rules, said);
  for (const session of told) {
    if (session.id === said.except) continue;
    const seq = takeNextSeq(tx, session.id, session.message_count + 1);
    if (seq === null) continue;
    appendMessage(tx, { row: session.id, sessionId: session.session_id }, seq, {
      role: "assistant",
      content: cutText(said.text, MAX_NOTED),
      atMs: said.nowMs,
      messageId: null,
      senderId: null,
      senderName: null,
      extra: said.extra,
    });
  }
  return told.length;
}

function openedIn(tx: Tx, rules: SessionRules, { place, nowMs }: Said): readonly SessionRow[] {
  const last = selectLastOfPlace(tx, place);
  if (last === null || (last.chat_type !== "dm" && last.participant !== null)) return [];
  const source = readSessionSource(JSON.parse(last.source));
  const request = {
    key: last.session_key,
    agentId: last.agent,
    source,
    atMs: nowMs,
    mayReset: false,
    isSilent: true,
  } as const;
  return [resolveSession(tx, rules, request).session];
}
