import { resolve } from "node:path";
import { systemClock } from "../clock/clock.ts";
import { visibleText } from "../observe/visible-text.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { counted, jsonText } from "./shown-text.ts";

/** `parley restore`: the data directory as it was when the backup was made. */
export const restoreCommand: CliCommand = {
  name: "restore",
  operands: ["FILE"],
  summary: "Put a backup in place; the daemon must be stopped.",
  notes: [
    "FILE is what parley backup wrote, or a database that an upgrade kept in backups/ of the data directory.",
    "The backup is checked whole before anything changes.",
  ],
  options: [
    { name: "force", value: null, summary: "Move data that is there aside, to before-restore-<time>." },
    jsonOption,
    ...configOptions,
  ],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const { restoreBackup } = await import("../backup/restore-backup.ts");
  const path = resolve(call.cwd, call.operands[0] ?? "");
  const restored = await restoreBackup(config.dataDir, path, {
    isForced: call.flag("force"),
    nowMs: systemClock.nowMs(),
  });
  if (call.flag("json")) {
    call.terminal.print(jsonText({ dataDir: config.dataDir, ...restored }));
    return 0;
  }
  const { manifest, asidePath } = restored;
  const what =
    manifest === null
      ? "the database"
      : `${counted(manifest.sessions, "session")} and ${counted(manifest.messages, "message")} of ${manifest.createdAt}`;
  call.terminal.print(visibleText(`Restored ${what} to ${config.dataDir}.`));
  if (asidePath !== null) call.terminal.print(visibleText(`What was there before is in ${asidePath}.`));
  return 0;
}
