/**
 * `npm test [-- file …]`: every test, in a few processes side by side (many wait for others: for a daemon to die, a page to load); exits 1 if any failed.
 * Within a process the files run one after the other and share their modules: starting one for each of them takes longer than most tests.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";

const SHARDS = 4;
/** Where compiled modules are kept for the next process: hundreds are started, most of them the same program. */
const COMPILED = join(import.meta.dirname, "../node_modules/.cache/parley-tests");
/** A test that takes longer hangs. */
const TIMEOUT_MS = 120_000;

const files = process.argv.slice(2);
const args = ["--test", "--test-isolation=none", `--test-timeout=${TIMEOUT_MS}`];
const runs = files.length > 0 ? [[...args, ...files]] : shards();
const codes = await Promise.all(runs.map((run, index) => runTests(run, index > 0)));
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;

function shards(): readonly string[][] {
  return Array.from({ length: SHARDS }, (_, index) => [
    ...args,
    `--test-shard=${index + 1}/${SHARDS}`,
    "test/**/*.test.ts",
  ]);
}

/** Runs some of the tests; what a later process says is shown when it is done, so that lines of two don't mix. */
function runTests(nodeArgs: readonly string[], isLater: boolean): Promise<number | null> {
  const child = spawn(process.execPath, nodeArgs, {
    stdio: ["ignore", isLater ? "pipe" : "inherit", "inherit"],
    // Times in what commands print are the machine's: here they are the same everywhere.
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, TZ: "UTC" },
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.stdout.write(output);
      resolve(code);
    });
  });
}
