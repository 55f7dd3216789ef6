import { nearest } from "../message/nearest.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import type { CommandText } from "./read-command.ts";

/** Runs the command of that name, or says which one was probably meant. */
export function runCommand(
  commands: readonly Command[],
  text: CommandText,
  call: Omit<CommandCall, "argument" | "commands">,
): CommandResult {
  const command = commands.find(({ name }) => name === text.name);
  if (command?.access === "admin" && !call.isAdmin) return says(`/${command.name} is for admins.`);
  if (command !== undefined) return command.run({ ...call, argument: text.argument, commands });
  const likely = nearest(
    text.name,
    commands.map(({ name }) => name),
  );
  const hint = likely === null ? "/help lists the commands." : `Did you mean /${likely}? /help lists them all.`;
  return says(
    `There is no command /${text.name}. ${hint} A message that should begin with a slash can be sent with a space before it.`,
  );
}
