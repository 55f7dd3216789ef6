import { isSharedSession } from "../session/key.ts";
import type { Choices, Command, CommandCall } from "./command.ts";

/** Whether whoever gave this call may give that command, as far as can be said before it runs. */
export function mayGive({ access }: Command, call: Omit<CommandCall, "argument" | "commands">): boolean {
  switch (access ?? null) {
    case "admin":
      return call.isAdmin;
    case "chooser":
      return mayChoose(call);
    case "shared_admin":
      return call.isAdmin || !isShared(call);
    case "shared_author":
    case "shared_asker":
    case null:
      return true;
  }
}

/** Whether whoever gave this call may choose who answers. */
export function mayChoose({ choices, isAdmin }: Pick<CommandCall, "choices" | "isAdmin">): boolean {
  return choices === "everyone" || (choices === "admins" && isAdmin);
}

/** What is said to whoever may not choose. */
export function choosersText(choices: Choices): string {
  return choices === "off" ? "Choosing is switched off here." : "Only admins can choose that.";
}

/** Whether several people speak in the conversation the call is about. */
export function isShared({ message, rules }: Pick<CommandCall, "message" | "rules">): boolean {
  return isSharedSession(message.source, rules.keys);
}
