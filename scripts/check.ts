/** `npm run check`: every static check, side by side; prints only what failed and exits 1 if anything did. */
import { spawn } from "node:child_process";

const folders = ["src", "adapters", "config", "test", "bench", "scripts"];
const checks: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["format and lint", "biome", ["check", "--error-on-warnings", "."]],
  ["type-aware lint", "oxlint", ["--type-aware", "--deny-warnings", ...folders]],
  ["types", "tsc", ["--noEmit"]],
  ["page types", "tsc", ["-p", "src/console/page"]],
  ["unused code", "knip", ["--no-progress"]],
  ["imports", "node", ["--test", "--test-isolation=none", "--test-reporter=dot", "test/architecture.test.ts"]],
];

const failed: string[] = [];
await Promise.all(
  checks.map(async ([name, command, args]) => {
    const startedMs = performance.now();
    const { code, output } = await run(command, args);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
    if (code !== 0) {
      failed.push(name);
      console.error(output);
    }
  }),
);
if (failed.length > 0) {
  console.error(
    `npm run check: ${failed.join(", ")} failed. Formatting and imports mend themselves with npm run format.`,
  );
  process.exitCode = 1;
}

function run(command: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 1, output: String(error) }));
    child.on("close", (code) => resolve({ code, output }));
  });
}
