import { openEvents } from "../src/observe/events.ts";
import { silentLog } from "../src/observe/log.ts";
import { openMetrics } from "../src/observe/metrics.ts";
import { startResetWatcher } from "../src/schedule/reset-watcher.ts";
import { selectDueSessions, updateNextReset } from "../src/store/session-dues.ts";
import { updateActivity } from "../src/store/sessions.ts";
import { openStore, type SessionStore } from "../src/store/store.ts";
import type { Benchmark } from "./benchmark.ts";
import { rules } from "./conversation.ts";
import { largeDatabase } from "./large-database.ts";
import { spreadOf } from "./spread.ts";

const DUE = 10;
const DAYS_MS = 3 * 86_400_000;

/** The scheduled reset among a million sessions: found by index, ended in one transaction. */
export const resetWatcher: Benchmark = async ({ isQuick, workFolder }, tell) => {
  const many = isQuick ? 20_000 : 1_000_000;
  const dataDir = await largeDatabase(workFolder, many, tell);
  await using store = await openStore({ dataDir, rules });
  const events = openEvents(silentLog, openMetrics({ version: "0" }));
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now(), setTimer: () => ({ cancel() {} }) };
  using watcher = startResetWatcher({ store, clock, events, onEnded() {} });
  await watcher.look();

  tell(`${DUE} due among ${many}`);
  const foundMs: number[] = [];
  const endedMs: number[] = [];
  for (let round = 0; round < (isQuick ? 3 : 15); round++) {
    await makeDue(store, many / 2 + round * DUE);
    const nowMs = Date.now();
    const startedMs = performance.now();
    const due = selectDueSessions(store.reader, { nowMs, afterMs: -1, afterRow: 0, limit: 200 });
    foundMs.push(performance.now() - startedMs);
    const lookedMs = performance.now();
    const ended = await watcher.look();
    endedMs.push(performance.now() - lookedMs);
    if (due.length !== DUE || ended !== DUE)
      throw new Error(`expected ${DUE} due, found ${due.length}, ended ${ended}`);
  }
  return [
    {
      what: `${DUE} due among 1,000,000 sessions: found`,
      unit: "ms",
      measured: spreadOf(foundMs),
      target: { bound: "at most", value: 5 },
    },
    {
      what: `${DUE} due among 1,000,000 sessions: found and ended`,
      unit: "ms",
      measured: spreadOf(endedMs),
      note: "judged again in the transaction that ends them, on disk",
    },
  ];
};

/** Lets ten sessions look as if nobody had written in them for days. */
async function makeDue(store: SessionStore, fromRow: number): Promise<void> {
  const atMs = Date.now() - DAYS_MS;
  await store.write((tx) => {
    for (let row = fromRow; row < fromRow + DUE; row++) {
      updateActivity(tx, { row, atMs, nextResetAtMs: atMs, count: 0 });
      updateNextReset(tx, row, atMs + row);
    }
  });
}
