import { parleyVersion } from "../version.ts";
import type { CliCommand } from "./cli-command.ts";

/** `parley version`. */
export const versionCommand: CliCommand = {
  name: "version",
  operands: [],
  summary: "Print the version.",
  options: [],
  async run({ terminal }) {
    terminal.print(`parley ${parleyVersion} (Node.js ${process.versions.node})`);
    return 0;
  },
};
