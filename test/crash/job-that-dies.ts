// Run as a process of its own: a daemon with one job, due in a second, which kills itself with SIGKILL at the point it is told to.
import { appendFileSync, fsyncSync, openSync } from "node:fs";
import { join } from "node:path";
import type { TurnRequest } from "../../src/agent/backend.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { openGateway } from "../../src/gateway/gateway.ts";
import { openRules } from "../../src/gateway/platform-rules.ts";
import { openEvents } from "../../src/observe/events.ts";
import { silentLog } from "../../src/observe/log.ts";
import { openMetrics } from "../../src/observe/metrics.ts";
import type { Adapter } from "../../src/platform/adapter.ts";
import { startJobWatcher } from "../../src/schedule/job-watcher.ts";
import { makeJob } from "../../src/schedule/make-job.ts";
import { countJobs } from "../../src/store/jobs.ts";
import { openStore } from "../../src/store/store.ts";
import { neverResets } from "../support/bare-gateway.ts";
import { hourly, jobRules } from "../support/job-world.ts";

const [dataDir = "", dieAt = ""] = process.argv.slice(2);

/** Dies where it was told to, as if the power had gone. */
function dieIf(point: string): void {
  if (point === dieAt) process.kill(process.pid, "SIGKILL");
}

/** A line on disk, before anything else happens. */
function note(file: string, line: string): void {
  const path = join(dataDir, file);
  appendFileSync(path, `${line}\n`);
  fsyncSync(openSync(path, "r"));
}

const adapter: Adapter = {
  platform: "memory",
  account: "default",
  async start() {},
  async stop() {},
  health: () => ({ connected: true, lastEventAtMs: null, detail: "" }),
  findPost: async () => ({ kind: "absent" }),
  async send(message) {
    dieIf("after the run, before its delivery");
    note("posts", `${message.chatId}: ${message.text}`);
    return String(message.outboxId);
  },
};

const agent = {
  name: "mortal",
  async *run(_request: TurnRequest) {
    note("turns", "asked");
    yield { kind: "text", delta: "half " } as const;
    dieIf("while the agent runs");
    yield { kind: "text", delta: "and whole" } as const;
    yield { kind: "done" } as const;
  },
};

const events = openEvents(silentLog, openMetrics({ version: "0" }));
const store = await openStore({
  dataDir,
  rules: {
    keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
    resets: { default: neverResets, byChatType: {}, byPlatform: {} },
  },
});
const gateway = await openGateway({
  store,
  adapters: [adapter],
  agents: new Map([["main", agent]]),
  routeOf: () => "main",
  commands: [],
  promptOf: () => "",
  clock: systemClock,
  events,
  timeZone: "UTC",
  version: "0",
  limits: { maxConcurrentTurns: 4, maxPending: 50, turnTimeoutMs: 60_000, drainMs: 10_000, outboxMaxAgeMs: 3_600_000 },
  knownAgents: [],
  homeOf: () => null,
  rulesOf: () => openRules,
  media: { folder: join(dataDir, "media"), maxBytes: 1024 },
  queue: { mode: "followup", debounceMs: 0 },
  jobs: { folder: join(dataDir, "jobs"), onRunEnded: () => dieIf("when the run has ended"), onPlanned: () => {} },
  onDueAt: () => {},
});
const { active, done } = countJobs(store.reader);
if (active + done === 0) {
  const draft = hourly({ schedule: "in 1s", deliver: ["memory:team", "local"] });
  await store.write((tx) => makeJob(tx, draft, jobRules, systemClock.nowMs()));
}
const watcher = startJobWatcher({
  store,
  clock: systemClock,
  events,
  routeOf: () => "main",
  refusal: () => null,
  maxOpenRuns: 2,
  onWaiting(runs) {
    dieIf("between the claim and the run");
    gateway.jobs.takeWaiting(runs);
  },
  tellPaused: () => {},
});
while (countJobs(store.reader).done === 0 || store.stats().outbox.pending > 0) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
watcher[Symbol.dispose]();
await gateway.stop("done");
await store[Symbol.asyncDispose]();
