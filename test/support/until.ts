import assert from "node:assert/strict";

/** Longest wait for something that should happen; only a failing test takes that long. */
const DEADLINE_MS = 30_000;

/** First and longest pause between two looks: what comes soon is seen soon, what takes long is not asked for all the time. */
const FIRST_PAUSE_MS = 3;
const LONGEST_PAUSE_MS = 20;

/** Waits until `condition` holds, looking again and again; fails with `what` when it does not come. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; !(await condition()); pauseMs = Math.min(pauseMs * 1.2, LONGEST_PAUSE_MS)) {
    if (performance.now() > deadline) assert.fail(`waited ${DEADLINE_MS} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
