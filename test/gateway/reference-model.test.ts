import { test } from "node:test";
import fc from "fast-check";
import { memoryDir } from "../support/memory-dir.ts";
import { anySteps, runModel } from "../support/model-steps.ts";
import { modelWorld } from "../support/model-world.ts";

const STEPS_A_RUN = 50;
const RUNS = 30;
/** Another seed goes through other steps; a failure says which one it was. */
const SEED = Number(process.env.PARLEY_TEST_SEED ?? 5);

const shrinks = process.env.PARLEY_TEST_SHRINK !== undefined;

test("after every step of fifteen hundred, deaths among them, everything is as the simplest telling of it says", async () => {
  await fc.assert(
    fc.asyncProperty(anySteps(STEPS_A_RUN, shrinks), async (steps) => {
      using folder = memoryDir();
      await using world = await modelWorld(folder.path);
      await runModel(world, steps);
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: !shrinks },
  );
});
