import type { Terminal } from "./terminal.ts";

/** 0 done, 1 failed, 2 wrong usage or configuration. */
export type ExitCode = 0 | 1 | 2;

/** One option of a command. */
export interface CliOption {
  /** Without the dashes; the same name means the same kind of value in every command. */
  readonly name: string;
  /** What stands for its value in the help; null for a switch. */
  readonly value: string | null;
  readonly summary: string;
}

/** What a command was called with. */
export interface CliCall {
  readonly operands: readonly string[];
  /** The value of an option; null when it was not given. */
  text(name: string): string | null;
  /** Whether a switch was given. */
  flag(name: string): boolean;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** The folder that relative paths start from. */
  readonly cwd: string;
}

/** One command; its help is made of this table. Loading it must be cheap: what is heavy is imported by `run`. */
export interface CliCommand {
  /** One word or two: `run`, `sessions list`. */
  readonly name: string;
  /** In order: `ID` is required, `[FILE]` is not, `TEXT…` takes one or more. */
  readonly operands: readonly string[];
  readonly summary: string;
  readonly options: readonly CliOption[];
  /** Further lines of its help. */
  readonly notes?: readonly string[];
  run(call: CliCall): Promise<ExitCode>;
}

/** The options of every command that reads the configuration. */
export const configOptions: readonly CliOption[] = [
  {
    name: "config",
    value: "FILE",
    summary: "Configuration file. Default PARLEY_CONFIG, else ./parley.yaml if it is there.",
  },
  { name: "data-dir", value: "DIR", summary: "Data directory, instead of the configured one." },
  { name: "log-level", value: "LEVEL", summary: "debug, info, warn, error or silent." },
];

/** Machine-readable output. */
export const jsonOption: CliOption = { name: "json", value: null, summary: "Print JSON." };
