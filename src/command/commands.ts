import type { Command } from "./command.ts";
import { helpCommand } from "./help.ts";
import { restartCommand } from "./restart.ts";
import { resumeCommand } from "./resume.ts";
import { sessionsCommand } from "./sessions.ts";
import { statusCommand } from "./status.ts";
import { titleCommand } from "./title.ts";
import { whoamiCommand } from "./whoami.ts";

/** Every command, in the order in which `/help` shows them. */
export const commands: readonly Command[] = [
  restartCommand("new"),
  restartCommand("reset"),
  resumeCommand,
  sessionsCommand,
  statusCommand,
  titleCommand,
  whoamiCommand,
  helpCommand,
];
