import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../config/load.ts";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { type Daemon, startDaemon } from "../../src/main.ts";
import { openLog } from "../../src/observe/log.ts";
import { type ChatWorld, openWorld, type PlatformName, platformNames } from "./chat-world.ts";
import { tempDir } from "./temp-dir.ts";
import { until } from "./until.ts";

/** What a configuration says besides where the platforms are. */
export type MoreConfig = Readonly<Record<string, unknown>>;

/** A daemon in this process, connected to all three platforms. */
export interface PlatformDaemon extends AsyncDisposable {
  readonly worlds: readonly ChatWorld[];
  readonly dataDir: string;
  readonly configPath: string;
  /** The daemon that runs now. */
  daemon(): Daemon;
  /** Stops the daemon as SIGTERM does; the platforms go on. */
  stop(): Promise<void>;
  /** Starts another one on what the last one left. */
  start(): Promise<void>;
  /** Everything logged so far. No secret is masked, so that one that got there is seen. */
  logged(): string;
}

/** Starts the platforms, and a daemon on them that is open to everyone unless `more` says otherwise. */
export async function startPlatformDaemon(
  options: {
    /** What else the configuration says. */
    readonly more?: (worlds: readonly ChatWorld[]) => MoreConfig;
    /** Sections that differ from what the platforms say of themselves. */
    readonly sections?: Partial<Record<PlatformName, MoreConfig>>;
    readonly agents?: Readonly<Record<string, AgentBackend>>;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<PlatformDaemon> {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(tempDir());
  const worlds: ChatWorld[] = [];
  for (const platform of platformNames) worlds.push(opening.use(await openWorld(platform)));
  const { more, sections = {} } = options;
  const configPath = writeConfig(folder.path, worlds, { sections, more: more?.(worlds) ?? {} });
  const lines: string[] = [];
  const destination = { write: (text: string) => void lines.push(text) };
  const log = await openLog({ level: "debug", format: "json", destination });
  let running: Daemon | null = null;

  const start = async () => {
    const { config } = loadConfig({ path: configPath, env: options.env ?? {}, cwd: folder.path });
    const console = { ...config.console, port: 0 };
    running = await startDaemon({ config: { ...config, console }, log, agents: options.agents ?? {} });
    const isDifferent = (world: ChatWorld) => options.sections?.[world.platform] !== undefined;
    await untilConnected(worlds.filter((world) => !isDifferent(world)));
  };
  const stop = async () => {
    const stopping = running;
    running = null;
    await stopping?.stop("test");
  };
  opening.defer(stop);
  await start();
  const closing = opening.move();
  return {
    worlds,
    dataDir: folder.path,
    configPath,
    daemon() {
      if (running === null) throw new Error("expected the daemon to run");
      return running;
    },
    stop,
    start,
    logged: () => lines.join(""),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Writes `parley.yaml` into a data directory and returns its path. */
export function writeConfig(
  dataDir: string,
  worlds: readonly ChatWorld[],
  {
    more = {},
    sections = {},
  }: { readonly more?: MoreConfig; readonly sections?: Partial<Record<string, MoreConfig>> } = {},
): string {
  const path = join(dataDir, "parley.yaml");
  const platforms = worlds.map(({ platform, section }) => [platform, { ...section, ...sections[platform] }]);
  const config = {
    dataDir: ".",
    platforms: Object.fromEntries(platforms),
    access: { mode: "open" },
    reset: { default: { mode: "none" } },
    queue: { mode: "followup" },
    ...more,
  };
  writeFileSync(path, JSON.stringify(config)); // JSON is YAML
  return path;
}

/** Waits until bots of all these platforms hear what is said. */
export async function untilConnected(worlds: readonly ChatWorld[]): Promise<void> {
  for (const world of worlds) await until(`a bot is connected to ${world.platform}`, () => world.isConnected());
}
