/**
 * `npm run test:model -- [--steps N] [--seed S]`: random things happen to a gateway, one after the other, and after each the reference
 * model is asked what must be true; exits 1 with the steps of the run that failed.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { memoryDir } from "../support/memory-dir.ts";
import { anySteps, runModel } from "../support/model-steps.ts";
import { modelWorld } from "../support/model-world.ts";

const STEPS_A_RUN = 100;

const { values } = parseArgs({
  options: { steps: { type: "string", default: "5000" }, seed: { type: "string", default: "1" } },
});
const runs = Math.ceil(Number(values.steps) / STEPS_A_RUN);
const startedMs = performance.now();
await fc.assert(
  fc.asyncProperty(anySteps(STEPS_A_RUN, false), async (steps) => {
    using folder = memoryDir();
    await using world = await modelWorld(folder.path);
    await runModel(world, steps);
  }),
  { numRuns: runs, seed: Number(values.seed), endOnFailure: true },
);
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
console.log(
  `${runs * STEPS_A_RUN} steps, each followed by a comparison with the reference: all as it must be (${seconds} s)`,
);
