import type { Archive, ArchiveDetails } from "../store/archive.ts";
import { insertArchive, selectLiveArchives, updateMerged } from "../store/archives.ts";
import { newArchiveId } from "../store/copy-lifecycle.ts";
import { writeEvent } from "../store/lifecycle-events.ts";
import type { SessionRow } from "../store/session.ts";
import type { Tx } from "../store/writer.ts";
import { MAX_ABSTRACT_LENGTH } from "./fit-summary.ts";
import { textTokens } from "./tokens.ts";

/** From so many live archives on the oldest become one … */
const MERGE_AT = 10;
/** … and so many, the newest, stay as they are. */
const KEPT = 5;
/** Longest overview of one that stands for others, in UTF-16 units: theirs stay readable through it. */
const MAX_OVERVIEW_LENGTH = 8_000;
/** Most decisions, loops or constraints it carries, the newest. */
const MAX_POINTS = 50;

/** Where a session has ten live archives or more, the oldest become one that stands for them; null where there was nothing to do. */
export function mergeArchives(tx: Tx, session: SessionRow, nowMs: number): string | null {
  const live = selectLiveArchives(tx, session.id);
  if (live.length < MERGE_AT) return null;
  const oldest = live.slice(0, live.length - KEPT);
  const [first, last] = [oldest.at(0), oldest.at(-1)];
  if (first === undefined || last === undefined) return null;
  const archiveId = newArchiveId();
  const row = insertArchive(tx, {
    session: session.id,
    archiveId,
    fromSeq: first.fromSeq,
    toSeq: last.toSeq,
    merges: oldest.length,
    overview: overviewOf(oldest),
    abstract: last.abstract.slice(0, MAX_ABSTRACT_LENGTH),
    details: detailsOf(oldest, last),
    redoAtMs: null,
    createdAtMs: nowMs,
  });
  updateMerged(tx, { session: session.id, row, toSeq: last.toSeq });
  writeEvent(tx, {
    kind: "archives.merged",
    sessionId: session.session_id,
    sessionKey: session.session_key,
    data: { archiveId, merged: oldest.map((archive) => archive.archiveId), from: first.fromSeq, to: last.toSeq },
    atMs: nowMs,
  });
  return archiveId;
}

/** Each one's abstract in a line, and what the last says in full: that is fused from all before it. */
function overviewOf(oldest: readonly Archive[]): string {
  const last = oldest.at(-1)?.overview ?? "";
  const lines = oldest.slice(0, -1).map(({ abstract }) => abstract);
  return [...lines, last].join("\n").slice(0, MAX_OVERVIEW_LENGTH).toWellFormed();
}

function detailsOf(oldest: readonly Archive[], last: Archive): ArchiveDetails {
  const union = (points: (details: ArchiveDetails) => readonly string[]) =>
    [...new Set(oldest.flatMap(({ details }) => points(details)))].slice(-MAX_POINTS);
  const [decisions, openLoops, constraints] = [
    union((details) => details.decisions),
    union((details) => details.openLoops),
    union((details) => details.constraints),
  ];
  return {
    ...last.details,
    decisions,
    openLoops,
    constraints,
    fused: oldest.length,
    isExtractive: oldest.some(({ details }) => details.isExtractive),
    tokensBefore: oldest.reduce((sum, { details }) => sum + details.tokensBefore, 0),
    tokensAfter: textTokens([overviewOf(oldest), ...decisions, ...openLoops, ...constraints].join("\n")),
    durationMs: 0,
  };
}
