import { resolve } from "node:path";
import { systemClock } from "../clock/clock.ts";
import { visibleText } from "../observe/visible-text.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { counted, jsonText } from "./shown-text.ts";

/** `parley restore`: the data directory as it was when the backup was made. */
export const restoreCommand: CliCommand = {
  name: "restore",
  operands: ["FILE"],
  summary: "Put a backup in place; the daemon must be stopped.",
  notes: [
    "FILE is what parley backup wrote, or a database that an upgrade kept in backups/ of the data directory.",
    "The backup is checked whole before anything changes.",
    "Posts that waited when it was made are held: they may have been sent since.",
  ],
  options: [
    { name: "force", value: null, summary: "Move data that is there aside, to before-restore-<time>." },
    jsonOption,
    ...configOptions,
  ],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const { restoreBackup } = await import("../backup/restore-backup.ts");
  const path = resolve(call.cwd, call.operands[0] ?? "");
  const restored = await restoreBackup(config.dataDir, path, {
    isForced: call.flag("force"),
    nowMs: systemClock.nowMs(),
  });
  if (call.flag("json")) {
    call.terminal.print(jsonText({ dataDir: config.dataDir, ...restored }));
    return 0;
  }
  const { manifest, asidePath, heldPosts } = restored;
  const what =
    manifest === null
      ? "the database"
      : `${counted(manifest.sessions, "session")} and ${counted(manifest.messages, "message")} of ${manifest.createdAt}`;
  call.terminal.print(visibleText(`Restored ${what} to ${config.dataDir}.`));
  if (asidePath !== null) call.terminal.print(visibleText(`What was there before is in ${asidePath}.`));
  if (heldPosts > 0) {
    const posts = heldPosts === 1 ? "1 post is" : `${heldPosts} posts are`;
    call.terminal.print(
      `${posts} held: what waited then may have been sent since. GET /api/dead-letters of the daemon shows it, and retries it.`,
    );
  }
  return 0;
}
