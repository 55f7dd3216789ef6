import { resolve } from "node:path";
import { systemClock } from "../clock/clock.ts";
import { visibleText } from "../observe/visible-text.ts";
import { parleyVersion } from "../version.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { counted, jsonText } from "./shown-text.ts";

/** `parley backup`: the data directory as one file. */
export const backupCommand: CliCommand = {
  name: "backup",
  operands: ["[FILE]"],
  summary: "Write all data to one archive, consistent while the daemon runs.",
  notes: [
    "Without FILE: parley-backup-<time>.tar.gz in the current folder.",
    "It holds the database, the transcripts, people's files and job reports; not the configuration, and no token in it.",
  ],
  options: [
    { name: "no-media", value: null, summary: "Leave out the files people sent and were sent." },
    jsonOption,
    ...configOptions,
  ],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const { makeBackup } = await import("../backup/make-backup.ts");
  const nowMs = systemClock.nowMs();
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const path = resolve(call.cwd, call.operands[0] ?? `parley-backup-${stamp}.tar.gz`);
  const made = await makeBackup(config.dataDir, path, {
    hasMedia: !call.flag("no-media"),
    version: parleyVersion,
    nowMs,
  });
  for (const file of made.leftOut) call.terminal.complain(visibleText(`not Parley's, left out: ${file}`));
  if (call.flag("json")) call.terminal.print(jsonText({ path, ...made }));
  else {
    const { sessions, messages } = made.manifest;
    call.terminal.print(
      visibleText(
        `${path}: ${counted(sessions, "session")}, ${counted(messages, "message")}, ${sizeText(made.sizeBytes)}.`,
      ),
    );
  }
  return 0;
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
