// Run as a process of its own: a daemon with one job, due in a second, which kills itself with SIGKILL at the point it is told to.
import { join } from "node:path";
import type { TurnRequest } from "../../src/agent/backend.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { openGateway } from "../../src/gateway/gateway.ts";
import type { Adapter } from "../../src/platform/adapter.ts";
import { startJobWatcher } from "../../src/schedule/job-watcher.ts";
import { makeJob } from "../../src/schedule/make-job.ts";
import { countJobs } from "../../src/store/jobs.ts";
import { hourly, jobRules } from "../support/job-world.ts";
import { dataDir, dieIf, mortalGateway, note, openMortalStore } from "./mortal.ts";

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

const store = await openMortalStore();
const gateway = await openGateway({
  ...mortalGateway,
  store,
  adapters: [adapter],
  agents: new Map([["main", agent]]),
  routeOf: () => "main",
  commands: [],
  jobs: { folder: join(dataDir, "jobs"), onRunEnded: () => dieIf("when the run has ended"), onPlanned: () => {} },
});
const { active, done } = countJobs(store.reader);
if (active + done === 0) {
  const draft = hourly({ schedule: "in 1s", deliver: ["memory:team", "local"] });
  await store.write((tx) => makeJob(tx, draft, jobRules, systemClock.nowMs()));
}
const watcher = startJobWatcher({
  store,
  clock: systemClock,
  events: mortalGateway.events,
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
