/** Runs test files in this process, one after the other, as `scripts/test.ts` names them. */
import { once } from "node:events";
import { resolve } from "node:path";
import { suite } from "node:test";
import { pathToFileURL } from "node:url";

/** What a worker is told each time it asks: the file to run next; null when none is left. */
export interface WorkerTask {
  readonly file: string | null;
}

// Some tests wait for what doesn't keep a process by itself; until the last is over, this does.
process.on("message", () => {});
for (;;) {
  const answered = once(process, "message");
  process.send?.("next file");
  const [{ file }] = (await answered) as [WorkerTask];
  if (file === null) break;
  // The tests that a file brings are those of the suite that imports it, which ends with the last of them.
  await suite(file, async () => {
    await import(pathToFileURL(resolve(file)).href);
  });
}
process.disconnect();
