import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Lets the young generation grow, which `startLight` keeps small. Called before the clients of platforms are imported: with 1 MB, a third
 * of the start would be collecting garbage, and `settleDown` takes back as much either way.
 */
export function growFreely(): void {
  setFlagsFromString("--semi-space-growth-factor=2");
}

/** Gives back what starting took: 9 MB of a daemon's 100. Called once, after it was ready; it takes some 50 ms, and twice that with three platforms. */
export function settleDown(): void {
  growFreely();
  setFlagsFromString("--expose-gc");
  // What ran at the start will not run again: its compiled code goes too. The first round finds it, the second gives it back.
  setFlagsFromString("--stress-flush-code");
  const collect: unknown = runInNewContext("gc");
  for (let round = 1; round <= 2; round += 1) {
    if (typeof collect === "function") collect({ type: "major", execution: "sync", flavor: "last-resort" });
  }
  setFlagsFromString("--no-stress-flush-code");
}
