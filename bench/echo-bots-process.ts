import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { memoryOf, type ProcessMemory } from "./daemon-process.ts";
import type { PlatformRig } from "./platform-rig.ts";

/** Bare echo bots in a process of their own. */
export interface EchoBotsProcess extends AsyncDisposable {
  memory(): ProcessMemory;
}

const PROGRAM = join(import.meta.dirname, "echo-bots.ts");

/** Starts one process with an echo bot on each of the rigs, and waits until all are connected. What they print goes to a file. */
export async function startEchoBots(folder: string, rigs: readonly PlatformRig[]): Promise<EchoBotsProcess> {
  const log = openSync(join(folder, "echo-bots.log"), "a");
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      TZ: "UTC",
      ECHO_BOTS: JSON.stringify(Object.fromEntries(rigs.map(({ platform, section }) => [platform, section]))),
    },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`the echo bots ended with exit code ${String(code)}: see echo-bots.log`);
  });
  await Promise.race([died, Promise.all(rigs.map((rig) => rig.untilConnected()))]);
  const ended = died.catch(() => undefined);
  return {
    memory: () => memoryOf(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
