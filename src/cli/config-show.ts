import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { jsonText } from "./shown-text.ts";

/** `parley config show`: what is in force. */
export const configShowCommand: CliCommand = {
  name: "config show",
  operands: [],
  summary: "Print the configuration in force, defaults filled and secrets masked.",
  options: [...configOptions, jsonOption],
  run,
};

/** `parley config schema`: for editors. */
export const configSchemaCommand: CliCommand = {
  name: "config schema",
  operands: [],
  summary: "Print the JSON Schema of the configuration file, for editors.",
  options: [],
  async run({ terminal }) {
    const { configJsonSchema } = await import("../../config/json-schema.ts");
    terminal.print(jsonText(configJsonSchema()));
    return 0;
  },
};

async function run(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const { maskedConfig } = await import("../../config/mask.ts");
  if (call.flag("json")) {
    call.terminal.print(jsonText(maskedConfig(config)));
    return 0;
  }
  const { stringify } = await import("yaml");
  call.terminal.print(stringify(maskedConfig(config)).trimEnd());
  return 0;
}
