import { test } from "node:test";
import { randomNumbers } from "../support/random-numbers.ts";
import { importRound } from "./import-round.ts";
import { migrationRound } from "./migration-round.ts";
import { platformRound } from "./platform-round.ts";
import { type CrashRound, emptyTally } from "./round.ts";

/** A few kills of each kind; `npm run test:crash` goes on with other seeds for as long as one likes. */
const ROUNDS: readonly (readonly [what: string, round: CrashRound, kills: number])[] = [
  ["people talk on three platforms", platformRound, 1],
  ["transcripts are imported", importRound, 1],
  ["an older database is brought up to date", migrationRound, 1],
];
const SEED = Number(process.env.PARLEY_TEST_SEED ?? 1);

for (const [what, round, kills] of ROUNDS) {
  test(`killed, with and without the power, while ${what}: nothing is lost, nothing is answered elsewhere, all files agree`, async (t) => {
    const tally = emptyTally();
    await round({ random: randomNumbers(SEED), kills, tally });
    t.diagnostic(`died ${[...tally.deaths].map(([where, count]) => `${count} × ${where}`).join(", ")}`);
  });
}
