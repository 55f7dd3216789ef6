/**
 * `npm run test:fuzz -- [--cases N] [--seed S] [--only WORD]`: throws N inputs (100,000 when left out) at all parsers together and prints what came
 * out, a line each. The heap is limited (package.json), so that a parser that takes memory without bounds ends the run; one that hangs is the last
 * one named.
 */
import { parseArgs } from "node:util";
import { startTestGateway } from "../support/test-gateway.ts";
import { formatTargets } from "./fuzz-formats.ts";
import { httpTarget } from "./fuzz-http.ts";
import { payloadTargets } from "./fuzz-payloads.ts";
import { textTargets } from "./fuzz-texts.ts";

const { values } = parseArgs({
  options: { cases: { type: "string" }, seed: { type: "string" }, only: { type: "string" } },
});
const cases = Number(values.cases ?? 100_000);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);

await using daemon = await startTestGateway();
const targets = [...payloadTargets, ...textTargets, ...formatTargets, httpTarget(daemon.client)].filter(({ name }) =>
  name.includes(values.only ?? ""),
);
const each = Math.ceil(cases / targets.length);
console.log(`${cases} cases, ${each} each of ${targets.length}, seed ${seed}`);

let failures = 0;
for (const target of targets) {
  process.stdout.write(`${target.name}: `);
  try {
    const { slowestMs } = await target.run(each, seed);
    console.log(`${each} cases, the slowest ${slowestMs.toFixed(1)} ms`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED\n${error instanceof Error ? error.message : String(error)}`);
  }
}
const heldMb = Math.round(process.memoryUsage().rss / 2 ** 20);
console.log(`${each * targets.length} cases, ${failures} parsers failed, ${heldMb} MB held at the end`);
process.exitCode = failures === 0 ? 0 : 1;
