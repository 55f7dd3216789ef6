import { selectMessagesBefore } from "./messages.ts";
import type { SessionRow } from "./session.ts";
import type { Reader } from "./sqlite.ts";

/** Lines looked at to find the last words of both sides. */
const LOOK_BACK = 20;

/** What a person and the agent last said in a session; null where one of them said nothing lately. */
export function lastExchange(
  db: Reader,
  session: Pick<SessionRow, "id" | "message_count">,
): { readonly user: string | null; readonly assistant: string | null } {
  const newestFirst = selectMessagesBefore(db, session.id, session.message_count + 1, LOOK_BACK).reverse();
  const last = (role: string) => newestFirst.find((message) => message.role === role)?.content ?? null;
  return { user: last("user"), assistant: last("assistant") };
}
