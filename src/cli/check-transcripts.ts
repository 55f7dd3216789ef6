import { join } from "node:path";
import { sleep, systemClock } from "../clock/clock.ts";
import { allSessions } from "../store/all-sessions.ts";
import { hasBytesAt, openBytes } from "../store/file-bytes.ts";
import { walkMessages } from "../store/messages.ts";
import type { Session } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import type { SessionStore } from "../store/store.ts";
import { transcriptLine } from "../store/transcript-line.ts";
import { transcriptPath } from "../store/transcript-path.ts";
import { type Finding, fine, problem } from "./finding.ts";
import type { Healed } from "./own-store.ts";
import { counted } from "./shown-text.ts";

const SUBJECT = "transcripts";
/** A file of a running daemon may be a line behind the database, or ahead of what was just read: it is looked at again. */
const MAX_LOOKS = 3;
const LOOK_AGAIN_MS = 300;

/** Compares every transcript file with the database, changing nothing: for while a daemon runs. */
export async function checkTranscripts(reader: Reader, dataDir: string): Promise<readonly Finding[]> {
  const folder = join(dataDir, "transcripts");
  const problems: Finding[] = [];
  let count = 0;
  for (const session of allSessions(reader)) {
    count += 1;
    if (await isMirrored(reader, folder, session)) continue;
    const todo = "Stop Parley and run parley doctor again: it puts the file right, and keeps foreign lines beside it.";
    problems.push(problem(SUBJECT, `${session.sessionId}.jsonl differs from the database. ${todo}`));
  }
  return problems.length > 0 ? problems : [fine(SUBJECT, `${count} compared, all as in the database`)];
}

/** Compares every transcript file with the database and puts right what differs; `healedAtOpening` was put right before. */
export async function mendTranscripts(
  store: SessionStore,
  healedAtOpening: readonly Healed[],
): Promise<readonly Finding[]> {
  let count = 0;
  for (const { sessionId } of allSessions(store.reader)) {
    store.healTranscript(sessionId); // what it mends is told through the store's event, and so joins the list
    count += 1;
  }
  const findings = healedAtOpening.map(healedFinding);
  return [...findings, fine(SUBJECT, `${count} compared, ${healedAtOpening.length} mended`)];
}

function healedFinding({ sessionId, report }: Healed): Finding {
  const file = `${sessionId}.jsonl`;
  if (report.quarantineFile === null) {
    return fine(
      SUBJECT,
      `${file} ${report.rebuilt ? "was missing" : "lagged"}: ${counted(report.appended, "line")} written`,
    );
  }
  return problem(
    SUBJECT,
    `${file} held lines that the database does not have (${report.quarantined.join(", ")}). It is mended; look at them in ${report.quarantineFile}.`,
  );
}

async function isMirrored(reader: Reader, folder: string, session: Session): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    if (isSame(reader, folder, session)) return true;
    if (look === MAX_LOOKS) return false;
    await sleep(systemClock, LOOK_AGAIN_MS);
  }
}

function isSame(reader: Reader, folder: string, session: Session): boolean {
  using file = openBytes(transcriptPath(folder, session.sessionId));
  let sizeBytes = 0;
  for (const message of walkMessages(reader, session.row)) {
    const line = Buffer.from(transcriptLine(message));
    if (file === null || !hasBytesAt(file, sizeBytes, line)) return false;
    sizeBytes += line.length;
  }
  return sizeBytes === (file?.sizeBytes ?? 0);
}
