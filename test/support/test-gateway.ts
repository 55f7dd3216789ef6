import { join } from "node:path";
import { localAdapter } from "../../adapters/local/adapter.ts";
import { webAdapter } from "../../adapters/web/adapter.ts";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { echoAgent } from "../../src/agent/echo.ts";
import { type Clock, systemClock } from "../../src/clock/clock.ts";
import { commands } from "../../src/command/commands.ts";
import { type ConsoleParts, consoleApp } from "../../src/console/app.ts";
import { type Console, startConsole } from "../../src/console/server.ts";
import { type Gateway, openGateway } from "../../src/gateway/gateway.ts";
import type { GatewayLimits } from "../../src/gateway/gateway-limits.ts";
import type { MemoryRules } from "../../src/gateway/memory-rules.ts";
import { openRules } from "../../src/gateway/platform-rules.ts";
import { openEvents } from "../../src/observe/events.ts";
import { type Log, type LogFields, silentLog } from "../../src/observe/log.ts";
import { openMetrics } from "../../src/observe/metrics.ts";
import type { Adapter } from "../../src/platform/adapter.ts";
import { openStore, type SessionStore } from "../../src/store/store.ts";
import { neverResets } from "./bare-gateway.ts";
import { tempDir } from "./temp-dir.ts";

/** A whole daemon of a test: real store, real gateway, the web and local adapters, the console on a free port of loopback. */
export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly store: SessionStore;
  /** The adapters besides `web` and `local`, as they were given. */
  readonly adapters: readonly Adapter[];
  readonly dataDir: string;
  /** Where the console listens. */
  readonly url: string;
  readonly console: Console;
  readonly client: TestClient;
  readonly request: TestClient["request"];
  readonly post: TestClient["post"];
  /** A client of the same console with some parts replaced. */
  with(parts: Partial<ConsoleParts>): TestClient;
  /** Stops the daemon as SIGTERM does, leaving the data directory. */
  shutDown(): Promise<void>;
}

/** Asks a console in process, without a port, as a program on this machine does. */
export interface TestClient {
  request(path: string, init?: RequestInit): Promise<Response>;
  /** The same with a JSON body. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** How a test's daemon differs from the default one. */
export interface TestGatewayOptions {
  /** One that is given is left behind, so that another daemon can be started on it. */
  readonly dataDir?: string;
  readonly agent?: AgentBackend;
  readonly adapters?: readonly Adapter[];
  readonly clock?: Clock;
  readonly limits?: Partial<GatewayLimits>;
  readonly token?: string | null;
  readonly memory?: MemoryRules;
  readonly host?: string;
  readonly port?: number;
  readonly allowedHosts?: readonly string[];
  /** Told of each line the console logs as an error, and of each debug line. */
  readonly onLogError?: (fields: LogFields) => void;
  readonly onLogDebug?: (fields: LogFields, message: string) => void;
}

const limits: GatewayLimits = {
  maxConcurrentTurns: 16,
  maxPending: 50,
  turnTimeoutMs: 600_000,
  drainMs: 2_000,
  outboxMaxAgeMs: 24 * 3_600_000,
};

/** Starts one; the echo agent answers unless another is given. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { clock = systemClock, adapters = [], host = "127.0.0.1", token = null } = options;
  const folder = options.dataDir === undefined ? tempDir() : null;
  const dataDir = options.dataDir ?? folder?.path ?? "";
  const store = await openStore({
    dataDir,
    clock,
    rules: {
      keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
      resets: { default: neverResets, byChatType: {}, byPlatform: {} },
    },
  });
  const metrics = openMetrics({ version: "0.0.0-test" });
  const mediaFolder = join(dataDir, "media");
  const web = webAdapter(clock, mediaFolder);
  const local = localAdapter(clock, mediaFolder);
  const gateway = await openGateway({
    store,
    adapters: [web, local, ...adapters],
    agents: new Map([["main", options.agent ?? echoAgent()]]),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    routeOf: () => "main",
    commands,
    promptOf: () => "",
    clock,
    events: openEvents(silentLog, metrics),
    timeZone: "UTC",
    version: "0.0.0-test",
    limits: { ...limits, ...options.limits },
    knownAgents: [{ name: "main", about: "of the test" }],
    homeOf: () => null,
    rulesOf: () => openRules,
    media: { folder: mediaFolder, maxBytes: 1024 * 1024 },
    queue: { mode: "followup", debounceMs: 0 },
    onDueAt: () => {},
  });
  const log: Log = {
    ...silentLog,
    error: (fields) => options.onLogError?.(fields),
    debug: (fields, message) => options.onLogDebug?.(fields, message),
  };
  const parts: Omit<ConsoleParts, "closing"> = {
    gateway,
    receivers: { web: web.receive, local: local.receive },
    metrics,
    log,
    clock,
    host,
    token,
    allowedHosts: options.allowedHosts ?? [],
  };
  const console = await startConsole({ ...parts, port: options.port ?? 0 });
  const closing = new AbortController();
  const clientOf = (other: Partial<ConsoleParts>) =>
    clientFor(consoleApp({ ...parts, closing: closing.signal, ...other }));
  const client = clientOf({});

  let isDown = false;
  const shutDown = async () => {
    if (isDown) return;
    isDown = true;
    await gateway.stop("SIGTERM");
    closing.abort();
    await console.close();
    await store[Symbol.asyncDispose]();
  };
  return {
    gateway,
    store,
    adapters,
    dataDir,
    url: console.url,
    console,
    client,
    ...client,
    with: clientOf,
    shutDown,
    async [Symbol.asyncDispose]() {
      await shutDown();
      folder?.[Symbol.dispose]();
    },
  };
}

function clientFor(app: ReturnType<typeof consoleApp>): TestClient {
  const request = async (path: string, init: RequestInit = {}) =>
    await app.request(path, { ...init, headers: { host: "127.0.0.1:8787", ...headersOf(init) } });
  return {
    request,
    post: (path, body, headers = {}) =>
      request(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
  };
}

function headersOf(init: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(init.headers).entries());
}
