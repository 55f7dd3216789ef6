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
  if (command !== undefined)
    return { ...runKnown(command, text, call, commands), isPrivate: command.answer === "private" };
  const likely = nearest(
    text.name,
    commands.map(({ name }) => name),
  );
  const hint = likely === null ? "/help lists the commands." : `Did you mean /${likely}? /help lists them all.`;
  return says(
    `There is no command /${text.name}. ${hint} A message that should begin with a slash can be sent with a space before it.`,
  );
}

function runKnown(
  command: Command,
  { argument }: CommandText,
  call: Omit<CommandCall, "argument" | "commands">,
  commands: readonly Command[],
): CommandResult {
  if (command.access === "admin" && !call.isAdmin) return says(`/${command.name} is for admins.`);
  return command.run({ ...call, argument, commands });
}
