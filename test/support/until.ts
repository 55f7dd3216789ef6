import assert from "node:assert/strict";

/** Longest wait for something that should happen; only a failing test takes that long. */
const DEADLINE_MS = 30_000;

/** Waits until `condition` holds, looking every few milliseconds; fails with `what` when it does not come. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) assert.fail(`waited ${DEADLINE_MS} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
