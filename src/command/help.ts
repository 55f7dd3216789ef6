import { type Command, says } from "./command.ts";

/** `/help`: every command in a line. */
export const helpCommand: Command = {
  name: "help",
  usage: "",
  summary: "Show this list.",
  run: (call) =>
    says(
      call.commands
        .map(({ name, usage, summary }) => `/${name}${usage === "" ? "" : ` ${usage}`}: ${summary}`)
        .join("\n"),
    ),
};
