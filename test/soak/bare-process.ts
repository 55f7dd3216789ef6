import { fork } from "node:child_process";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

/** How often delays are sampled, in milliseconds; a loop without any delay shows this. */
export const RESOLUTION_MS = 10;

/** A process that does nothing: how late its timers are is the machine's doing. */
export interface BareProcess {
  /** Counts from now on. */
  reset(): void;
  /** Ends it; resolves with the 99th percentile of its delays, in milliseconds. */
  end(): Promise<number>;
}

/** Starts one. */
export function startBareProcess(): BareProcess {
  const child = fork(fileURLToPath(import.meta.url), ["run"]);
  return {
    reset: () => void child.send("reset"),
    end: () =>
      new Promise((resolve) => {
        child.once("message", (p99Ms) => {
          child.kill();
          resolve(Number(p99Ms));
        });
        child.send("tell");
      }),
  };
}

if (process.argv[2] === "run") {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  process.on("message", (word) => {
    if (word === "reset") delays.reset();
    else process.send?.(delays.percentile(99) / 1e6);
  });
}
