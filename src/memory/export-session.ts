import { join } from "node:path";
import { formatScope } from "../session/memory-scope.ts";
import type { Archive } from "../store/archive.ts";
import { selectArchives } from "../store/archives.ts";
import { makeFolder } from "../store/make-folder.ts";
import type { Placement } from "../store/memory-placement.ts";
import { walkMessages } from "../store/messages.ts";
import { portableSession } from "../store/portable-session.ts";
import type { SessionRow } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import { transcriptLine } from "../store/transcript-line.ts";
import { transcriptPath } from "../store/transcript-path.ts";
import { writePrivateFile } from "../store/write-private-file.ts";
import { exportMemory } from "./memory-of.ts";

/**
 * Writes all there is of an ended session into a folder: its lines as `<session_id>.jsonl`, and after that `<session_id>.json`, an index
 * that `parley sessions import` reads, with its archives and what was known in it alone. Doing it again replaces both; rejects
 * where one can't be written.
 */
export async function exportSession(db: Reader, folder: string, session: SessionRow): Promise<void> {
  makeFolder(folder);
  const { id, session_id: sessionId, session_key: key } = session;
  await writePrivateFile(transcriptPath(folder, sessionId), linesOf(db, id));
  const scope = formatScope({ kind: "session", sessionId });
  const entry = {
    ...portableSession(db, session),
    archives: selectArchives(db, id).map(archiveFields),
    memories: [...exportMemory(db, [scope])].map(memoryFields),
  };
  const index = { [key]: { ended_sessions: [entry] } };
  await writePrivateFile(join(folder, `${sessionId}.json`), [`${JSON.stringify(index, null, 2)}\n`]);
}

function* linesOf(db: Reader, row: number): Iterable<string> {
  for (const message of walkMessages(db, row)) yield transcriptLine(message);
}

function archiveFields({ archiveId, fromSeq, toSeq, overview, abstract, details, createdAtMs }: Archive) {
  return {
    archive_id: archiveId,
    from_seq: fromSeq,
    to_seq: toSeq,
    overview,
    abstract,
    decisions: details.decisions,
    open_loops: details.openLoops,
    constraints: details.constraints,
    created_at: isoTime(createdAtMs),
  };
}

function memoryFields({ addr, content, bucket, state, confidence, author, ...memory }: Placement) {
  return {
    address: addr,
    content,
    bucket,
    state,
    confidence,
    said_by: author,
    from_seq: memory.sourceFromSeq,
    to_seq: memory.sourceToSeq,
    valid_from: isoTime(memory.validFromMs),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
