import { formatScope } from "../session/memory-scope.ts";
import { deletePlacement } from "./change-placement.ts";
import { unmarkExtracted } from "./extractions.ts";
import { failJobsOver } from "./lifecycle-jobs.ts";
import { selectNewestPlacements } from "./memory-placements.ts";
import { selectSessionRow } from "./sessions.ts";
import { moveWindow } from "./windows.ts";
import type { Tx } from "./writer.ts";

const PAGE = 100;

/** Lines from `fromSeq` on are gone: so are the marks on them, what was being made of them, and what only their session had learned from them. */
export function takeBackMemory(tx: Tx, session: number, fromSeq: number): void {
  unmarkExtracted(tx, session, fromSeq);
  moveWindow(tx, session);
  failJobsOver(tx, session, fromSeq);
  const sessionId = selectSessionRow(tx, session)?.session_id;
  if (sessionId === undefined) return;
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = selectNewestPlacements(tx, {
      scope: formatScope({ kind: "session", sessionId }),
      state: "preliminary",
      before,
      limit: PAGE,
    });
    for (const placement of page) if ((placement.sourceToSeq ?? 0) >= fromSeq) deletePlacement(tx, placement);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    before = last.id;
  }
}
