import { readSessionId } from "../session/session-id.ts";
import type { Session } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import { CommandFailure, UsageError } from "./failure.ts";

/** The session with this id; throws when the text is no id, or the session is not there (any more). */
export async function findSession(reader: Reader, text: string): Promise<Session> {
  const sessionId = readSessionId(text);
  if (sessionId === null) {
    throw new UsageError(`expected a session's id such as 20261121_080500_0a1b2c3d, got "${text}".`);
  }
  const { selectSession } = await import("../store/sessions.ts");
  const { sessionOf } = await import("../store/session.ts");
  const row = selectSession(reader, sessionId);
  if (row !== null && row.end_reason !== "delete") return sessionOf(row);
  throw new CommandFailure(`there is no session ${sessionId}. parley sessions list shows what there is.`);
}

/** The session an id names, or the live one of a session key. */
export async function findSessionOrKey(reader: Reader, text: string): Promise<Session> {
  if (!text.startsWith("agent:")) return await findSession(reader, text);
  const { selectLiveSession } = await import("../store/sessions.ts");
  const { sessionOf } = await import("../store/session.ts");
  const row = selectLiveSession(reader, text);
  if (row !== null) return sessionOf(row);
  throw new CommandFailure(
    `no session of the key "${text}" is live. parley sessions list --live shows those that are.`,
  );
}
