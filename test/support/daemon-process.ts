import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

const entry = fileURLToPath(new URL("../../src/cli/parley.js", import.meta.url));

/** A daemon in a process of its own. */
export interface DaemonProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Sends the signal and resolves with how the process ended. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts `parley run` on a data directory and a free port, and resolves when it can be reached. */
export async function startDaemonProcess(dataDir: string, args: readonly string[] = []): Promise<DaemonProcess> {
  const child = spawn(process.execPath, [entry, "run", "--data-dir", dataDir, "--port", "0", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    cwd: dataDir,
    env: { PATH: process.env.PATH ?? "", HOME: dataDir },
  });
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  let url: string | null = null;
  await until("the daemon announces its address", () => {
    if (child.exitCode !== null) throw new Error(`the daemon ended with ${child.exitCode}`);
    url = addressOf(dataDir, child.pid);
    return url !== null;
  });
  return {
    child,
    url: url ?? "",
    end(signal) {
      child.kill(signal);
      return exit;
    },
  };
}

function addressOf(dataDir: string, pid: number | undefined): string | null {
  try {
    const instance = JSON.parse(readFileSync(join(dataDir, "parley.pid"), "utf8")) as {
      pid: number;
      url: string | null;
    };
    return instance.pid === pid ? instance.url : null;
  } catch {
    return null; // not written yet
  }
}
