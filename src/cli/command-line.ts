import { parseArgs } from "node:util";
import { nearest } from "../message/nearest.ts";
import type { CliCommand, CliOption } from "./cli-command.ts";
import { UsageError } from "./failure.ts";

/** What a command line asks for. */
export type CommandLine =
  | {
      readonly kind: "command";
      readonly command: CliCommand;
      readonly operands: readonly string[];
      /** By name; a switch that was given is `true`. */
      readonly options: ReadonlyMap<string, string | true>;
    }
  /** The help of a command, of a group (`sessions`), or, with an empty topic, of the program. */
  | { readonly kind: "help"; readonly topic: string };

const helpOption: CliOption = { name: "help", value: null, summary: "Show this help." };
const versionOption: CliOption = { name: "version", value: null, summary: "Print the version." };

/** Reads a command line; throws a `UsageError` that names what was not understood and what was probably meant. */
export function readCommandLine(argv: readonly string[], commands: readonly CliCommand[]): CommandLine {
  const known = [helpOption, versionOption, ...commands.flatMap(({ options }) => options)];
  // Options of all commands are read alike, since they may stand before the command's name; then each must be of its command.
  const { tokens } = parseArgs({
    args: [...argv],
    options: {
      ...Object.fromEntries(known.map(({ name, value }) => [name, { type: value === null ? "boolean" : "string" }])),
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "v" },
    },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  const given = tokens.flatMap((token) => (token.kind === "option" ? [token] : []));
  if (words[0] === "help") return { kind: "help", topic: topicOf(words.slice(1), commands) };
  if (given.some(({ name }) => name === "help")) return { kind: "help", topic: topicOf(words, commands) };
  const isVersion = words.length === 0 && given.some(({ name }) => name === "version");
  const { command, operands } = isVersion
    ? commandOf(["version"], commands)
    : commandOf(words.length === 0 ? ["run"] : words, commands);

  const options = new Map<string, string | true>();
  for (const { name, rawName, value, inlineValue } of given) {
    if (isVersion && name === "version") continue;
    const option = command.options.find((one) => one.name === name);
    if (option === undefined) throw unknownOption(rawName, command);
    options.set(name, readValue(option, value, inlineValue === true));
  }
  checkOperands(command, operands);
  return { kind: "command", command, operands, options };
}

/** The command whose name the first words are; the longest name wins. */
function commandOf(
  words: readonly string[],
  commands: readonly CliCommand[],
): { readonly command: CliCommand; readonly operands: readonly string[] } {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    const command = words.length >= length ? commands.find((one) => one.name === name) : undefined;
    if (command !== undefined) return { command, operands: words.slice(length) };
  }
  throw unknownCommand(words, commands);
}

function topicOf(words: readonly string[], commands: readonly CliCommand[]): string {
  if (words.length === 0) return "";
  const [first = ""] = words;
  if (words.length === 1 && isGroup(first, commands)) return first;
  return commandOf(words, commands).command.name;
}

function isGroup(word: string, commands: readonly CliCommand[]): boolean {
  return commands.some(({ name }) => name.startsWith(`${word} `));
}

function unknownCommand(words: readonly string[], commands: readonly CliCommand[]): UsageError {
  const [first = "", second] = words;
  if (isGroup(first, commands)) {
    const names = commands.flatMap(({ name }) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []));
    const likely = second === undefined ? null : nearest(second, names);
    const got = second === undefined ? "nothing" : `"${second}"`;
    const hint = likely === null ? "" : ` Did you mean "${first} ${likely}"?`;
    return new UsageError(`${first}: expected one of ${names.join(", ")}, got ${got}.${hint}`);
  }
  const likely = nearest(first, [...new Set(commands.map(({ name }) => name.split(" ")[0] ?? name))]);
  const hint = likely === null ? "" : ` Did you mean "${likely}"?`;
  return new UsageError(`there is no command "${first}".${hint} parley --help lists what there is.`);
}

function unknownOption(rawName: string, command: CliCommand): UsageError {
  const names = [...command.options, helpOption].map(({ name }) => name);
  const likely = nearest(rawName.replace(/^-+/, ""), names);
  const hint = likely === null ? "" : ` Did you mean --${likely}?`;
  const dashes = command.operands.length > 0 ? ' What begins with a dash and is no option goes after "--".' : "";
  return new UsageError(
    `${command.name} has no option ${rawName}.${hint || ` parley ${command.name} --help lists them.`}${dashes}`,
  );
}

function readValue(option: CliOption, value: string | undefined, isInline: boolean): string | true {
  if (option.value === null) {
    if (value === undefined) return true;
    throw new UsageError(`--${option.name} takes no value, got "${value}".`);
  }
  // `--config --json` is a forgotten value more often than a file called "--json".
  const isForgotten = value === undefined || value === "" || (!isInline && /^-./.test(value));
  if (isForgotten) {
    const got = value === undefined ? "nothing" : `"${value}" (--${option.name}=${value} means it)`;
    throw new UsageError(`--${option.name}: expected ${option.value} after it, got ${got}.`);
  }
  return value;
}

function checkOperands({ name, operands }: CliCommand, given: readonly string[]): void {
  const required = operands.filter((operand) => !operand.startsWith("["));
  const missing = required[given.length];
  if (missing !== undefined) {
    throw new UsageError(`${name}: expected ${missing}, got nothing. parley ${name} --help says more.`);
  }
  const takesMore = operands.some((operand) => operand.includes("…"));
  const extra = takesMore ? undefined : given[operands.length];
  if (extra !== undefined) throw new UsageError(`${name}: did not expect "${extra}". parley ${name} --help says more.`);
}
