import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../config/load.ts";
import type { Clock } from "../../src/clock/clock.ts";
import { type Daemon, startDaemon } from "../../src/main.ts";
import { openLog } from "../../src/observe/log.ts";
import type { ChatWorld } from "./chat-world.ts";
import { tempDir } from "./temp-dir.ts";
import { until } from "./until.ts";

/** A whole daemon in this process, from a configuration file and an environment, as `npm start` begins it. */
export interface ConfiguredDaemon extends AsyncDisposable {
  readonly daemon: Daemon;
  /** Where its page is. */
  readonly url: string;
  readonly dataDir: string;
  /** Everything it logged, one JSON record a line. */
  logged(): string;
  /** Says a text over HTTP and resolves with the answer. */
  ask(text: string, chatId?: string): Promise<string>;
}

/** Longest wait for an answer over HTTP, in seconds; only a failing test takes that long. */
const WAIT_SECONDS = 10;

/** Starts one; it is connected to `world`, and open to everybody there, when one is given. */
export async function startConfiguredDaemon(
  options: {
    /** What the file says besides where everything is, and that models are not asked for titles. */
    readonly file?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, string>>;
    readonly world?: ChatWorld;
    readonly clock?: Clock;
    /** An existing folder, which is left behind. */
    readonly dataDir?: string;
  } = {},
): Promise<ConfiguredDaemon> {
  await using opening = new AsyncDisposableStack();
  const folder = options.dataDir === undefined ? opening.use(tempDir()) : { path: options.dataDir };
  const { file = {}, env = {}, world } = options;
  const platforms = world === undefined ? {} : { [world.platform]: { ...world.section, access: { mode: "open" } } };
  // JSON is YAML.
  writeFileSync(
    join(folder.path, "parley.yaml"),
    JSON.stringify({ dataDir: ".", sessions: { titles: "text" }, platforms, ...file }),
  );
  const lines: string[] = [];
  const log = await openLog({
    level: "debug",
    format: "json",
    destination: { write: (text) => void lines.push(text) },
  });
  const { config } = loadConfig({ env, cwd: folder.path });
  const clock = options.clock === undefined ? {} : { clock: options.clock };
  const daemon = await startDaemon({ config: { ...config, console: { ...config.console, port: 0 } }, log, ...clock });
  opening.defer(() => daemon.stop("test"));
  const { url } = daemon;
  if (url === null) throw new Error("expected a console");
  if (world !== undefined) await until("the bot is connected", () => world.isConnected());
  const closing = opening.move();
  return {
    daemon,
    url,
    dataDir: folder.path,
    logged: () => lines.join(""),
    async ask(text, chatId = "c") {
      const response = await fetch(`${url}/api/messages?wait=${WAIT_SECONDS}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ chatId, userId: "ann", text }),
      });
      const body = (await response.json()) as { readonly reply?: { readonly text: string } };
      if (body.reply === undefined) throw new Error(`expected an answer, got ${response.status}`);
      return body.reply.text;
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
