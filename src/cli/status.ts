import type { Config } from "../../config/config.ts";
import { parleyVersion } from "../version.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { daemonClient } from "./daemon-client.ts";
import { botName, type GatewayStatus, gatewayStatus } from "./gateway-status.ts";
import { withReader } from "./own-store.ts";
import { findDaemon, type RunningDaemon } from "./running-daemon.ts";
import { counted, jsonText, timeColumn } from "./shown-text.ts";
import { renderFacts } from "./table.ts";

/** `parley status`: whether it runs, and how things stand. */
export const statusCommand: CliCommand = {
  name: "status",
  operands: [],
  summary: "Show whether the daemon runs and how things stand; exit code 1 when it does not run.",
  options: [jsonOption, ...configOptions],
  run,
};

/** What is stored, whether a daemon runs or not. */
interface StoredCounts {
  readonly sessions: { readonly live: number; readonly ended: number };
  readonly messages: number;
  readonly outboxPending: number;
  readonly deadLetters: { readonly inbox: number; readonly outbox: number; readonly hooks: number };
}

async function run(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const daemon = await findDaemon(config);
  const gateway = daemon === null ? null : await askDaemon(daemon, config);
  const stored = await storedCounts(config);
  if (call.flag("json")) {
    call.terminal.print(
      jsonText({
        isRunning: daemon !== null,
        pid: daemon?.pid ?? null,
        url: daemon?.url ?? null,
        dataDir: config.dataDir,
        version: gateway?.status?.version ?? parleyVersion,
        gateway: gateway?.status ?? null,
        problem: gateway?.problem ?? null,
        stored,
      }),
    );
  } else {
    const running = daemon === null ? [["Parley", "not running"] as const] : runningFacts(daemon, gateway, config);
    call.terminal.print(renderFacts([...running, ["Data", config.dataDir], ...storedFacts(stored)]));
  }
  return daemon === null ? 1 : 0;
}

interface Asked {
  readonly status: GatewayStatus | null;
  /** Why there is no status. */
  readonly problem: string | null;
}

async function askDaemon({ url }: RunningDaemon, config: Config): Promise<Asked> {
  if (url === null) return { status: null, problem: "its HTTP server is off or still starting" };
  const answer = await daemonClient(url, config.console.token).request("GET", "/api/status");
  switch (answer.kind) {
    case "ok":
      return { status: gatewayStatus.parse(answer.body), problem: null };
    case "refused":
      return { status: null, problem: answer.message };
    case "unreached":
      return { status: null, problem: `it did not answer: ${answer.why}` };
  }
}

/** Null when there is no database yet. */
async function storedCounts(config: Config): Promise<StoredCounts | null> {
  const { storeStats } = await import("../store/stats.ts");
  const { countDeadDeliveries } = await import("../store/hook-deliveries.ts");
  const { StoreError } = await import("../store/store-error.ts");
  try {
    const { sessions, messages, inbox, outbox, hooks } = await withReader(config, (reader) => ({
      ...storeStats(reader),
      hooks: countDeadDeliveries(reader),
    }));
    const countOf = (live: boolean) => sessions.reduce((sum, one) => sum + (one.live === live ? one.count : 0), 0);
    return {
      sessions: { live: countOf(true), ended: countOf(false) },
      messages,
      outboxPending: outbox.pending,
      deadLetters: { inbox: inbox.dead, outbox: outbox.dead, hooks },
    };
  } catch (error) {
    if (error instanceof StoreError && error.kind === "not_found") return null;
    throw error;
  }
}

type Fact = readonly [name: string, value: string];

function runningFacts(daemon: RunningDaemon, asked: Asked | null, config: Config): readonly Fact[] {
  const head: readonly Fact[] = [
    ["Parley", `running, process ${daemon.pid}`],
    ["Address", daemon.url ?? "none"],
  ];
  const status = asked?.status ?? null;
  if (status === null) return [...head, ["State", `unknown: ${asked?.problem}`]];
  return [
    ...head,
    ["Version", status.version],
    ["Since", timeColumn(status.startedAtMs, config.sessions.timeZone)],
    ["Ready", status.notReady.length === 0 ? "yes" : `no: ${status.notReady.join("; ")}`],
    ["Turns", `${status.runningTurns} running, ${counted(status.waitingMessages, "message")} waiting`],
    ...status.adapters.map(
      (bot): Fact => [`  ${botName(bot)}`, `${bot.connected ? "connected" : "not connected"} (${bot.detail})`],
    ),
  ];
}

function storedFacts(stored: StoredCounts | null): readonly Fact[] {
  if (stored === null) return [["Stored", "nothing yet"]];
  const { inbox, outbox, hooks } = stored.deadLetters;
  const untold = hooks === 0 ? "" : `, ${counted(hooks, "event")} not taken by hooks`;
  return [
    ["Sessions", `${stored.sessions.live} live, ${stored.sessions.ended} ended`],
    ["Messages", String(stored.messages)],
    ["Outbox", `${counted(stored.outboxPending, "post")} waiting`],
    ["Dead letters", `${counted(inbox, "message")} not answered, ${counted(outbox, "post")} not delivered${untold}`],
  ];
}
