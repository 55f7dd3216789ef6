import { join } from "node:path";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { echoAgent } from "../../src/agent/echo.ts";
import { type Clock, systemClock } from "../../src/clock/clock.ts";
import type { Choices } from "../../src/command/command.ts";
import { commands } from "../../src/command/commands.ts";
import { type Gateway, openGateway } from "../../src/gateway/gateway.ts";
import type { GatewayLimits } from "../../src/gateway/gateway-limits.ts";
import { lifecycleRulesOf, type MemoryRules } from "../../src/gateway/memory-rules.ts";
import { openRules, type PlatformRules } from "../../src/gateway/platform-rules.ts";
import type { QueueMode } from "../../src/gateway/session-queue.ts";
import { applyLifecycleRules } from "../../src/memory/apply-lifecycle-rules.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import { openEvents } from "../../src/observe/events.ts";
import { type Log, silentLog } from "../../src/observe/log.ts";
import { openMetrics } from "../../src/observe/metrics.ts";
import type { Acceptance, Adapter, Intake } from "../../src/platform/adapter.ts";
import type { ResetPolicy } from "../../src/session/reset-policy.ts";
import type { SessionSource } from "../../src/session/source.ts";
import { openStore, type SessionStore } from "../../src/store/store.ts";
import { memoryAdapter } from "./memory-adapter.ts";
import { tempDir } from "./temp-dir.ts";

/** A policy under which nothing resets by itself. */
export const neverResets: ResetPolicy = {
  mode: "none",
  idleMinutes: 1440,
  atHour: 4,
  timeZone: "UTC",
  graceMinutes: 15,
  notify: true,
};

/** A gateway on a real store in a temporary folder, with a platform that lives in memory. */
export interface BareGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly store: SessionStore;
  readonly adapter: ReturnType<typeof memoryAdapter>;
  readonly dataDir: string;
  /** What the memory adapter tells the core. */
  readonly intake: Intake;
  /** Hands a text over as the person `u` of chat `chatId` (or whatever `source` says). */
  say(
    chatId: string,
    text: string,
    about?: Partial<Omit<InboundMessage, "source">> & { source?: Partial<SessionSource> },
  ): Promise<Acceptance>;
  /** Stops the gateway and closes the store, leaving the folder. */
  shutDown(): Promise<void>;
}

const limits: GatewayLimits = {
  maxConcurrentTurns: 16,
  maxPending: 50,
  turnTimeoutMs: 600_000,
  drainMs: 5_000,
  outboxMaxAgeMs: 24 * 3_600_000,
};

/** Opens one; a `dataDir` that is given is left behind, so that another can be opened on it. */
export async function bareGateway(
  options: {
    readonly agent?: AgentBackend;
    readonly adapter?: Adapter & ReturnType<typeof memoryAdapter>;
    readonly clock?: Clock;
    readonly policy?: ResetPolicy;
    readonly limits?: Partial<GatewayLimits>;
    readonly dataDir?: string;
    readonly onDueAt?: (nextResetAtMs: number) => void;
    /** Of the memory platform; the others are open. */
    readonly rules?: Partial<PlatformRules>;
    readonly queue?: { readonly mode?: QueueMode; readonly debounceMs?: number };
    /** Agents besides `main`, by name. */
    readonly agents?: Readonly<Record<string, AgentBackend>>;
    readonly choices?: Choices;
    /** What the log is told; absent: nobody hears it. */
    readonly log?: Log;
    readonly titles?: "agent" | "text";
    readonly memory?: MemoryRules;
  } = {},
): Promise<BareGateway> {
  const folder = options.dataDir === undefined ? tempDir() : null;
  const dataDir = options.dataDir ?? folder?.path ?? "";
  const clock = options.clock ?? systemClock;
  const adapter = options.adapter ?? memoryAdapter();
  let intake: Intake | null = null;
  const start = adapter.start.bind(adapter);
  adapter.start = async (core) => {
    intake = core;
    await start(core);
  };
  const store = await openStore({
    dataDir,
    clock,
    rules: {
      keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
      resets: { default: options.policy ?? neverResets, byChatType: {}, byPlatform: {} },
    },
  });
  if (options.memory !== undefined) await applyLifecycleRules(store, lifecycleRulesOf(options.memory));
  const gateway = await openGateway({
    store,
    adapters: [adapter],
    agents: new Map([["main", options.agent ?? echoAgent()], ...Object.entries(options.agents ?? {})]),
    routeOf: () => "main",
    commands,
    promptOf: () => "",
    clock,
    events: openEvents(options.log ?? silentLog, openMetrics({ version: "0" })),
    timeZone: "UTC",
    version: "0",
    limits: { ...limits, ...options.limits },
    knownAgents: ["main", ...Object.keys(options.agents ?? {})].map((name) => ({ name, about: "of the test" })),
    choices: options.choices ?? "admins",
    titles: options.titles ?? "text",
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    homeOf: () => null,
    rulesOf: (platform) => (platform === "memory" ? { ...openRules, ...options.rules } : openRules),
    media: { folder: join(dataDir, "media"), maxBytes: 1024 * 1024 },
    queue: { mode: "followup", debounceMs: 0, ...options.queue },
    onDueAt: options.onDueAt ?? (() => {}),
  });
  let count = 0;
  let isDown = false;
  const shutDown = async () => {
    if (isDown) return;
    isDown = true;
    await gateway.stop("test");
    await store[Symbol.asyncDispose]();
  };
  return {
    gateway,
    store,
    adapter,
    dataDir,
    get intake() {
      if (intake === null) throw new Error("the memory adapter was not started");
      return intake;
    },
    say: (chatId, text, about = {}) =>
      gateway.accept({
        messageId: `m${++count}`,
        text,
        attachments: [],
        ...about,
        source: { ...person(chatId), ...about.source },
      }),
    shutDown,
    async [Symbol.asyncDispose]() {
      await shutDown();
      folder?.[Symbol.dispose]();
    },
  };
}

/** Ann, in a direct chat of the memory platform. */
export function person(chatId: string): SessionSource {
  return {
    platform: "memory",
    account: "default",
    chatType: "dm",
    chatId,
    threadId: null,
    userId: "u",
    userIdAlt: null,
    workspaceId: null,
    parentChatId: null,
    userName: "Ann",
    chatName: null,
    chatTopic: null,
    chatIdAlt: null,
  };
}
