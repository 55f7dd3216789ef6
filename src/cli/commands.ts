import { archivesListCommand, archivesShowCommand } from "./archives-list.ts";
import { backupCommand } from "./backup.ts";
import { chatCommand } from "./chat.ts";
import type { CliCommand } from "./cli-command.ts";
import { configCheckCommand } from "./config-check.ts";
import { configSchemaCommand, configShowCommand } from "./config-show.ts";
import { doctorCommand } from "./doctor.ts";
import { initCommand } from "./init.ts";
import { jobsAddCommand } from "./jobs-add.ts";
import { jobsPauseCommand, jobsRemoveCommand, jobsResumeCommand } from "./jobs-change.ts";
import { jobsListCommand } from "./jobs-list.ts";
import { jobsRunCommand } from "./jobs-run.ts";
import { jobsShowCommand } from "./jobs-show.ts";
import { memoryExportCommand } from "./memory-export.ts";
import { memoryForgetCommand } from "./memory-forget.ts";
import { memoryListCommand, memorySearchCommand } from "./memory-list.ts";
import { memoryShowCommand } from "./memory-show.ts";
import { pairApproveCommand, pairDenyCommand, pairRevokeCommand } from "./pair-change.ts";
import { pairListCommand } from "./pair-list.ts";
import { restoreCommand } from "./restore.ts";
import { runCommand } from "./run.ts";
import { sendCommand } from "./send.ts";
import { sessionsDeleteCommand, sessionsResetCommand, sessionsResumeCommand } from "./sessions-change.ts";
import { sessionsExportCommand } from "./sessions-export.ts";
import { sessionsImportCommand } from "./sessions-import.ts";
import { sessionsListCommand } from "./sessions-list.ts";
import { sessionsSearchCommand } from "./sessions-search.ts";
import { sessionsShowCommand } from "./sessions-show.ts";
import { statusCommand } from "./status.ts";
import { versionCommand } from "./version.ts";

/** Every command, in the order in which the help lists them. */
export const commands: readonly CliCommand[] = [
  runCommand,
  statusCommand,
  chatCommand,
  sendCommand,
  sessionsListCommand,
  sessionsShowCommand,
  sessionsSearchCommand,
  sessionsExportCommand,
  sessionsImportCommand,
  sessionsResetCommand,
  sessionsResumeCommand,
  sessionsDeleteCommand,
  jobsListCommand,
  jobsShowCommand,
  jobsAddCommand,
  jobsRunCommand,
  jobsPauseCommand,
  jobsResumeCommand,
  jobsRemoveCommand,
  memoryListCommand,
  memoryShowCommand,
  memorySearchCommand,
  memoryExportCommand,
  memoryForgetCommand,
  archivesListCommand,
  archivesShowCommand,
  pairListCommand,
  pairApproveCommand,
  pairDenyCommand,
  pairRevokeCommand,
  configCheckCommand,
  configShowCommand,
  configSchemaCommand,
  initCommand,
  backupCommand,
  restoreCommand,
  doctorCommand,
  versionCommand,
];
