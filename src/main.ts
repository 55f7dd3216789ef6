import { join, resolve } from "node:path";
import { localAdapter } from "../adapters/local/adapter.ts";
import { webAdapter } from "../adapters/web/adapter.ts";
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import type { AgentBackend } from "./agent/backend.ts";
import { botRules } from "./bot-rules.ts";
import { type Clock, systemClock } from "./clock/clock.ts";
import type { KnownAgent } from "./command/command.ts";
import { commands } from "./command/commands.ts";
import { configJobs } from "./config-jobs.ts";
import { configMemory } from "./config-memory.ts";
import type { DirectAcceptance } from "./console/direct-adapter.ts";
import type { MessageBody } from "./console/message-body.ts";
import type { Console } from "./console/server.ts";
import { type Gateway, openGateway } from "./gateway/gateway.ts";
import { lifecycleRulesOf } from "./gateway/memory-rules.ts";
import { promptFor } from "./gateway/prompt.ts";
import { routeFor } from "./gateway/route.ts";
import { homeChannels, homeOf, homeOfBot } from "./home-channels.ts";
import { applyLifecycleRules } from "./memory/apply-lifecycle-rules.ts";
import { recoverAbandoned } from "./memory/recover-lifecycle.ts";
import { openEvents } from "./observe/events.ts";
import { type Log, silentLog } from "./observe/log.ts";
import { openMetrics } from "./observe/metrics.ts";
import { openAgents } from "./open-agents.ts";
import { openPlatforms } from "./open-platforms.ts";
import type { Adapter } from "./platform/adapter.ts";
import { type JobWatcher, startJobWatcher } from "./schedule/job-watcher.ts";
import { startResetWatcher } from "./schedule/reset-watcher.ts";
import { JOB_PLATFORM } from "./schedule/run-message.ts";
import { syncConfigJobs } from "./schedule/sync-jobs.ts";
import { lockDataDir } from "./store/instance-lock.ts";
import { reindexMemory } from "./store/reindex-memory.ts";
import { openStore } from "./store/store.ts";
import { parleyVersion } from "./version.ts";

const BYTES_PER_MB = 1024 * 1024;

/** What a daemon is composed of. */
export interface DaemonOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock?: Clock;
  /** Adapters besides the built-in ones. */
  readonly adapters?: readonly Adapter[];
  /** Agents besides the configured ones, by name; `main` replaces the configured default. */
  readonly agents?: Readonly<Record<string, AgentBackend>>;
  /** False leaves the HTTP server out whatever the configuration says. */
  readonly consoleEnabled?: boolean;
}

/** A daemon that runs. */
export interface Daemon {
  readonly gateway: Gateway;
  /** What runs by the clock. */
  readonly jobs: JobWatcher;
  /** Where the console listens; null without one. */
  readonly url: string | null;
  /** The door of the embedded terminal. */
  readonly receiveLocal: (body: MessageBody) => Promise<DirectAcceptance>;
  /** Drains and closes everything; `signalName` is for the log. */
  stop(signalName: string): Promise<void>;
}

/** Composes and runs the daemon of a configuration. Throws when the data directory is taken, the database unusable, or the port in use. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { config, log, clock = systemClock } = options;
  const startedMs = clock.monotonicMs();
  await using closing = new AsyncDisposableStack();

  const lock = closing.use(lockDataDir(config.dataDir));
  const metrics = openMetrics({ version: parleyVersion });
  const events = openEvents(log, metrics);
  const store = closing.use(
    await openStore({
      dataDir: config.dataDir,
      rules: {
        keys: config.sessions,
        // A job's own session goes on until the operator says otherwise.
        resets: {
          ...config.reset,
          byPlatform: { [JOB_PLATFORM]: { ...config.reset.default, mode: "none" }, ...config.reset.byPlatform },
        },
        seedsDmThreads: (platform, account) =>
          platform === "slack" && config.platforms.slack.some((bot) => bot.account === account && bot.seedDmThreads),
      },
      clock,
      events: {
        committed: ({ writes, durationMs }) => events.storeCommitted({ durationMs, batchSize: writes }),
        mirrorFailed: (sessionId, error) => events.mirrorFailed({ sessionId, error }),
        mirrorHealed: (sessionId, report) =>
          events.mirrorHealed({
            sessionId,
            appendedLines: report.appended,
            quarantinedLines: report.quarantined.length,
          }),
      },
    }),
  );

  const memory = configMemory(config.memory);
  await applyLifecycleRules(store, lifecycleRulesOf(memory));
  await recoverAbandoned({ store, clock });
  await reindexMemory(store);

  const mediaFolder = join(config.dataDir, "media");
  const web = webAdapter(clock, mediaFolder);
  const local = localAdapter(clock, mediaFolder);
  const platforms = await openPlatforms(config.platforms, {
    clock,
    events,
    salt: store.salt,
    privateAddresses: config.limits.privateAddresses,
  });
  const adapters = [web, local, ...platforms, ...(options.adapters ?? [])];
  const connected = adapters.map(({ platform }) => platform);
  const rulesOf = botRules(config.platforms, store.reader);
  let console: Console | null = null;
  closing.defer(() => console?.close());
  const watcher = closing.use(
    startResetWatcher({ store, clock, events, onEnded: (sessionId) => gateway?.sessionChanged(sessionId) }),
  );
  let gateway: Gateway | null = null;
  let jobs: JobWatcher | null = null;
  const given = options.agents ?? {};
  const configured = Object.fromEntries(Object.entries(config.agents).filter(([name]) => given[name] === undefined));
  const parts = { dataDir: config.dataDir, clock, events };
  const agents = new Map([...(await openAgents(configured, parts)), ...Object.entries(given)]);
  const routeOf = routeFor(config.routes, agents);
  const opened = await openGateway({
    store,
    adapters,
    agents,
    routeOf,
    commands,
    promptOf: promptFor({
      reader: store.reader,
      adapters,
      homeChannels: () => homeChannels(config.platforms, store.reader, connected),
      redactsPii: (platform, account) => rulesOf(platform, account).redactsPii,
      keys: config.sessions,
      salt: store.salt,
    }),
    clock,
    events,
    timeZone: config.sessions.timeZone,
    version: parleyVersion,
    limits: {
      maxConcurrentTurns: config.queue.maxConcurrentTurns,
      maxPending: config.queue.maxPending,
      turnTimeoutMs: config.limits.turnTimeoutSeconds * 1_000,
      drainMs: config.limits.drainSeconds * 1_000,
      outboxMaxAgeMs: config.limits.outboxMaxAgeHours * 3_600_000,
    },
    knownAgents: knownAgents(config, agents),
    homeOf: (platform, account) =>
      account === null
        ? homeOf(config.platforms, store.reader, platform)
        : homeOfBot(config.platforms, store.reader, platform, account),
    jobs: {
      folder: join(config.dataDir, "jobs"),
      onRunEnded: () => jobs?.poke(),
      onPlanned: (runAtMs) => jobs?.expect(runAtMs),
    },
    choices: config.sessions.choices,
    titles: config.sessions.titles,
    rulesOf,
    memory,
    media: { folder: mediaFolder, maxBytes: config.limits.maxAttachmentMb * BYTES_PER_MB },
    queue: { mode: config.queue.mode, debounceMs: config.queue.debounceMs },
    onDueAt: (nextResetAtMs) => watcher.expect(nextResetAtMs),
  });
  gateway = opened;
  let signal = "close";
  closing.defer(() => opened.stop(signal));

  const rules = { world: opened.jobs.world, isAdmin: true, hasAgent: (name: string) => agents.has(name) };
  const problems = await syncConfigJobs(store, configJobs(config.jobs), rules, clock.nowMs());
  for (const problem of problems) log.error({ problem }, "a job of the configuration does not run");
  const watch = closing.use(
    startJobWatcher({
      store,
      clock,
      events,
      routeOf,
      refusal: opened.jobs.refusal,
      // The other half of the turns is always left to people.
      maxOpenRuns: Math.max(1, Math.floor(config.queue.maxConcurrentTurns / 2)),
      onWaiting: opened.jobs.takeWaiting,
      tellPaused: opened.jobs.tellPaused,
    }),
  );
  jobs = watch;
  opened.jobs.checkConfigured();

  const { host, port, token, enabled, allowedHosts } = config.console;
  if (enabled && options.consoleEnabled !== false) {
    const { startConsole } = await import("./console/server.ts");
    const receivers = { web: web.receive, local: local.receive };
    console = await startConsole({ gateway: opened, receivers, metrics, log, clock, host, port, token, allowedHosts });
    lock.announce(console.url);
  }
  const url = console?.url ?? null;
  metrics.measure({
    queueDepth: () => opened.status().waitingMessages,
    liveSessions: () => store.stats().sessions.reduce((sum, { live, count }) => sum + (live ? count : 0), 0),
    adapters: () => opened.status().adapters,
  });
  events.ready({ version: parleyVersion, address: url, durationMs: clock.monotonicMs() - startedMs });

  const running = closing.move();
  return {
    gateway: opened,
    jobs: watch,
    url,
    receiveLocal: local.receive,
    async stop(signalName) {
      signal = signalName;
      await running.disposeAsync();
    },
  };
}

/** How a program of yours starts a daemon. */
export interface GatewayStart {
  /** The YAML file; without one PARLEY_CONFIG, `./parley.yaml` and the environment count, as for the command line. */
  readonly configPath?: string;
  /** Where everything is kept; wins over the file. */
  readonly dataDir?: string;
  /** The console's port; 0 takes a free one. Wins over the file. */
  readonly port?: number;
  /** Your own agents by name; `main` answers wherever no route says otherwise. */
  readonly agents?: Readonly<Record<string, AgentBackend>>;
  /** Your own platforms. */
  readonly adapters?: readonly Adapter[];
  /** Silent when left out. */
  readonly log?: Log;
}

/** Starts a daemon inside your own program, with agents and platforms of your own; throws a `ConfigError` with every mistake at once. */
export async function startGateway(start: GatewayStart = {}): Promise<Daemon> {
  const { config } = loadConfig({ path: start.configPath, env: process.env, cwd: process.cwd() });
  return await startDaemon({
    config: {
      ...config,
      dataDir: start.dataDir === undefined ? config.dataDir : resolve(start.dataDir),
      console: { ...config.console, port: start.port ?? config.console.port },
    },
    log: start.log ?? silentLog,
    agents: start.agents ?? {},
    adapters: start.adapters ?? [],
  });
}

/** The agents as `/agent` lists them. */
function knownAgents(config: Config, agents: ReadonlyMap<string, AgentBackend>): readonly KnownAgent[] {
  return [...agents.keys()].map((name) => {
    const section = config.agents[name];
    if (section === undefined) return { name, about: "of this program" };
    return { name, about: "model" in section ? `${section.kind}, ${section.model}` : section.kind };
  });
}
