import { closeSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import type { CliCall } from "./cli-command.ts";
import { CommandFailure } from "./failure.ts";

/** Writes an export to the new file that `--out` names, or to stdout; throws when that file exists already. */
export function writeOut(call: CliCall, pieces: Iterable<string>): void {
  const out = call.text("out");
  if (out === null) for (const piece of pieces) call.terminal.stdout.write(piece);
  else writeFile(resolve(call.cwd, out), pieces);
}

function writeFile(path: string, pieces: Iterable<string>): void {
  const fd = openNew(path);
  try {
    for (const piece of pieces) writeSync(fd, piece);
  } finally {
    closeSync(fd);
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, "wx", 0o600); // other people's names and ids are in it
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    throw new CommandFailure(`${path} exists already. Name a new file.`, { cause });
  }
}
