// Run as a process of its own: a gateway on a platform made of two files, which kills itself with SIGKILL at the point it is told to.
import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TurnRequest } from "../../src/agent/backend.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { commands } from "../../src/command/commands.ts";
import { openGateway } from "../../src/gateway/gateway.ts";
import { openRules } from "../../src/gateway/platform-rules.ts";
import { openEvents } from "../../src/observe/events.ts";
import { silentLog } from "../../src/observe/log.ts";
import { openMetrics } from "../../src/observe/metrics.ts";
import type { Adapter, Intake } from "../../src/platform/adapter.ts";
import { openStore } from "../../src/store/store.ts";
import { neverResets, person } from "../support/bare-gateway.ts";

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

function lines(file: string): string[] {
  const path = join(dataDir, file);
  return existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}

/** Delivers what is in `updates` and not in `confirmed`, as Telegram does; posts go to `posts`. */
const adapter: Adapter = {
  platform: "memory",
  account: "default",
  async start({ accept }: Intake) {
    const confirmed = new Set(lines("confirmed"));
    for (const id of lines("updates").filter((update) => !confirmed.has(update))) {
      await accept({ source: person("c"), messageId: id, text: `message ${id}`, attachments: [] });
      dieIf("after the inbox row");
      note("confirmed", id);
    }
  },
  async stop() {},
  health: () => ({ connected: true, lastEventAtMs: null, detail: "" }),
  async send(message) {
    dieIf("after the commit of the turn");
    note("posts", message.text);
    dieIf("between the platform's acceptance and our record");
    return String(message.outboxId);
  },
};

const agent = {
  name: "mortal",
  async *run(request: TurnRequest) {
    note("turns", `${request.message.text} attempt ${request.attempt}`);
    yield { kind: "text", delta: "answer to " } as const;
    dieIf("while the agent runs");
    yield { kind: "text", delta: request.message.text } as const;
    yield { kind: "done" } as const;
  },
};

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
  routeOf: () => {
    dieIf("before the inbox row");
    return "main";
  },
  commands,
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
});
while (store.stats().outbox.pending + store.stats().inbox.running + store.stats().inbox.waiting > 0) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await gateway.stop("done");
await store[Symbol.asyncDispose]();
