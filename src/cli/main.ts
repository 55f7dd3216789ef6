import type { CliCall, CliCommand } from "./cli-command.ts";
import { type CommandLine, readCommandLine } from "./command-line.ts";
import { onCrash } from "./crash.ts";
import { failureReport } from "./failure.ts";
import { helpText } from "./help.ts";
import { stayAwake } from "./stay-awake.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** Runs the program: does what the command line says and sets the process's exit code. It never rejects. */
export async function main(argv: readonly string[]): Promise<void> {
  using _awake = stayAwake();
  const terminal = processTerminal();
  const isDebug = argv.some((word, place) => /^--log-level[= ]debug\b/.test(`${word} ${argv[place + 1]}`));
  const tell = (error: unknown) => {
    const { lines, exitCode } = failureReport(error, isDebug);
    for (const line of lines) terminal.complain(line);
    process.exitCode = exitCode;
  };
  onCrash(tell);
  await obey(argv, terminal).catch(tell);
}

async function obey(argv: readonly string[], terminal: Terminal): Promise<void> {
  const asked = (await daemonLine(argv)) ?? readCommandLine(argv, await allCommands());
  if (asked.kind === "help") {
    terminal.print(helpText(asked.topic, await allCommands()));
    process.exitCode = 0;
    return;
  }
  const { command, operands, options } = asked;
  const call: CliCall = {
    operands,
    text: (name) => {
      const value = options.get(name);
      return typeof value === "string" ? value : null;
    },
    flag: (name) => options.has(name),
    terminal,
    env: process.env,
    cwd: process.cwd(),
  };
  process.exitCode = await command.run(call);
}

/** What `parley run` asks for, or null for any other line, and for one that is wrong: a daemon that lives for months does not load the other commands. */
async function daemonLine(argv: readonly string[]): Promise<CommandLine | null> {
  if (argv[0] !== "run") return null;
  const { runCommand } = await import("./run.ts");
  try {
    return readCommandLine(argv, [runCommand]);
  } catch {
    return null; // told by those who know all commands and their options
  }
}

async function allCommands(): Promise<readonly CliCommand[]> {
  return (await import("./commands.ts")).commands;
}
