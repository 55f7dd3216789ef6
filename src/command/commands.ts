import { agentCommand } from "./agent.ts";
import { branchCommand } from "./branch.ts";
import type { Command } from "./command.ts";
import { compactCommand } from "./compact.ts";
import { decideCommand } from "./decide.ts";
import { deleteCommand } from "./delete.ts";
import { exportCommand } from "./export.ts";
import { forgetCommand } from "./forget.ts";
import { helpCommand } from "./help.ts";
import { historyCommand } from "./history.ts";
import { jobsCommand } from "./jobs.ts";
import { memoryCommand } from "./memory.ts";
import { modelCommand } from "./model.ts";
import { pairCommand } from "./pair.ts";
import { queueCommand } from "./queue.ts";
import { rememberCommand } from "./remember.ts";
import { restartCommand } from "./restart.ts";
import { resumeCommand } from "./resume.ts";
import { retryCommand } from "./retry.ts";
import { scheduleCommand } from "./schedule.ts";
import { sessionsCommand } from "./sessions.ts";
import { sethomeCommand } from "./sethome.ts";
import { statusCommand } from "./status.ts";
import { stopCommand } from "./stop.ts";
import { timezoneCommand } from "./timezone.ts";
import { titleCommand } from "./title.ts";
import { undoCommand } from "./undo.ts";
import { usageCommand } from "./usage.ts";
import { whoamiCommand } from "./whoami.ts";

/** Every command, in the order in which `/help` shows them within their groups. */
export const commands: readonly Command[] = [
  restartCommand("new"),
  restartCommand("reset"),
  undoCommand,
  retryCommand,
  resumeCommand,
  sessionsCommand,
  branchCommand,
  compactCommand,
  titleCommand,
  historyCommand,
  exportCommand,
  statusCommand,
  deleteCommand,
  stopCommand,
  queueCommand,
  decideCommand("approve"),
  decideCommand("deny"),
  agentCommand,
  modelCommand,
  scheduleCommand,
  jobsCommand,
  usageCommand,
  whoamiCommand,
  timezoneCommand,
  memoryCommand,
  rememberCommand,
  forgetCommand,
  sethomeCommand,
  pairCommand,
  helpCommand,
];
