import type { InboundMessage } from "../message/message.ts";
import { isSharedSession } from "../session/key.ts";
import { claimInbox, type InboxRow } from "../store/inbox.ts";
import { selectMessagesBefore } from "../store/messages.ts";
import type { SessionRules } from "../store/resolve-session.ts";
import { sessionOf } from "../store/session.ts";
import { selectSessionRow } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import { agentText } from "./agent-text.ts";
import type { BegunTurn } from "./begun-turn.ts";

/**
 * An earlier attempt stored the line and died: the turn goes on from there, whatever the policy says by now. Null when the line is gone:
 * somebody deleted the session meanwhile.
 */
export function resumeTurn(
  tx: Tx,
  rules: SessionRules,
  row: InboxRow,
  message: InboundMessage,
  earlier: { readonly session: number; readonly userSeq: number },
): BegunTurn | null {
  const { userSeq } = earlier;
  const session = selectSessionRow(tx, earlier.session);
  const line = selectMessagesBefore(tx, earlier.session, userSeq + 1, 1)[0];
  if (session === null || line === undefined || session.end_reason === "delete") return null;
  claimInbox(tx, row.id, session.id, userSeq);
  const read = { ...message, text: line.content };
  return {
    kind: "agent",
    inboxId: row.id,
    inboxIds: [row.id],
    attempt: row.attempts + 1,
    key: row.session_key,
    session: sessionOf(session),
    message: read,
    messages: [read],
    userSeq,
    agentText: agentText(line, isSharedSession(message.source, rules.keys)),
    attachments: message.attachments.length === 0 ? [] : [{ inboxId: row.id, references: message.attachments }],
    firstOutboxId: row.first_outbox_id,
    posts: [],
    changes: [],
    effect: null,
  };
}
