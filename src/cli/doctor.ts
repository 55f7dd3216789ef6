import type { LoadedConfig } from "../../config/load.ts";
import { ConfigError } from "../../config/problems.ts";
import { secretValues } from "../../config/secret-values.ts";
import { visibleText } from "../observe/visible-text.ts";
import { checkConfigFile } from "./check-config-file.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { type Finding, fine, problem } from "./finding.ts";
import { counted, jsonText } from "./shown-text.ts";

/** `parley doctor`: looks at everything that can be wrong, and mends transcripts where no daemon runs. */
export const doctorCommand: CliCommand = {
  name: "doctor",
  operands: [],
  summary: "Check the installation and the data, and mend transcript files.",
  notes: ["Each line is ok or a problem with what to do; exit code 1 when there is a problem."],
  options: [jsonOption, ...configOptions],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    if (!call.flag("json")) call.terminal.print(findingLine(finding));
  };
  const { checkMachine } = await import("./check-machine.ts");
  const loaded = await configurationOf(call, tell);
  for (const finding of checkMachine(loaded?.config.dataDir ?? null)) tell(finding);
  if (loaded !== null) {
    const { checkData } = await import("./check-data.ts");
    for await (const finding of checkData(call, loaded.config)) tell(finding);
  }
  const problems = findings.filter(({ isProblem }) => isProblem).length;
  if (call.flag("json")) call.terminal.print(jsonText({ findings, problems }));
  else call.terminal.print(problems === 0 ? "All is well." : `${counted(problems, "problem")} found.`);
  return problems === 0 ? 0 : 1;
}

async function configurationOf(call: CliCall, tell: (finding: Finding) => void): Promise<LoadedConfig | null> {
  try {
    const loaded = await loadConfiguration(call);
    tell(fine("configuration", loaded.path ?? "no file: the defaults and the environment"));
    if (loaded.path !== null)
      for (const finding of checkConfigFile(loaded.path, secretValues(loaded.config))) tell(finding);
    for (const warning of loaded.warnings) tell(fine("configuration", `warning: ${warning}`));
    return loaded;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { path, message } of error.problems) tell(problem("configuration", `${path}: ${message}`));
    return null;
  }
}

function findingLine({ subject, isProblem, message }: Finding): string {
  return visibleText(`${isProblem ? "problem" : "ok     "}  ${subject}: ${message}`);
}
