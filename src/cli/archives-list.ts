import type { archiveJson } from "../console/archives-json.ts";
import { type CliCommand, configOptions, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { CommandFailure } from "./failure.ts";
import { findSessionOrKey } from "./find-session.ts";
import { withReader } from "./own-store.ts";
import { jsonText, timeColumn, visibleLines } from "./shown-text.ts";
import { type Column, renderFacts, renderTable } from "./table.ts";

type ShownArchive = ReturnType<typeof archiveJson>;

const columns: readonly Column[] = [
  { heading: "ARCHIVE", maxWidth: null },
  { heading: "LINES", maxWidth: null },
  { heading: "MADE", maxWidth: null },
  { heading: "MERGES", maxWidth: null },
  { heading: "ABSTRACT", maxWidth: null },
];

/** `parley archives list`: what a session's older lines were condensed to. */
export const archivesListCommand: CliCommand = {
  name: "archives list",
  operands: ["ID|KEY"],
  summary: "List the archives of a session, which stand for its older lines.",
  options: [
    { name: "merged", value: null, summary: "Those, too, that became one with others." },
    jsonOption,
    ...configOptions,
  ],
  async run(call) {
    const { config } = await loadConfiguration(call);
    const { archivesJson } = await import("../console/archives-json.ts");
    await withReader(config, async (reader) => {
      const { row, sessionId } = await findSessionOrKey(reader, call.operands[0] ?? "");
      const archives = archivesJson(reader, row, call.flag("merged"));
      if (call.flag("json")) call.terminal.print(jsonText({ sessionId, archives }));
      else if (archives.length === 0) call.terminal.complain("No archives: all of it is in the window.");
      else {
        const rows = archives.map((one) => [
          one.archiveId,
          linesOf(one),
          timeColumn(one.createdAtMs, config.sessions.timeZone),
          one.merges === 0 ? "-" : String(one.merges),
          one.abstract,
        ]);
        call.terminal.print(renderTable(columns, rows));
      }
    });
    return 0;
  },
};

/** `parley archives show`: one archive in full. */
export const archivesShowCommand: CliCommand = {
  name: "archives show",
  operands: ["ARCHIVE"],
  summary: "Show what an archive says of its lines.",
  options: [jsonOption, ...configOptions],
  async run(call) {
    const [archiveId = ""] = call.operands;
    const { config } = await loadConfiguration(call);
    const { selectArchive, selectMergedArchives } = await import("../store/archives.ts");
    const { archiveJson } = await import("../console/archives-json.ts");
    const { selectSessionRow } = await import("../store/sessions.ts");
    await withReader(config, (reader) => {
      const found = selectArchive(reader, archiveId);
      const session = found === null ? null : selectSessionRow(reader, found.session);
      if (found === null || session === null) {
        throw new CommandFailure(
          `there is no archive "${archiveId}". parley archives list ID shows those of a session.`,
        );
      }
      const archive = archiveJson(found, null);
      const merged = selectMergedArchives(reader, found.row).map((one) => archiveJson(one, archiveId));
      if (call.flag("json")) call.terminal.print(jsonText({ sessionId: session.session_id, archive, merged }));
      else call.terminal.print(archiveText(archive, merged, session.session_id, config.sessions.timeZone));
    });
    return 0;
  },
};

function archiveText(
  archive: ShownArchive,
  merged: readonly ShownArchive[],
  sessionId: string,
  timeZone: string,
): string {
  const points = [
    ["Decision", archive.decisions],
    ["Open", archive.openLoops],
    ["Constraint", archive.constraints],
  ] as const;
  const facts = renderFacts([
    ["Archive", archive.archiveId],
    ["Session", sessionId],
    ["Lines", linesOf(archive)],
    ["Made", timeColumn(archive.createdAtMs, timeZone)],
    ["By", archive.isExtractive ? "quoting" : "a model"],
    ["Tokens", `${archive.tokensBefore} became ${archive.tokensAfter}`],
    ...merged.map((one) => ["Merges", `${one.archiveId}, lines ${linesOf(one)}`] as const),
    ["Abstract", archive.abstract],
    ...(archive.activeTask === null ? [] : ([["Task", archive.activeTask]] as const)),
    ...points.flatMap(([name, texts]) => texts.map((text) => [name, text] as const)),
  ]);
  return `${facts}\n\n${visibleLines(archive.overview)}`;
}

function linesOf({ fromSeq, toSeq }: ShownArchive): string {
  return `${fromSeq} to ${toSeq}`;
}
