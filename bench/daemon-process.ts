import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openHttpConnection } from "./http-connection.ts";

/** A daemon in a process of its own, with everything as it is by default but for its folder and its port. */
export interface DaemonProcess extends AsyncDisposable {
  readonly port: number;
  readonly dataDir: string;
  /** From the start of the process until it said that it is ready. */
  readonly readyMs: number;
  memory(): ProcessMemory;
  /** Lets it shut down, and waits for that. */
  stop(): Promise<void>;
}

/** What the system says about a process, MB of 10⁶ bytes. */
export interface ProcessMemory {
  /** All pages in memory, the shared ones of Node's own file among them. */
  readonly residentMb: number;
  /** Pages that are in memory for this process alone. */
  readonly privateMb: number;
}

const PROGRAM = join(import.meta.dirname, "../src/cli/parley.js");
/** A daemon that needs longer has failed. */
const READY_LIMIT_MS = 30_000;

/** Starts a daemon on a fresh folder and waits until it is ready. Its log goes to a file, as a service's does. */
export async function startDaemonProcess(folder: string): Promise<DaemonProcess> {
  const dataDir = join(folder, "data");
  mkdirSync(dataDir, { recursive: true });
  const port = await freePort();
  const log = openSync(join(folder, "daemon.log"), "w");
  const startedMs = performance.now();
  const child = spawn(process.execPath, [PROGRAM, "run", "--port", String(port), "--data-dir", dataDir], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TZ: "UTC" },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  await untilReady(child, port, startedMs);
  const readyMs = performance.now() - startedMs;
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { port, dataDir, readyMs, memory: () => memoryOf(child.pid ?? 0), stop, [Symbol.asyncDispose]: stop };
}

async function untilReady(child: ChildProcess, port: number, startedMs: number): Promise<void> {
  while (performance.now() - startedMs < READY_LIMIT_MS) {
    if (child.exitCode !== null) throw new Error(`the daemon ended with exit code ${child.exitCode}`);
    try {
      using connection = await openHttpConnection(port);
      const { status } = await connection.request("GET", "/readyz", null);
      if (status === 200) return;
    } catch {
      // nobody listens yet
    }
    await sleep(5);
  }
  child.kill("SIGKILL");
  throw new Error(`the daemon was not ready after ${READY_LIMIT_MS} ms`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("expected a TCP port");
  return address.port;
}

/** What the system says about a process of this machine; Linux only. */
export function memoryOf(pid: number): ProcessMemory {
  const pages = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const mbOf = (...names: string[]) =>
    names.reduce((sum, name) => sum + Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(pages)?.[1] ?? 0), 0) *
    (1_024 / 1_000_000);
  return { residentMb: mbOf("Rss"), privateMb: mbOf("Private_Clean", "Private_Dirty") };
}
