import { type Command, type CommandGroup, says } from "./command.ts";
import { mayGive } from "./may-give.ts";

const GROUPS: readonly (readonly [group: CommandGroup, title: string])[] = [
  ["session", "Session"],
  ["work", "Work"],
  ["place", "Place"],
];

/** `/help`: every command the person may give, in a line each. */
export const helpCommand: Command = {
  name: "help",
  usage: "",
  isControl: true,
  summary: "Show this list.",
  group: "place",
  answer: "private",
  run: (call) =>
    says(
      GROUPS.flatMap(([group, title]) => {
        const lines = call.commands
          .filter((command) => command.group === group && mayGive(command, call))
          .map(({ name, usage, summary }) => `/${name}${usage === "" ? "" : ` ${usage}`}: ${summary}`);
        return lines.length === 0 ? [] : [[`**${title}**`, ...lines].join("\n")];
      }).join("\n\n"),
    ),
};
