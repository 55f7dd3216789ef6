/**
 * `npm run test:soak -- [--minutes N] [--seed S] [--rate MESSAGES_PER_SECOND]`: a daemon on three platforms, with real clients, under load
 * and faults; reports memory, handles, event-loop delay and what became of each message, and exits 1 when a bound is broken.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { type ChatWorld, openWorld, platformNames } from "../support/chat-world.ts";
import { startDaemonProcess } from "../support/daemon-process.ts";
import { halfAtOnce } from "../support/half-at-once.ts";
import { untilConnected, writeConfig } from "../support/platform-daemon.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { tempDir } from "../support/temp-dir.ts";
import { RESOLUTION_MS, startBareProcess } from "./bare-process.ts";
import { freePort, inspectProcess } from "./live-memory.ts";
import { type ProcessFigures, processFigures, scraped, slopeMbPerHour } from "./process-figures.ts";
import { openSoakLoad } from "./soak-load.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    rate: { type: "string", default: "50" },
  },
});
const durationMs = Number(values.minutes) * 60_000;
const random = randomNumbers(Number(values.seed));
/** The database's page cache fills, code is compiled: what comes after is measured. */
const WARM_UP_MS = Math.min(durationMs / 3, 5 * 60_000);
const MEASURE_EVERY_MS = 5_000;
/** Each time its garbage is collected. */
const LIVE_EVERY_MS = 20_000;
const FAULT_EVERY_MS = 1_000;
const TICK_MS = 20;
/** Posts that were refused wait for minutes at most. */
const SETTLE_MS = 180_000;

/** What must hold. */
const MAX_DELAY_P99_MS = 50;
const MAX_MORE_HANDLES = 10;
/** What is above this would be an hour's leak of some size: of what is kept, and, where the run is long enough for garbage to even out, of all. */
const MAX_SLOPE_MB_PER_HOUR = 100;
const EVEN_AFTER_MS = 20 * 60_000;
/** Bare Node, the page cache, 60 MB in use, and as much garbage as V8 lets be: its young generation alone may grow to 134 MB. */
const MAX_RSS_MB = 512;

const folder = tempDir();
const worlds: ChatWorld[] = [];
for (const platform of platformNames) worlds.push(await openWorld(platform));
writeConfig(folder.path, worlds, { more: { agents: { main: halfAtOnce } } });
const inspectPort = await freePort();
const inspected = { nodeArgs: [`--inspect=127.0.0.1:${inspectPort}`] };
const daemon = await startDaemonProcess(folder.path, [], inspected);
const memory = await inspectProcess(inspectPort);
const pid = daemon.child.pid ?? 0;
await untilConnected(worlds);
const load = openSoakLoad(worlds, random);
/** Messages whose senders were told that too many are waiting. */
function countTurnedDown(dataDir: string): number {
  const db = new Database(join(dataDir, "parley.db"), { readonly: true });
  try {
    return Number(db.prepare("SELECT count(*) FROM inbox WHERE error LIKE 'refused: %'").pluck().get());
  } finally {
    db.close();
  }
}

const scrape = async () => await (await fetch(`${daemon.url}/metrics`)).text();

const readStatus = async () => {
  const { store } = (await (await fetch(`${daemon.url}/api/status`)).json()) as {
    store: { inbox: { dead: number; waiting: number }; outbox: { dead: number; pending: number } };
  };
  return store;
};

const machine = startBareProcess();
const figures: ProcessFigures[] = [];
const live: { readonly atMs: number; readonly mb: number }[] = [];
const faults = new Map<string, number>();
const startMs = performance.now();
let nextMeasureMs = 0;
let nextLiveMs = WARM_UP_MS;
let nextFaultMs = FAULT_EVERY_MS;
let isWarm = false;
for (let atMs = 0; atMs < durationMs; atMs = performance.now() - startMs) {
  while (load.said() < (atMs / 1_000) * Number(values.rate)) load.speak();
  if (atMs >= nextFaultMs) {
    nextFaultMs += FAULT_EVERY_MS;
    const what = load.goWrong();
    faults.set(what, (faults.get(what) ?? 0) + 1);
  }
  if (!isWarm && atMs >= WARM_UP_MS) {
    isWarm = true;
    await scrape(); // the delays are counted anew from one scrape to the next
    machine.reset();
  }
  if (atMs >= nextMeasureMs) {
    nextMeasureMs += MEASURE_EVERY_MS;
    figures.push(processFigures(pid, atMs));
  }
  if (atMs >= nextLiveMs) {
    nextLiveMs += LIVE_EVERY_MS;
    void memory.liveMb().then((mb) => live.push({ atMs, mb }));
  }
  await new Promise((resolve) => setTimeout(resolve, TICK_MS));
}
const lastScrape = await scrape();
live.push({ atMs: durationMs, mb: await memory.liveMb() });
memory.close();
const machineDelayP99Ms = await machine.end();
let status = await readStatus();
for (let waitedMs = 0; waitedMs < SETTLE_MS && status.inbox.waiting + status.outbox.pending > 0; waitedMs += 1_000) {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  status = await readStatus();
}
const { answered, twice, unanswered, astray } = load.outcome();
const { code } = await daemon.end("SIGTERM");
for (const world of worlds) await world[Symbol.asyncDispose]();
const turnedDown = countTurnedDown(folder.path);
if (process.env.PARLEY_TEST_KEEP === undefined) folder[Symbol.dispose]();
else console.log(folder.path);

const warm = figures.filter(({ atMs }) => atMs >= WARM_UP_MS);
const [first, last] = [warm[0], warm.at(-1)];
if (first === undefined || last === undefined) throw new Error("expected a longer run");
const delayP99Ms = scraped(lastScrape, "nodejs_eventloop_lag_p99_seconds") * 1_000;
const slopes = {
  live: slopeMbPerHour(live),
  rss: slopeMbPerHour(warm.map(({ atMs, rssMb }) => ({ atMs, mb: rssMb }))),
};
const isEven = durationMs - WARM_UP_MS >= EVEN_AFTER_MS;
// Requests under way come and go: the least there are at a time must not rise.
const half = Math.floor(warm.length / 2);
const leastOf = (some: readonly ProcessFigures[]) => Math.min(...some.map((each) => each.handles));
const handles = { earlier: leastOf(warm.slice(0, half)), later: leastOf(warm.slice(half)) };
const dead = status.inbox.dead + status.outbox.dead;
const mostRssMb = Math.max(...figures.map(({ rssMb }) => rssMb));
console.log({
  minutes: Number(values.minutes),
  said: load.said(),
  answered,
  deadLetters: dead,
  turnedDown,
  unanswered: unanswered.length,
  left: { inbox: status.inbox, outbox: status.outbox },
  astray,
  twice,
  faults: Object.fromEntries(faults),
  rssMb: { atWarmUp: Math.round(first.rssMb), atEnd: Math.round(last.rssMb), most: Math.round(mostRssMb) },
  liveMb: { atWarmUp: roundedOf(live[0]?.mb), atEnd: roundedOf(live.at(-1)?.mb), times: live.length },
  slopeMbPerHour: { live: roundedOf(slopes.live), rss: roundedOf(slopes.rss) },
  leastHandles: handles,
  eventLoopDelayP99Ms: roundedOf(delayP99Ms),
  shareOfTimeInCommits:
    Math.round((1_000 * scraped(lastScrape, "parley_store_commit_duration_seconds_sum")) / (durationMs / 1_000)) /
    1_000,
  ofABareProcessBesideItMs: roundedOf(machineDelayP99Ms),
  exitCode: code,
});

const broken = [
  unanswered.length > dead + turnedDown ? `messages without an answer: ${unanswered.slice(0, 10).join(", ")}` : "",
  astray > 0 ? `${astray} answers in a wrong chat` : "",
  Object.keys(twice).some((platform) => platform !== "telegram") ? "answers that came twice" : "",
  delayP99Ms - Math.max(0, machineDelayP99Ms - RESOLUTION_MS) > MAX_DELAY_P99_MS
    ? `event-loop delay p99 above ${MAX_DELAY_P99_MS} ms`
    : "",
  handles.later > handles.earlier + MAX_MORE_HANDLES ? "handles leak" : "",
  slopes.live > MAX_SLOPE_MB_PER_HOUR
    ? `what is kept in memory grows by more than ${MAX_SLOPE_MB_PER_HOUR} MB an hour`
    : "",
  isEven && slopes.rss > MAX_SLOPE_MB_PER_HOUR ? `memory grows by more than ${MAX_SLOPE_MB_PER_HOUR} MB an hour` : "",
  mostRssMb > MAX_RSS_MB ? `more than ${MAX_RSS_MB} MB of memory` : "",
  code !== 0 ? `the daemon ended with ${code}` : "",
].filter((what) => what !== "");
for (const what of broken) console.error(`broken: ${what}`);
process.exitCode = broken.length === 0 ? 0 : 1;

function roundedOf(figure = Number.NaN): number {
  return Math.round(figure * 10) / 10;
}
