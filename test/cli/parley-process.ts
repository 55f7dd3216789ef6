import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { runCommandLine } from "../../src/cli/main.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { findInstance } from "../../src/store/instance-lock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const entry = join(import.meta.dirname, "../../src/cli/parley.js");

/** What a finished process left. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  readonly finished: Promise<Finished>;
}

/** A folder with a data directory, in which the program is run as a user would. */
export interface Workplace extends AsyncDisposable {
  readonly folder: string;
  readonly dataDir: string;
  /** Runs the program to its end. */
  parley(args: readonly string[], input?: string): Promise<Finished>;
  /** The JSON a command printed. */
  json(args: readonly string[]): Promise<unknown>;
  start(args: readonly string[]): Running;
  /** Starts a daemon on a free port and waits until it can be reached. */
  daemon(): Promise<RunningDaemon>;
}

/** A daemon in a process of its own. */
export interface RunningDaemon extends Running {
  readonly url: string;
  readonly pid: number;
  /** Ends it and waits for that. */
  end(signal: NodeJS.Signals): Promise<Finished>;
}

/** Makes an empty one; whatever still runs in it is killed at the end. */
export function workplace(): Workplace {
  const folder = tempDir();
  const dataDir = join(folder.path, "data");
  mkdirSync(dataDir, { mode: 0o700 });
  const running = new Set<ChildProcess>();

  const start = (args: readonly string[]): Running => {
    const child = spawn(process.execPath, [entry, ...args], { cwd: folder.path, env: environment(dataDir) });
    running.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const finished = once(child, "close").then(([status]) => {
      running.delete(child);
      return { status, stdout, stderr };
    });
    return { child, stdout: () => stdout, stderr: () => stderr, finished };
  };
  const parley = async (args: readonly string[], input = "") => {
    // What neither stays nor reads is run here: starting a process for each takes longer than most commands.
    if (input === "" && !STAYS.has(args[0] ?? "run")) return await runHere(args, folder.path, dataDir);
    const { child, finished } = start(args);
    child.stdin?.end(input);
    return await finished;
  };

  return {
    folder: folder.path,
    dataDir,
    start,
    parley,
    async json(args) {
      const { status, stdout, stderr } = await parley([...args, "--json"]);
      assert.equal(stderr, "");
      assert.notEqual(status, 2, stdout);
      return JSON.parse(stdout);
    },
    async daemon() {
      const run = start(["run", "--port", "0"]);
      const urlOf = () => {
        const instance = findInstance(dataDir);
        return instance?.pid === run.child.pid ? (instance?.url ?? null) : null;
      };
      await until("the daemon can be reached", () => {
        assert.equal(run.child.exitCode, null, run.stdout() + run.stderr());
        return run.stdout().includes('"msg":"ready"') && urlOf() !== null;
      });
      return {
        ...run,
        url: urlOf() ?? "",
        pid: run.child.pid ?? 0,
        async end(signal) {
          run.child.kill(signal);
          return await run.finished;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      const ends = [...running].map((child) => once(child, "close"));
      for (const child of running) child.kill("SIGKILL");
      await Promise.all(ends);
      folder[Symbol.dispose]();
    },
  };
}

/** Commands that need a process: they run until they are told to stop, or write a log of their own. */
const STAYS: ReadonlySet<string> = new Set(["run", "chat"]);

/** Runs a command in this process. */
export async function runHere(args: readonly string[], cwd: string, dataDir: string): Promise<Finished> {
  let stdout = "";
  let stderr = "";
  const out = new Writable({
    write(chunk, _encoding, done) {
      stdout += String(chunk);
      done();
    },
  });
  const terminal = {
    stdin: Readable.from([]),
    stdout: out,
    print: (lines: string) => {
      stdout += `${lines}\n`;
    },
    complain: (line: string) => {
      stderr += `${line}\n`;
    },
    isInteractive: false,
  } as unknown as Terminal; // streams of a test are no terminals
  const status = await runCommandLine(args, { terminal, env: environment(dataDir), cwd });
  return { status, stdout, stderr };
}

/** The machine's environment without what would configure the program. */
function environment(dataDir: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PARLEY_|NODE_OPTIONS$)|TOKEN|API_KEY/.test(name));
  return { ...Object.fromEntries(kept), PARLEY_DATA_DIR: dataDir, TZ: "UTC", NO_COLOR: "1" };
}
