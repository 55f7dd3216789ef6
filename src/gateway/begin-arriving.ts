import { readCommand } from "../command/read-command.ts";
import type { InboundMessage } from "../message/message.ts";
import { insertedInbox, insertInbox, type NewInbox } from "../store/inbox.ts";
import { standingSession, withSource } from "../store/resolve-session.ts";
import type { Tx } from "../store/writer.ts";
import type { BeginRules } from "./begin-rules.ts";
import { beginTurn } from "./begin-turn.ts";
import type { Begun } from "./begun-turn.ts";
import { enterTranscript } from "./enter-transcript.ts";

/**
 * Stores a message whose conversation is idle and begins its turn in the same breath; null when the message is known already.
 * Where a session stands that the message simply continues, the row is inserted claimed: a statement less for nearly every message.
 */
export function beginArriving(
  tx: Tx,
  rules: BeginRules,
  row: Omit<NewInbox, "begins">,
  message: InboundMessage,
  nowMs: number,
): { readonly inboxId: number; readonly begun: Begun } | null {
  const { key, receivedAtMs: atMs } = row;
  const request = { key, source: message.source, atMs, mayReset: row.mayReset === 1 };
  const session = readCommand(message.text) === null ? standingSession(tx, rules.sessions, request) : null;
  const begins = session === null ? null : { session: session.id, userSeq: session.message_count + 1 };
  const stored = { ...row, begins };
  const inboxId = insertInbox(tx, stored);
  if (inboxId === null) return null;
  const inserted = insertedInbox(inboxId, stored);
  if (session === null) return { inboxId, begun: beginTurn(tx, rules, [inserted], message, nowMs) };
  const current = withSource(tx, session, message.source);
  return { inboxId, begun: enterTranscript(tx, rules.sessions, current, [{ row: inserted, message }], nowMs) };
}
