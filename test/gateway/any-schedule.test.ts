import { test } from "node:test";
import fc from "fast-check";
import { memoryDir } from "../support/memory-dir.ts";
import { anySchedule, runSchedule } from "../support/schedule.ts";
import { checkSchedule } from "../support/schedule-checks.ts";
import { scheduleWorld, type WorldSetup } from "../support/schedule-world.ts";

/** How daemons are set up. */
const SETUPS: readonly WorldSetup[] = (["followup", "collect", "steer", "interrupt"] as const).flatMap((mode) => [
  {
    mode,
    debounceMs: 0,
    maxConcurrentTurns: 16,
    maxPending: 50,
    takesSteering: mode === "steer",
    edits: true,
    finds: true,
  },
  { mode, debounceMs: 500, maxConcurrentTurns: 2, maxPending: 3, takesSteering: true, edits: false, finds: false },
]);
/** Schedules that each of them goes through; a longer run says how many. */
const SCHEDULES_EACH = Number(process.env.PARLEY_TEST_SCHEDULES ?? 125);
/** Another seed goes through other schedules; a failure says which one it was. */
const SEED = Number(process.env.PARLEY_TEST_SEED ?? 4);

for (const [nth, setup] of SETUPS.entries()) {
  const { mode, debounceMs, edits } = setup;
  const name = `${mode}${edits ? ", posts grow" : `, debounced by ${debounceMs} ms, little room`}`;
  test(`whatever happens when, order is kept, nothing is lost and nothing is answered twice: ${name}`, async () => {
    using folder = memoryDir();
    // One data directory for all of them: each schedule has chats of its own.
    await using world = await scheduleWorld(folder.path, setup);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(anySchedule, async (steps) => {
        const spoken = await runSchedule(world, steps, `s${++count}`);
        checkSchedule(world, spoken);
        world.forget();
      }),
      { numRuns: SCHEDULES_EACH, seed: SEED + nth, endOnFailure: process.env.PARLEY_TEST_SHRINK === undefined },
    );
  });
}
