import { createInterface } from "node:readline/promises";
import type { CliCall } from "./cli-command.ts";
import { UsageError } from "./failure.ts";

/** Whether whoever runs a command says yes to what it is about to do; throws when nobody can be asked and `--yes` was not given. */
export async function isConfirmed(call: CliCall, command: string, question: string): Promise<boolean> {
  if (call.flag("yes")) return true;
  if (!call.terminal.isInteractive) {
    throw new UsageError(`${command}: expected --yes, since there is nobody to ask here.`);
  }
  using lines = createInterface({ input: call.terminal.stdin, output: call.terminal.stdout });
  const answer = await lines.question(`${question} [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}
