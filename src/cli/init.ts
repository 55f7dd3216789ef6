import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { visibleText } from "../observe/visible-text.ts";
import type { CliCall, CliCommand, ExitCode } from "./cli-command.ts";
import { CommandFailure } from "./failure.ts";

/** `parley init`: a configuration to begin with. */
export const initCommand: CliCommand = {
  name: "init",
  operands: ["[FILE]"],
  summary: "Write a configuration to begin with. Default ./parley.yaml.",
  notes: ["Nothing is overwritten. Parley runs without a file too."],
  options: [],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const path = resolve(call.cwd, call.operands[0] ?? "parley.yaml");
  if (existsSync(path)) throw new CommandFailure(`${path} exists already. Name a new file, or edit that one.`);
  const { starterConfig } = await import("../../config/starter.ts");
  const fd = openNew(path);
  try {
    writeSync(fd, starterConfig);
  } finally {
    closeSync(fd);
  }
  call.terminal.print(visibleText(`${path}: written. Edit it, then: parley config check, parley run.`));
  return 0;
}

function openNew(path: string): number {
  try {
    return openSync(path, "wx", 0o600); // people put tokens into it, whatever it says
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFailure(`${path}: can't be written (${reason}).`, { cause });
  }
}
