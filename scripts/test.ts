/**
 * `npm test [-- file …]`: every test, in a few processes side by side (many wait for others: for a daemon to die, a page to load); exits 1 if any failed.
 * Each process takes one file after the other and keeps the modules it has: starting one for each of them takes longer than most tests.
 */
import { fork } from "node:child_process";
import { accessSync, constants, globSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { WorkerTask } from "./test-worker.ts";

/** More than a small machine has cores, since many tests wait; each loads the program once, which takes a second or two. */
const WORKERS = 4;
/**
 * What takes long and mostly waits, longest first, and what computes. Half of the processes begin with the one and half with the
 * other, so that the cores are busy all the time; they meet at the short files in between, so that none is left with much at the end.
 */
const WAITING = [
  "test/journey/platform-outages",
  "test/crash/",
  "test/journey/",
  "test/browser/",
  "test/agent/",
  "test/cli/",
];
const COMPUTING = [
  "test/gateway/any-schedule",
  "test/packaging",
  "test/message/",
  "test/gateway/reference",
  "test/memory/",
];
/** Where compiled modules are kept for the next process: hundreds are started, most of them the same program. */
const COMPILED = join(import.meta.dirname, "../node_modules/.cache/parley-tests");
/** A file, or a test, that takes longer hangs. */
const TIMEOUT_MS = 120_000;

/** Where Linux keeps files in memory: no power fails here, and so nobody has to wait for a disk thousands of times. */
const MEMORY = "/dev/shm";
/** Free bytes below which tests use the disk: a container may have 64 MB of memory for files. */
const LEAST_FREE_BYTES = 1024 * 1024 * 1024;

const named = process.argv.slice(2);
const files = inOrder(globSync(named.length > 0 ? named : "test/**/*.test.ts"));
if (files.length === 0) throw new Error(`expected test files, found none of ${named.join(" ")}`);
const folders = hasRoom(MEMORY) ? { PARLEY_TEST_FOLDERS: MEMORY } : {};
const workers = Array.from({ length: Math.min(WORKERS, files.length) }, (_, index) => runWorker(index));
const failures = (await Promise.all(workers)).filter((failure) => failure !== null);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;

function inOrder(found: readonly string[]): string[] {
  const starts = [...WAITING, "", ...COMPUTING.toReversed()];
  const placeOf = (file: string) => {
    const place = starts.findIndex((start) => start !== "" && file.startsWith(start));
    return place === -1 ? WAITING.length : place;
  };
  return found.toSorted((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
}

/** Starts a process that runs files until none is left; what a later process says is shown when it is done, so that lines of two don't mix. */
function runWorker(index: number): Promise<string | null> {
  const worker = fork(join(import.meta.dirname, "test-worker.ts"), {
    execArgv: ["--test-reporter=spec", `--test-timeout=${TIMEOUT_MS}`],
    stdio: ["ignore", index > 0 ? "pipe" : "inherit", "inherit", "ipc"],
    // Times in what commands print are the machine's: here they are the same everywhere.
    env: { ...process.env, ...folders, NODE_COMPILE_CACHE: COMPILED, TZ: "UTC" },
  });
  let output = "";
  worker.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  let file: string | null = null;
  worker.on("message", () => {
    file = (index % 2 === 0 ? files.shift() : files.pop()) ?? null;
    worker.send({ file } satisfies WorkerTask);
  });
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("close", (code, signal) => {
      process.stdout.write(output);
      if (file !== null) resolve(`${file} ended the process of the tests (${signal ?? `exit code ${code}`})`);
      else resolve(code === 0 ? null : "some tests failed: see above");
    });
  });
}

function hasRoom(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= LEAST_FREE_BYTES;
  } catch {
    return false; // no Linux, or not for everybody
  }
}
