import { join } from "node:path";

/** A session's id is also a file name: nothing else may become one. */
const SESSION_ID = /^\d{8}_\d{6}_[0-9a-f]{8}$/;

/** The mirror of a session's transcript; throws when the id is none, which is a bug of the caller. */
export function transcriptPath(folder: string, sessionId: string): string {
  return join(folder, `${checked(sessionId)}.jsonl`);
}

/** The file that a rewrite of the mirror is prepared in. */
export function replacementPath(folder: string, sessionId: string): string {
  return join(folder, `${checked(sessionId)}.jsonl.tmp`);
}

/** The `n`th file of lines that healing took out of the mirror. */
export function quarantinePath(folder: string, sessionId: string, n: number): string {
  return join(folder, `${checked(sessionId)}.quarantine-${n}.jsonl`);
}

function checked(sessionId: string): string {
  if (SESSION_ID.test(sessionId)) return sessionId;
  throw new Error(`session id: expected YYYYMMDD_HHMMSS_<8 hex>, got ${JSON.stringify(sessionId.slice(0, 40))}`);
}
