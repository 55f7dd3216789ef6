import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

const entry = fileURLToPath(new URL("../../src/cli/parley.js", import.meta.url));

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A daemon in a process of its own. */
export interface DaemonProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Sends the signal and resolves with how the process ended. */
  end(signal: NodeJS.Signals): Promise<ProcessEnd>;
}

/** A `parley` that was started; it may still fail, or be on its way to its end. */
export interface ParleyProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessEnd>;
  /** What it has written to standard error. */
  complaints(): string;
}

/** How the process is started, besides the words of its command line. */
export interface ProcessSetting {
  /** Options of Node itself. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A file that what it logs is appended to; it is thrown away otherwise. */
  readonly logPath?: string;
  /** Most files it may have open, sockets included. */
  readonly maxFiles?: number;
}

/** Starts `parley` in a data directory. */
export function startParley(dataDir: string, args: readonly string[], setting: ProcessSetting = {}): ParleyProcess {
  const log = setting.logPath === undefined ? null : openSync(setting.logPath, "a");
  const words = [process.execPath, ...(setting.nodeArgs ?? []), entry, ...args];
  const [program = "", ...rest] =
    setting.maxFiles === undefined ? words : ["sh", "-c", `ulimit -n ${setting.maxFiles} && exec "$@"`, "sh", ...words];
  const child = spawn(program, rest, {
    stdio: ["ignore", log ?? "ignore", "pipe"],
    cwd: dataDir,
    env: { PATH: process.env.PATH ?? "", HOME: dataDir, ...setting.env },
  });
  if (log !== null) closeSync(log);
  let complaints = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return { child, ended, complaints: () => complaints };
}

/** Starts `parley run` on a data directory and a free port, and resolves when it can be reached. */
export async function startDaemonProcess(
  dataDir: string,
  args: readonly string[] = [],
  setting: ProcessSetting = {},
): Promise<DaemonProcess> {
  const daemon = startParley(dataDir, ["run", "--data-dir", dataDir, "--port", "0", ...args], setting);
  const { child } = daemon;
  let url: string | null = null;
  await until("the daemon announces its address", () => {
    if (child.exitCode !== null) throw new Error(`the daemon ended with ${child.exitCode}: ${daemon.complaints()}`);
    url = addressOf(dataDir, child.pid);
    return url !== null;
  });
  return {
    child,
    url: url ?? "",
    end(signal) {
      child.kill(signal);
      return daemon.ended;
    },
  };
}

/** Where the daemon of this process says that it can be reached; null when it has not said so (yet). */
export function addressOf(dataDir: string, pid: number | undefined): string | null {
  try {
    if (readFileSync(join(dataDir, "parley.pid"), "utf8") !== `${pid}\n`) return null;
    return readFileSync(join(dataDir, "parley.url"), "utf8").trim();
  } catch {
    return null; // not written yet
  }
}
