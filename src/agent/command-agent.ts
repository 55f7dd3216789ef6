import { resolve } from "node:path";
import { type Clock, sleep } from "../clock/clock.ts";
import type { AgentBackend, AgentEvent, TurnRequest } from "./backend.ts";
import { type ChildLog, childLog } from "./child-log.ts";
import { childOutput } from "./child-output.ts";
import { type ChildExit, type RunningChild, startChild } from "./child-process.ts";
import { orderlyTurn } from "./orderly-turn.ts";
import { failed } from "./program-failure.ts";
import { loadProgramFile } from "./program-file.ts";
import type { ProgramEvent } from "./program-line.ts";
import { type OutputMode, programOutput } from "./program-output.ts";
import { programRequest } from "./program-request.ts";

/** A program that is started for each turn. */
export interface CommandAgentOptions {
  /** The agent's name in the configuration. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Null: the daemon's own. */
  readonly cwd: string | null;
  /** Its environment besides PATH; nothing of the daemon's own reaches it. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether `command` is a line for /bin/sh. */
  readonly shell: boolean;
  readonly output: OutputMode;
  /** How many of the newest messages it is given. */
  readonly historyMessages: number;
  /** Where attachments' paths begin. */
  readonly mediaDir: string;
  /** Where running programs are noted; `endOrphans` reads it at the next start. */
  readonly stateDir: string;
  readonly clock: Clock;
  /** Gets what the program says on its standard error, and what is wrong with its output: one safe line at a time. */
  readonly report: (line: string) => void;
}

/** How long a program that said `done` may take to end by itself. */
const LINGER_MS = 5_000;
/** How long the last lines of its standard error are awaited after it has ended. */
const LAST_WORDS_MS = 200;
/** The exit code for "try again later", EX_TEMPFAIL of sysexits(3). */
const EX_TEMPFAIL = 75;

/** An agent that is a local program: the turn as JSON on its input, text or JSON lines on its output. It needs POSIX process groups. */
export function commandAgent(options: CommandAgentOptions): AgentBackend {
  const running = new Set<RunningChild>();
  return {
    name: options.name,
    run: (request, signal) => orderlyTurn(() => turn(options, running, request, signal), signal),
    async close() {
      await Promise.all([...running].map((child) => child.end()));
    },
  };
}

async function* turn(
  options: CommandAgentOptions,
  running: Set<RunningChild>,
  request: TurnRequest,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const { clock, report } = options;
  const cwd = resolve(options.cwd ?? process.cwd());
  const input = await programRequest(request, { ...options, attachments: "path" });
  if (signal.aborted) return;
  const started = await startChild({ ...options, cwd });
  if (started.kind === "failed") {
    yield started.event;
    return;
  }
  const { child } = started;
  const stop = () => void child.end();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  running.add(child);
  const log = childLog(report, clock);
  const lastWords = log.take(child.stderr);
  let hasSaidDone = false;
  try {
    child.stdin.end(`${input}\n`);
    for await (const event of outputEvents(child, options, log)) {
      hasSaidDone ||= event.kind === "done";
      yield event.kind === "file_at" ? await loadProgramFile(event, cwd, log.say) : event;
      if (event.kind === "done" || event.kind === "failed") return;
    }
    const exit = await child.exited;
    await Promise.race([lastWords, sleep(clock, LAST_WORDS_MS)]);
    const failure = exitFailure(exit, log);
    if (failure !== null) yield failure;
  } finally {
    signal.removeEventListener("abort", stop);
    void settle(child, hasSaidDone, clock).finally(() => running.delete(child));
  }
}

async function* outputEvents(
  child: RunningChild,
  options: CommandAgentOptions,
  log: ChildLog,
): AsyncGenerator<ProgramEvent> {
  const output = programOutput(options.output, (why) => log.say(`a line of its output is left out: ${why}`));
  for await (const piece of childOutput(child, options.clock)) yield* allowed(output.push(piece), options, log);
  yield* allowed(output.end(), options, log);
}

/**
 * A program whose output is only guessed to be JSON lines may be printing what somebody made a model say: that must not
 * send files of this machine.
 */
function allowed(
  events: readonly ProgramEvent[],
  { output }: CommandAgentOptions,
  log: ChildLog,
): readonly ProgramEvent[] {
  return events.filter((event) => {
    const isAllowed = event.kind !== "file_at" || output === "jsonl";
    if (!isAllowed) log.say("a file is not sent: files by path need output: jsonl in the configuration");
    return isAllowed;
  });
}

function exitFailure({ code, signal }: ChildExit, log: ChildLog): AgentEvent | null {
  if (code === 0) return null;
  const last = log.tail();
  const detail = `${code === null ? `ended by ${signal}` : `exit code ${code}`}${last === "" ? "" : `: ${last}`}`;
  if (code === EX_TEMPFAIL) return failed("unavailable", detail);
  return failed("error", detail, { retryable: code === null });
}

/** Nothing outlives its turn; only a program that has said `done` gets a moment to end by itself. */
async function settle(child: RunningChild, hasSaidDone: boolean, clock: Clock): Promise<void> {
  if (hasSaidDone) {
    child.stdout.resume(); // what it still writes must not hold it up
    await Promise.race([child.exited, sleep(clock, LINGER_MS)]);
  }
  await child.end();
  child.stdout.destroy();
}
