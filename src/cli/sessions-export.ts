import { closeSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { type CliCall, type CliCommand, configOptions, type ExitCode } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { CommandFailure } from "./failure.ts";
import { withReader } from "./own-store.ts";

/** `parley sessions export`: the portable index. */
export const sessionsExportCommand: CliCommand = {
  name: "sessions export",
  operands: [],
  summary: "Write the index of all sessions as a portable sessions.json.",
  notes: ["Together with the files of transcripts/ in the data directory it can be imported elsewhere."],
  options: [{ name: "out", value: "FILE", summary: "A new file. Default stdout." }, ...configOptions],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const { exportIndex } = await import("../store/export-index.ts");
  return await withReader(config, (reader) => {
    const out = call.text("out");
    if (out === null) for (const piece of exportIndex(reader)) call.terminal.stdout.write(piece);
    else writeFile(resolve(call.cwd, out), exportIndex(reader));
    return 0;
  });
}

function writeFile(path: string, pieces: Iterable<string>): void {
  const fd = openNew(path);
  try {
    for (const piece of pieces) writeSync(fd, piece);
  } finally {
    closeSync(fd);
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, "wx", 0o600); // other people's names and ids are in it
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    throw new CommandFailure(`${path} exists already. Name a new file.`, { cause });
  }
}
