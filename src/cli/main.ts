import type { CliCall, CliCommand, ExitCode } from "./cli-command.ts";
import { type CommandLine, readCommandLine } from "./command-line.ts";
import { onCrash } from "./crash.ts";
import { failureReport } from "./failure.ts";
import { helpText } from "./help.ts";
import { stayAwake } from "./stay-awake.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** What a command line is given of the world around it. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** Runs the program: does what the command line says and sets the process's exit code. It never rejects. */
export async function main(argv: readonly string[]): Promise<void> {
  using _awake = stayAwake();
  const terminal = processTerminal();
  onCrash((error) => {
    process.exitCode = told(error, argv, terminal);
  });
  process.exitCode = await runCommandLine(argv, { terminal, env: process.env, cwd: process.cwd() });
}

/** Does what a command line says, and resolves with its exit code; whatever goes wrong is told on the terminal. */
export async function runCommandLine(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  try {
    return await obey(argv, around);
  } catch (error) {
    return told(error, argv, around.terminal);
  }
}

function told(error: unknown, argv: readonly string[], terminal: Terminal): ExitCode {
  const isDebug = argv.some((word, place) => /^--log-level[= ]debug\b/.test(`${word} ${argv[place + 1]}`));
  const { lines, exitCode } = failureReport(error, isDebug);
  for (const line of lines) terminal.complain(line);
  return exitCode;
}

async function obey(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  const asked = (await daemonLine(argv)) ?? readCommandLine(argv, await allCommands());
  if (asked.kind === "help") {
    around.terminal.print(helpText(asked.topic, await allCommands()));
    return 0;
  }
  const { command, operands, options } = asked;
  const call: CliCall = {
    ...around,
    operands,
    text: (name) => {
      const value = options.get(name);
      return typeof value === "string" ? value : null;
    },
    flag: (name) => options.has(name),
  };
  return await command.run(call);
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
