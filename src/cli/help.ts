import type { CliCommand, CliOption } from "./cli-command.ts";
import { padEnd } from "./display-width.ts";

const HEAD = "Parley, a chat gateway daemon that never loses the thread.";
const INDENT = "  ";

/** The help of one command, of a group of commands, or of the program when `topic` is empty. */
export function helpText(topic: string, commands: readonly CliCommand[]): string {
  const command = commands.find(({ name }) => name === topic);
  if (command !== undefined) return commandHelp(command);
  const listed = commands.filter(({ name }) => topic === "" || name.startsWith(`${topic} `));
  const usage = topic === "" ? "parley [COMMAND] [OPTIONS]" : `parley ${topic} COMMAND [OPTIONS]`;
  return [
    ...(topic === "" ? [HEAD, ""] : []),
    `Usage: ${usage}`,
    "",
    "Commands:",
    ...columns(listed.map((one) => [synopsis(one), one.summary])),
    "",
    topic === ""
      ? 'Without a command it runs the daemon. "parley COMMAND --help" says more.'
      : `"parley ${topic} COMMAND --help" says more.`,
    ...(topic === "" ? ["Exit codes: 0 done, 1 failed, 2 wrong usage or configuration."] : []),
  ].join("\n");
}

function commandHelp(command: CliCommand): string {
  const options = command.options.length === 0 ? "" : " [OPTIONS]";
  return [
    `Usage: parley ${synopsis(command)}${options}`,
    "",
    command.summary,
    ...(command.notes ?? []),
    ...(command.options.length === 0 ? [] : ["", "Options:"]),
    ...columns(command.options.map((option) => [optionText(option), option.summary])),
  ].join("\n");
}

function synopsis({ name, operands }: CliCommand): string {
  return [name, ...operands].join(" ");
}

function optionText({ name, value }: CliOption): string {
  return value === null ? `--${name}` : `--${name} ${value}`;
}

function columns(rows: readonly (readonly [left: string, right: string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${INDENT}${padEnd(left, width)}${INDENT}${right}`);
}
