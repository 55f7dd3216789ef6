import { resetReason } from "../src/session/reset-reason.ts";
import type { Benchmark } from "./benchmark.ts";
import { rules } from "./conversation.ts";
import { randomNumbers } from "./sample-text.ts";
import { spreadOf } from "./spread.ts";

const SESSIONS = 100_000;
const WEEK_MS = 7 * 86_400_000;

/** Judging many sessions by one policy: the daily boundary is computed once a day, not once a session. */
export const resetJudging: Benchmark = async ({ isQuick }, tell) => {
  tell(`${SESSIONS} sessions`);
  const policy = { ...rules.resets.default, timeZone: "Europe/Berlin" };
  const random = randomNumbers(4);
  const nowMs = Date.now();
  const lastActiveMs = Array.from({ length: SESSIONS }, () => nowMs - Math.floor(random() * WEEK_MS));
  const judge = () => {
    const startedMs = performance.now();
    let due = 0;
    for (const atMs of lastActiveMs) if (resetReason(policy, atMs, nowMs) !== null) due += 1;
    if (due === 0) throw new Error("expected some sessions of the last week to be due");
    return performance.now() - startedMs;
  };
  judge();
  return [
    {
      what: "resetReason, 100,000 sessions of one policy",
      unit: "ms",
      measured: spreadOf(Array.from({ length: isQuick ? 3 : 21 }, judge)),
      target: { bound: "at most", value: 50 },
      note: '"milliseconds" in the design: taken as at most 50',
    },
  ];
};
