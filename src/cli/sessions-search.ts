import type { SearchFilter } from "../store/search.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { findSession } from "./find-session.ts";
import { withReader } from "./own-store.ts";
import { readCount } from "./read-count.ts";
import { jsonText, timeColumn } from "./shown-text.ts";
import { type Column, renderTable } from "./table.ts";

/** Hits on one page: the store's own bounds. */
const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 20;

/** `parley sessions search`: the newest lines that contain every word. */
export const sessionsSearchCommand: CliCommand = {
  name: "sessions search",
  operands: ["TEXT…"],
  summary: "Find the newest messages that contain every word of a text.",
  options: [
    { name: "session", value: "ID", summary: "Only in one session." },
    { name: "platform", value: "NAME", summary: "Only on a platform." },
    { name: "limit", value: "N", summary: `At most so many, 1 to ${MAX_LIMIT}. Default ${DEFAULT_LIMIT}.` },
    { name: "cursor", value: "CURSOR", summary: "Go on where an earlier page ended." },
    jsonOption,
    ...configOptions,
  ],
  run,
};

const columns: readonly Column[] = [
  { heading: "SESSION", maxWidth: null },
  { heading: "LINE", maxWidth: null },
  { heading: "WHEN", maxWidth: null },
  { heading: "WHO", maxWidth: 16 },
  { heading: "TEXT", maxWidth: null },
];

async function run(call: CliCall): Promise<ExitCode> {
  const limit = readCount(call, "limit", [1, MAX_LIMIT], DEFAULT_LIMIT);
  const before = readCount(call, "cursor", [1, Number.MAX_SAFE_INTEGER], null);
  const platform = call.text("platform");
  const { config } = await loadConfiguration(call);
  const { searchMessages } = await import("../store/search.ts");
  return await withReader(config, async (reader): Promise<ExitCode> => {
    const sessionId = call.text("session");
    const filter: SearchFilter = {
      limit,
      ...(before === null ? {} : { before }),
      ...(platform === null ? {} : { platform }),
      ...(sessionId === null ? {} : { sessionRow: (await findSession(reader, sessionId)).row }),
    };
    const hits = searchMessages(reader, call.operands.join(" "), filter);
    const last = hits.at(-1);
    const next = last !== undefined && hits.length === limit ? String(last.cursor) : null;
    if (call.flag("json")) {
      call.terminal.print(jsonText({ hits: hits.map(({ cursor: _, ...hit }) => hit), next }));
      return 0;
    }
    if (hits.length === 0) call.terminal.complain("Nothing found.");
    else {
      const rows = hits.map(({ sessionId: id, message, snippet }) => [
        id,
        String(message.seq),
        timeColumn(message.atMs, config.sessions.timeZone),
        message.senderName ?? message.role,
        snippet,
      ]);
      call.terminal.print(renderTable(columns, rows));
    }
    if (next !== null) call.terminal.complain(`More: --cursor ${next}`);
    return 0;
  });
}
