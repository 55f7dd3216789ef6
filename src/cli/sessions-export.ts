import { type CliCall, type CliCommand, configOptions, type ExitCode } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { withReader } from "./own-store.ts";
import { writeOut } from "./write-out.ts";

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
    writeOut(call, exportIndex(reader));
    return 0;
  });
}
