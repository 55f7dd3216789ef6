import type { Config } from "../../config/config.ts";
import { migrations } from "../store/migrations.ts";
import type { Reader } from "../store/sqlite.ts";
import { storeStats } from "../store/stats.ts";
import { StoreError } from "../store/store-error.ts";
import { checkTranscripts, mendTranscripts } from "./check-transcripts.ts";
import type { CliCall } from "./cli-command.ts";
import { openCommandLog } from "./configuration.ts";
import { daemonClient } from "./daemon-client.ts";
import { type Finding, fine, problem } from "./finding.ts";
import { botName, gatewayStatus } from "./gateway-status.ts";
import { withOwnStore, withReader } from "./own-store.ts";
import { findDaemon, type RunningDaemon } from "./running-daemon.ts";
import { counted } from "./shown-text.ts";

/** Looks at what is stored, and at the daemon that uses it. */
export async function* checkData(call: CliCall, config: Config): AsyncGenerator<Finding, void> {
  const daemon = await findDaemon(config);
  const database = await checkDatabase(config);
  yield database;
  if (!database.isProblem && (await hasDatabase(config))) {
    const log = await openCommandLog(call, config, "stderr");
    if (daemon === null) yield* await withOwnStore(config, log, mendTranscripts);
    else yield* await withReader(config, (reader) => checkTranscripts(reader, config.dataDir));
    yield await withReader(config, checkDeadLetters);
  }
  yield daemon === null ? fine("daemon", "not running") : await checkDaemon(daemon, config);
  if (daemon !== null) yield* await checkBots(daemon, config);
}

async function checkDatabase(config: Config): Promise<Finding> {
  try {
    return await withReader(config, (reader) => {
      const [first, ...others] = reader.integrityProblems();
      if (first === undefined) return fine("database", `intact, schema ${migrations.length}`);
      const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
      const todo = "Stop Parley, keep a copy of the data directory, and restore the database from a backup.";
      return problem("database", `damaged: ${first}${more}. ${todo}`);
    });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return error.kind === "not_found"
      ? fine("database", "not there yet; the first start makes it")
      : problem("database", error.message);
  }
}

async function hasDatabase(config: Config): Promise<boolean> {
  const { existsSync } = await import("node:fs");
  const { join } = await import("node:path");
  return existsSync(join(config.dataDir, "parley.db"));
}

function checkDeadLetters(reader: Reader): Finding {
  const { inbox, outbox } = storeStats(reader);
  if (inbox.dead + outbox.dead === 0) return fine("dead letters", "none");
  const counts = `${counted(inbox.dead, "message")} not answered, ${counted(outbox.dead, "post")} not delivered`;
  return problem("dead letters", `${counts}. GET /api/dead-letters of the running daemon says why, and retries posts.`);
}

async function checkDaemon({ pid, url }: RunningDaemon, config: Config): Promise<Finding> {
  const name = `running, process ${pid}`;
  if (url === null) return fine("daemon", `${name}, without HTTP server (or just starting)`);
  const answer = await daemonClient(url, config.console.token).request("GET", "/readyz");
  switch (answer.kind) {
    case "ok":
      return fine("daemon", `${name}, ready at ${url}`);
    case "refused": {
      const status =
        answer.status === 503 ? "not ready: parley status shows which platform is not connected" : answer.message;
      return problem("daemon", `${name}, ${status}. Its log says more.`);
    }
    case "unreached":
      return problem("daemon", `${name}, but ${url} does not answer (${answer.why}). Look at its log, or restart it.`);
  }
}

/** How each bot's connection stands, as the daemon says; nothing when it does not answer. */
async function checkBots({ url }: RunningDaemon, config: Config): Promise<readonly Finding[]> {
  if (url === null) return [];
  const answer = await daemonClient(url, config.console.token).request("GET", "/api/status");
  if (answer.kind !== "ok") return [];
  return gatewayStatus
    .parse(answer.body)
    .adapters.filter(({ platform }) => platform in config.platforms)
    .map((bot) => (bot.connected ? fine(botName(bot), bot.detail) : problem(botName(bot), bot.detail)));
}
