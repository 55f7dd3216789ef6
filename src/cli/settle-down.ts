import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Gives back what starting took: 9 MB of a daemon's 100. Called once, when it is ready; it takes some 50 ms.
 * The young generation, which `startLight` kept small, may grow again, as a busy daemon needs it to.
 */
export function settleDown(): void {
  setFlagsFromString("--semi-space-growth-factor=2");
  setFlagsFromString("--expose-gc");
  // What ran at the start will not run again: its compiled code goes too. The first round finds it, the second gives it back.
  setFlagsFromString("--stress-flush-code");
  const collect: unknown = runInNewContext("gc");
  for (let round = 1; round <= 2; round += 1) {
    if (typeof collect === "function") collect({ type: "major", execution: "sync", flavor: "last-resort" });
  }
  setFlagsFromString("--no-stress-flush-code");
}
