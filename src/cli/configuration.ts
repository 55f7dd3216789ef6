import { resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import type { LoadedConfig } from "../../config/load.ts";
import type { Log, LogLevel } from "../observe/log.ts";
import type { CliCall } from "./cli-command.ts";
import { UsageError } from "./failure.ts";

const levels = ["debug", "info", "warn", "error", "silent"] as const satisfies readonly LogLevel[];

/** The configuration with what the command line overrides; throws a `ConfigError` with every mistake. */
export async function loadConfiguration(call: CliCall): Promise<LoadedConfig> {
  checkLevel(call);
  const { loadConfig } = await import("../../config/load.ts");
  const loaded = loadConfig({ path: call.text("config") ?? undefined, env: call.env, cwd: call.cwd });
  const dataDir = call.text("data-dir");
  return dataDir === null ? loaded : { ...loaded, config: { ...loaded.config, dataDir: resolve(call.cwd, dataDir) } };
}

/** Opens the log of a command: the daemon's goes to stdout, at the configured level; the others say on stderr only what is wrong. */
export async function openCommandLog(call: CliCall, config: Config, destination: "stdout" | "stderr"): Promise<Log> {
  const { openLog } = await import("../observe/log.ts");
  const { secretValues } = await import("../../config/secret-values.ts");
  const level = checkLevel(call) ?? (destination === "stdout" ? configuredLevel(config) : "warn");
  return await openLog({ level, format: config.log.format, destination, secrets: secretValues(config) });
}

function checkLevel(call: CliCall): LogLevel | null {
  const text = call.text("log-level");
  if (text === null) return null;
  const level = levels.find((one) => one === text);
  if (level === undefined) throw new UsageError(`--log-level: expected one of ${levels.join(", ")}, got "${text}".`);
  return level;
}

function configuredLevel({ log: { level } }: Config): LogLevel {
  if (level === "trace") return "debug";
  return level === "fatal" ? "error" : level;
}
