import { ConfigError } from "../../config/problems.ts";
import { visibleText } from "../observe/visible-text.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { counted, jsonText } from "./shown-text.ts";

/** `parley config check`: every mistake at once. */
export const configCheckCommand: CliCommand = {
  name: "config check",
  operands: ["[FILE]"],
  summary: "Check the configuration: every mistake and every warning at once.",
  options: [...configOptions, jsonOption],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const [file] = call.operands;
  const named =
    file === undefined ? call : { ...call, text: (name: string) => (name === "config" ? file : call.text(name)) };
  try {
    const { path, warnings } = await loadConfiguration(named);
    if (call.flag("json")) call.terminal.print(jsonText({ path, isValid: true, problems: [], warnings }));
    else {
      for (const warning of warnings) call.terminal.complain(visibleText(`warning: ${warning}`));
      const subject = path ?? "No configuration file: the defaults and the environment";
      const tail = warnings.length === 0 ? "" : `, with ${counted(warnings.length, "warning")}`;
      call.terminal.print(visibleText(`${subject}: valid${tail}.`));
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError) || !call.flag("json")) throw error;
    call.terminal.print(jsonText({ path: null, isValid: false, problems: error.problems, warnings: [] }));
    return 2;
  }
}
