import type { Config } from "../../config/config.ts";
import { sleep, systemClock } from "../clock/clock.ts";
import type { Log } from "../observe/log.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode } from "./cli-command.ts";
import { loadConfiguration, openCommandLog } from "./configuration.ts";
import { onCrash } from "./crash.ts";
import { UsageError } from "./failure.ts";
import { keepCompiled } from "./keep-compiled.ts";
import { readCount } from "./read-count.ts";
import { growFreely, settleDown } from "./settle-down.ts";
import { awaitSignal } from "./signals.ts";

/** `parley run`: the daemon, until it is told to stop. */
export const runCommand: CliCommand = {
  name: "run",
  operands: [],
  summary: "Run the daemon (this is what happens without a command, too).",
  notes: ["SIGTERM and SIGINT let running answers finish, then end it; a second one ends it at once."],
  options: [
    ...configOptions,
    { name: "host", value: "ADDRESS", summary: "Address to listen on; anything but loopback needs console.token." },
    { name: "port", value: "PORT", summary: "TCP port to listen on; 0 takes a free one." },
  ],
  run,
};

/** TCP has 16 bits for it. */
const MAX_PORT = 65_535;
/** How long after it was ready the daemon tidies up: whoever waited for that is told first. */
const SETTLE_AFTER_MS = 250;
/** How long the last lines of the log may take to leave: whoever reads them may have stalled. */
const FLUSH_MS = 1_000;

async function run(call: CliCall): Promise<ExitCode> {
  const loaded = await loadConfiguration(call);
  const config = await withListening(call, loaded.config);
  const signal = awaitSignal();
  const log = await openCommandLog(call, config, "stdout");
  // Its message may hold anything, a token too: the log masks what the terminal would not.
  onCrash(async (error) => {
    log.error({ error }, "unexpected error: the daemon ends; what it has accepted is on disk");
    await flush(log);
  });
  for (const warning of loaded.warnings) log.warn({ warning }, "something in the configuration needs a look");
  try {
    if (Object.values(config.platforms).some((bots) => bots.length > 0)) {
      growFreely();
      keepCompiled();
    }
    const { startDaemon } = await import("../main.ts");
    const daemon = await startDaemon({ config, log });
    const settling = systemClock.setTimer(SETTLE_AFTER_MS, settleDown);
    if (call.terminal.stdout.isTTY) {
      await flush(log); // the last thing to read, not one in the middle
      call.terminal.print(greeting(daemon.url));
    }
    const received = await signal.received;
    settling.cancel();
    await daemon.stop(received);
    return 0;
  } finally {
    signal.ignore();
    await flush(log);
  }
}

async function withListening(call: CliCall, config: Config): Promise<Config> {
  const port = readCount(call, "port", [0, MAX_PORT], config.console.port);
  const host = call.text("host") ?? config.console.host;
  const { isLoopback } = await import("../../config/console.ts");
  if (config.console.token === null && !isLoopback(host)) {
    throw new UsageError(
      `--host: expected a loopback address (127.0.0.1, ::1, localhost) while there is no token, got "${host}". Set console.token first.`,
    );
  }
  return { ...config, console: { ...config.console, host, port } };
}

function greeting(url: string | null): string {
  return url === null
    ? "Parley is running, without its web page. Ctrl-C stops it."
    : `Parley is running. Open ${url} to talk to it; Ctrl-C stops it.`;
}

async function flush(log: Log): Promise<void> {
  await Promise.race([log.flush(), sleep(systemClock, FLUSH_MS)]);
}
