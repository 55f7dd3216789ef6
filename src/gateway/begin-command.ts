import type { CommandResult } from "../command/command.ts";
import type { CommandText } from "../command/read-command.ts";
import { runCommand } from "../command/run-command.ts";
import type { InboundMessage } from "../message/message.ts";
import { claimInbox, finishInbox, updateWaitingPayload } from "../store/inbox.ts";
import type { SessionRow } from "../store/session.ts";
import { selectLiveSession } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import type { BeginRules } from "./begin-rules.ts";
import type { Begun, BegunTurn } from "./begun-turn.ts";
import { enterTranscript, type Received } from "./enter-transcript.ts";
import { type Post, writePosts } from "./posts.ts";
import { resumeTurn } from "./resume-turn.ts";
import { speechTo } from "./speech-to.ts";

/** Runs a command to its end, answer included, in the transaction of the caller; the agent's turn begins where it says something to it. */
export function beginCommand(
  tx: Tx,
  rules: BeginRules,
  { row, message }: Received,
  command: CommandText,
  nowMs: number,
): Begun {
  const result = runCommand(rules.commands, command, {
    tx,
    rules: rules.sessions,
    key: row.session_key,
    agentId: row.agent,
    message,
    isAdmin: rules.isAdmin(message),
    receivedAtMs: row.received_at_ms,
    activity: rules.activityOf(tx, { key: row.session_key, inboxId: row.id }),
    agents: rules.agents,
    queueMode: rules.queueMode,
    choices: rules.choices,
    keepFile: rules.keepFile,
    desk: rules.desk,
    timeZone: rules.timeZone,
    version: rules.version,
  });
  const live = selectLiveSession(tx, row.session_key);
  const posts = answer(tx, rules, { row, message }, result, live?.id ?? null, nowMs);
  const told = { posts, changes: result.changes, effect: result.effect ?? null };
  const begun = live === null ? null : beginAfter(tx, rules, { row, message }, result, live, nowMs);
  if (begun !== null) return { ...begun, ...told };
  claimInbox(tx, row.id, live?.id ?? null, null);
  finishInbox(tx, {
    id: row.id,
    state: "done",
    firstOutboxId: posts[0]?.outboxId ?? null,
    finishedAtMs: nowMs,
    error: null,
  });
  return { kind: "answered", inboxId: row.id, key: row.session_key, sessionId: live?.session_id ?? null, ...told };
}

/** The turn a command asks for: one that is said again, or what follows the command; null for none. */
function beginAfter(
  tx: Tx,
  rules: BeginRules,
  { row, message }: Received,
  { repeats, turnText }: CommandResult,
  live: SessionRow,
  nowMs: number,
): BegunTurn | null {
  if (repeats !== undefined) {
    const { userSeq, attachments } = repeats;
    const repeated = { ...message, attachments };
    // An attempt that dies is gone on with from the payload.
    if (attachments.length > 0) updateWaitingPayload(tx, row.id, JSON.stringify(repeated));
    const begun = resumeTurn(tx, rules.sessions, row, repeated, { session: live.id, userSeq });
    if (begun !== null) return begun;
  }
  if (turnText === null) return null;
  return enterTranscript(tx, rules.sessions, live, [{ row, message: { ...message, text: turnText } }], nowMs);
}

/** Writes the command's answer, and what it tells other places. */
function answer(
  tx: Tx,
  { adapterOf }: BeginRules,
  { row, message }: Received,
  { reply, isPrivate, buttons, files, notify = [] }: CommandResult,
  session: number | null,
  nowMs: number,
): readonly Post[] {
  const posts = writePosts(tx, adapterOf, {
    ...speechTo(row, message, nowMs),
    session,
    kind: "command",
    text: reply,
    ...(isPrivate === true ? privateTo(message) : {}),
    ...(buttons === undefined ? {} : { buttons }),
    ...(files === undefined ? {} : { files }),
  });
  const unasked = { inboxId: null, session: null, kind: "message", replyTo: null, nowMs } as const;
  return [...posts, ...notify.flatMap(({ place, text }) => writePosts(tx, adapterOf, { place, text, ...unasked }))];
}

/** For whoever gave a command alone, where others would see the answer, too. */
function privateTo({ source, messageId, isOpenPress }: InboundMessage) {
  const { chatType, userId } = source;
  if (chatType === "dm" || userId === null || isOpenPress === true) return {};
  return { privateTo: { userId, messageId } };
}
