import { describeSource } from "../session/describe-source.ts";
import type { SessionFilter } from "../store/list-sessions.ts";
import type { Session } from "../store/session.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { UsageError } from "./failure.ts";
import { withReader } from "./own-store.ts";
import { readCount } from "./read-count.ts";
import { jsonText, timeColumn } from "./shown-text.ts";
import { type Column, renderTable } from "./table.ts";

/** Sessions on one page: the store's own bounds. */
const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 50;

/** `parley sessions list`: the most recently active first. */
export const sessionsListCommand: CliCommand = {
  name: "sessions list",
  operands: [],
  summary: "List sessions, the most recently active first.",
  options: [
    { name: "platform", value: "NAME", summary: "Only those of a platform." },
    { name: "live", value: null, summary: "Only those that are live." },
    { name: "ended", value: null, summary: "Only those that have ended." },
    { name: "chat", value: "ID", summary: "Only those of a chat." },
    { name: "user", value: "ID", summary: "Only a person's own." },
    { name: "tag", value: "TAG", summary: "Only those with a tag." },
    { name: "title", value: "TEXT", summary: "Only those whose title contains a text." },
    { name: "limit", value: "N", summary: `At most so many, 1 to ${MAX_LIMIT}. Default ${DEFAULT_LIMIT}.` },
    { name: "cursor", value: "CURSOR", summary: "Go on where an earlier page ended." },
    jsonOption,
    ...configOptions,
  ],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const filter = filterOf(call);
  const { config } = await loadConfiguration(call);
  const { listSessions } = await import("../store/list-sessions.ts");
  return await withReader(config, async (reader): Promise<ExitCode> => {
    const page = listSessions(reader, filter);
    if (call.flag("json")) {
      const { sessionJson } = await import("../console/session-json.ts");
      const sessions = page.sessions.map((session) => sessionJson(reader, session));
      call.terminal.print(jsonText({ sessions, next: page.next }));
      return 0;
    }
    if (page.sessions.length === 0) call.terminal.complain("No sessions.");
    else call.terminal.print(sessionTable(page.sessions, config.sessions.timeZone));
    if (page.next !== null) call.terminal.complain(`More: --cursor ${page.next}`);
    return 0;
  });
}

function filterOf(call: CliCall): SessionFilter {
  if (call.flag("live") && call.flag("ended")) {
    throw new UsageError("--live, --ended: expected one of them; without either both kinds are listed.");
  }
  const texts = { platform: "platform", chatId: "chat", userId: "user", tag: "tag", title: "title", cursor: "cursor" };
  const given = Object.entries(texts).flatMap(([field, option]) => {
    const value = call.text(option);
    return value === null ? [] : [[field, value] as const];
  });
  return {
    ...Object.fromEntries(given),
    ...(call.flag("live") || call.flag("ended") ? { live: call.flag("live") } : {}),
    limit: readCount(call, "limit", [1, MAX_LIMIT], DEFAULT_LIMIT),
  };
}

const columns: readonly Column[] = [
  { heading: "SESSION", maxWidth: null },
  { heading: "STATE", maxWidth: null },
  { heading: "PLATFORM", maxWidth: 12 },
  { heading: "WHERE", maxWidth: 32 },
  { heading: "MESSAGES", maxWidth: null },
  { heading: "LAST ACTIVE", maxWidth: null },
  { heading: "TITLE", maxWidth: 40 },
];

function sessionTable(sessions: readonly Session[], timeZone: string): string {
  return renderTable(
    columns,
    sessions.map((session) => [
      session.sessionId,
      session.endReason ?? "live",
      session.source.platform,
      describeSource(session.source),
      String(session.messageCount),
      timeColumn(session.lastActiveMs, timeZone),
      session.title ?? "",
    ]),
  );
}
