import { setTimeout as sleep } from "node:timers/promises";

/** What takes longer has failed. */
const LIMIT_MS = 30_000;

/** Waits until `condition` holds, looking every few milliseconds; throws, with `what`, when it does not come. */
export async function untilTrue(what: string, condition: () => boolean): Promise<void> {
  const startedMs = performance.now();
  while (!condition()) {
    if (performance.now() - startedMs > LIMIT_MS) throw new Error(`waited ${LIMIT_MS} ms in vain until ${what}`);
    await sleep(5);
  }
}
