import assert from "node:assert/strict";
import { after, before } from "node:test";

/** Has a suite fail when a promise was rejected during it and nobody looked: in a daemon that would be the end of it. */
export function failsOnUnhandledRejections(): void {
  const seen: unknown[] = [];
  const note = (reason: unknown) => void seen.push(reason);
  before(() => void process.on("unhandledRejection", note));
  after(async () => {
    // They are told once the microtasks of a turn are done.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    assert.deepEqual(seen, []);
  });
}
