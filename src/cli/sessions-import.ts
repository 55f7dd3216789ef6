import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { visibleText } from "../observe/visible-text.ts";
import { isTimeZone } from "../session/wall-clock.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration, openCommandLog } from "./configuration.ts";
import { CommandFailure, UsageError } from "./failure.ts";
import { withOwnStore } from "./own-store.ts";
import { findDaemon } from "./running-daemon.ts";
import { counted, jsonText } from "./shown-text.ts";

/** `parley sessions import`: sessions of another Parley, or of the Python gateway. */
export const sessionsImportCommand: CliCommand = {
  name: "sessions import",
  operands: ["FILE"],
  summary: "Import a sessions.json, and the transcripts beside it.",
  notes: ["Doing it again changes nothing. Exit code 1 when a session was not imported."],
  options: [
    { name: "transcripts", value: "DIR", summary: "Folder of the transcripts, <session_id>.jsonl. Default none." },
    { name: "time-zone", value: "ZONE", summary: "Zone of times that have none. Default the configured one." },
    jsonOption,
    ...configOptions,
  ],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const timeZone = call.text("time-zone") ?? config.sessions.timeZone;
  if (!isTimeZone(timeZone)) {
    throw new UsageError(`--time-zone: expected an IANA name such as "Europe/Berlin", got "${timeZone}".`);
  }
  const daemon = await findDaemon(config);
  if (daemon !== null) {
    throw new CommandFailure(
      `Parley is running (process ${daemon.pid}). Stop it first, then import and start it again.`,
    );
  }
  const folder = call.text("transcripts");
  const json = readJson(resolve(call.cwd, call.operands[0] ?? ""));
  const { importIndex } = await import("../store/import-index.ts");
  const log = await openCommandLog(call, config, "stderr");
  const report = await withOwnStore(config, log, (store) =>
    importIndex(store, json, folder === null ? null : resolve(call.cwd, folder), { timeZone }),
  );
  if (call.flag("json")) call.terminal.print(jsonText(report));
  else {
    for (const { key, why } of report.skipped) call.terminal.complain(visibleText(`not imported: ${key}: ${why}`));
    for (const { file, line, why } of report.lines) {
      call.terminal.complain(visibleText(`${file}${line === 0 ? "" : `, line ${line}`}: ${why}`));
    }
    const { imported, updated, messages, skipped, lines } = report;
    call.terminal.print(
      `${counted(imported, "session")} imported, ${updated} updated, ${skipped.length} not imported; ${counted(messages, "message")}, ${counted(lines.length, "line")} left out.`,
    );
  }
  return report.skipped.length === 0 ? 0 : 1;
}

function readJson(path: string): unknown {
  const text = readFileSync(path, "utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandFailure(`${path}: expected JSON, got something else. Nothing was imported.`, { cause });
  }
}
