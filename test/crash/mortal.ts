import { appendFileSync, fsyncSync, openSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/clock/clock.ts";
import type { GatewayOptions } from "../../src/gateway/gateway-options.ts";
import { openRules } from "../../src/gateway/platform-rules.ts";
import { openEvents } from "../../src/observe/events.ts";
import { silentLog } from "../../src/observe/log.ts";
import { openMetrics } from "../../src/observe/metrics.ts";
import { openStore } from "../../src/store/store.ts";
import { neverResets } from "../support/bare-gateway.ts";

const [folder = "", dieAt = ""] = process.argv.slice(2);

/** The data directory this process was started on. */
export const dataDir = folder;

/** Dies where it was told to, as if the power had gone. */
export function dieIf(point: string): void {
  if (point === dieAt) process.kill(process.pid, "SIGKILL");
}

/** A line on disk, before anything else happens. */
export function note(file: string, line: string): void {
  const path = join(dataDir, file);
  appendFileSync(path, `${line}\n`);
  fsyncSync(openSync(path, "r"));
}

/** Opens the store that a process before this one left. */
export function openMortalStore() {
  return openStore({
    dataDir,
    rules: {
      keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
      resets: { default: neverResets, byChatType: {}, byPlatform: {} },
    },
  });
}

/** What the gateways of such processes have in common. */
export const mortalGateway = {
  promptOf: () => "",
  clock: systemClock,
  events: openEvents(silentLog, openMetrics({ version: "0" })),
  timeZone: "UTC",
  version: "0",
  limits: { maxConcurrentTurns: 4, maxPending: 50, turnTimeoutMs: 60_000, drainMs: 10_000, outboxMaxAgeMs: 3_600_000 },
  knownAgents: [],
  homeOf: () => null,
  rulesOf: () => openRules,
  media: { folder: join(dataDir, "media"), maxBytes: 1024 },
  queue: { mode: "followup", debounceMs: 0 },
  onDueAt: () => {},
} as const satisfies Partial<GatewayOptions>;
