/**
 * `npm run test:crash -- [--kills N] [--seed S] [--minutes M]`: daemons that die again and again, at every point and at random, until so
 * many have died or the time is up; exits 1 with the seed of the round that failed.
 */
import { parseArgs } from "node:util";
import { randomNumbers } from "../support/random-numbers.ts";
import { importRound } from "./import-round.ts";
import { migrationRound } from "./migration-round.ts";
import { platformRound } from "./platform-round.ts";
import { type CrashRound, emptyTally } from "./round.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "60" },
  },
});
const kills = Number(values.kills);
const endMs = performance.now() + Number(values.minutes) * 60_000;
const KILLS_A_ROUND = 20;
/** Rounds in turn: most of the work is done on platforms. */
const ROUNDS: readonly (readonly [name: string, round: CrashRound])[] = [
  ["platforms", platformRound],
  ["platforms", platformRound],
  ["import", importRound],
  ["platforms", platformRound],
  ["platforms", platformRound],
  ["migration", migrationRound],
];

const tally = emptyTally();
const startedMs = performance.now();
let died = 0;
for (let seed = Number(values.seed); died < kills && performance.now() < endMs; seed++) {
  const [name, round] = ROUNDS[(seed - 1) % ROUNDS.length] ?? ["platforms", platformRound];
  const ofThis = Math.min(KILLS_A_ROUND, kills - died);
  try {
    await round({ random: randomNumbers(seed), kills: ofThis, tally });
  } catch (error) {
    console.error(error);
    console.error(`round "${name}" failed; again with: npm run test:crash -- --seed ${seed} --kills ${ofThis}`);
    process.exit(1);
  }
  died += ofThis;
  console.log(`${died} kills, ${((performance.now() - startedMs) / 1000).toFixed(0)} s (seed ${seed}, ${name})`);
}
for (const [where, count] of [...tally.deaths].toSorted(([one], [other]) => one.localeCompare(other)))
  console.log(`${String(count).padStart(5)} ${where}`);
const { deaths: _, ...counted } = tally;
console.log(counted);
