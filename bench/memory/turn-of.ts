import type { BegunTurn } from "../../src/gateway/begun-turn.ts";
import type { Session } from "../../src/store/session.ts";

/** A turn of the daemon's, as far as contexts are made of it. */
export type AskedTurn = Pick<BegunTurn, "session" | "userSeq" | "message" | "messages">;

/** The turn that answers a person's line: the session's last one, which may be still to be written. */
export function turnOf(session: Session, userSeq: number, who: string, text: string): AskedTurn {
  const source = { ...session.source, userId: who, userName: who };
  const message = { source, messageId: `m${userSeq}`, text, attachments: [] };
  return { session, userSeq, message, messages: [message] };
}
