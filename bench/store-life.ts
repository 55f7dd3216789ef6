import { join } from "node:path";
import { openBareLives } from "./bare-lives.ts";
import type { Benchmark } from "./benchmark.ts";
import { messageTo, traffic } from "./chat-traffic.ts";
import { type MessageLives, openGatewayLives } from "./gateway-lives.ts";
import { openKyselyLives } from "./kysely-lives.ts";
import { interleave, percentile, ratiosOf, single, spreadOf } from "./spread.ts";

/** Conversations that are active at the same time. */
const LANES = 64;

/** One message's whole life in the store, against the least that SQLite needs for its rows and against the most obvious code. */
export const storeLife: Benchmark = async ({ isQuick, workFolder }, tell) => {
  const rounds = isQuick ? 2 : 15;
  const perLane = isQuick ? 10 : 100;
  const commitMs: number[] = [];
  await using parley = await openGatewayLives(join(workFolder, "life-parley"), ({ durationMs }) => {
    commitMs.push(durationMs);
  });
  await using bare = openBareLives(join(workFolder, "life-bare"));
  await using kysely = openKyselyLives(join(workFolder, "life-kysely"));

  tell(`${LANES} conversations at once`);
  const crowd = await interleave(rounds, {
    parley: () => perSecond(parley, perLane),
    bare: () => perSecond(bare, perLane),
    kysely: () => perSecond(kysely, Math.ceil(perLane / 10)),
  });
  const crowdCommitMs = commitMs.splice(0);
  tell("one message at a time");
  const loneMessages = isQuick ? 20 : 200;
  const lone = await interleave(rounds, {
    parley: () => loneMs(parley, loneMessages),
    bare: () => loneMs(bare, loneMessages),
  });

  const all = "64 conversations";
  return [
    {
      what: `${all}: messages a second`,
      unit: "/s",
      measured: spreadOf(crowd.parley),
      target: { bound: "at least", value: 4_000 },
    },
    { what: `${all}: bare better-sqlite3`, unit: "/s", measured: spreadOf(crowd.bare) },
    { what: `${all}: kysely, awaited`, unit: "/s", measured: spreadOf(crowd.kysely) },
    {
      what: `${all}: speed of bare better-sqlite3`,
      unit: "×",
      measured: ratiosOf(crowd.parley, crowd.bare),
      target: { bound: "at least", value: 0.8 },
      note: "same rows, full-text ones included; the bare loop reads nothing and keeps no JSONL",
    },
    {
      what: `${all}: speed of kysely, awaited`,
      unit: "×",
      measured: ratiosOf(crowd.parley, crowd.kysely),
      target: { bound: "at least", value: 5 },
    },
    {
      what: `${all}: commit, 99th percentile`,
      unit: "ms",
      measured: single(percentile(crowdCommitMs, 99)),
      note: `a transaction of 64 to 128 writes with its fsync; median ${percentile(crowdCommitMs, 50).toFixed(1)} ms`,
    },
    { what: "lone message", unit: "ms", measured: spreadOf(lone.parley), note: "three transactions, each awaited" },
    {
      what: "lone message: time of its bare transactions",
      unit: "×",
      measured: ratiosOf(lone.parley, lone.bare),
      target: { bound: "at most", value: 1.25 },
    },
    { what: "lone message: commit, 99th percentile", unit: "ms", measured: single(percentile(commitMs, 99)) },
  ];
};

async function perSecond(lives: MessageLives, perLane: number): Promise<number> {
  const messages = traffic(LANES, perLane, (lane) => lane);
  const startedMs = performance.now();
  await lives.live(messages);
  await lives.settle();
  return (LANES * perLane) / ((performance.now() - startedMs) / 1_000);
}

async function loneMs(lives: MessageLives, count: number): Promise<number> {
  const messages = Array.from({ length: count }, () => messageTo(0));
  const startedMs = performance.now();
  for (const message of messages) await lives.live([[message]]);
  await lives.settle();
  return (performance.now() - startedMs) / count;
}
