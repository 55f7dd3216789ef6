import { type InboundMessage, MAX_MESSAGE_BYTES } from "../message/message.ts";
import { selectInboxOfMessage, updateWaitingPayload } from "../store/inbox.ts";
import { updateOverheard } from "../store/overheard.ts";
import type { Tx } from "../store/writer.ts";

/** A message whose sender changed its text. */
export interface ChangedMessage {
  readonly platform: string;
  readonly account: string;
  readonly chatId: string;
  readonly messageId: string;
  readonly text: string;
}

/** Lets a change of a message take effect where nobody has read it yet; a turn that has begun, or is over, keeps what it read. */
export function changeWaiting(tx: Tx, change: ChangedMessage): boolean {
  if (Buffer.byteLength(change.text) > MAX_MESSAGE_BYTES) return false;
  updateOverheard(tx, change);
  const row = selectInboxOfMessage(tx, change);
  if (row === null || row.state !== "waiting" || row.payload === null) return false;
  const message = JSON.parse(row.payload) as InboundMessage;
  return updateWaitingPayload(tx, row.id, JSON.stringify({ ...message, text: change.text }));
}
