import assert from "node:assert/strict";
import { openEvents } from "../../src/observe/events.ts";
import { silentLog } from "../../src/observe/log.ts";
import { openMetrics } from "../../src/observe/metrics.ts";
import { startJobWatcher } from "../../src/schedule/job-watcher.ts";
import type { JobDraft } from "../../src/schedule/make-job.ts";
import { type BareGateway, bareGateway, person } from "./bare-gateway.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { hourly } from "./job-world.ts";
import { NOON_MS } from "./test-store.ts";

const HOUR_MS = 3_600_000;

/** A gateway with a watcher, on a clock of the test's. */
export async function jobGateway(options: Parameters<typeof bareGateway>[0] = {}) {
  const clock = fakeClock(NOON_MS);
  const bare = await bareGateway({ clock, ...options });
  const { jobs } = bare.gateway;
  const watcher = startJobWatcher({
    store: bare.store,
    clock,
    events: openEvents(silentLog, openMetrics({ version: "0" })),
    routeOf: () => "main",
    refusal: jobs.refusal,
    maxOpenRuns: 8,
    onWaiting: jobs.takeWaiting,
    tellPaused: jobs.tellPaused,
  });
  const world = {
    ...bare,
    clock,
    watcher,
    /** Lets an hour pass, and what falls due in it run. */
    async hour() {
      await clock.advance(HOUR_MS);
      await clock.advance(1);
    },
    lines: (key: string) => linesOf(bare, key),
    async [Symbol.asyncDispose]() {
      watcher[Symbol.dispose]();
      await bare[Symbol.asyncDispose]();
    },
  };
  return world;
}

/** What was said in the live session of a key, a line each. */
function linesOf({ store }: BareGateway, key: string): string[] {
  const session = store.liveSession(key);
  if (session === null) return [];
  return store
    .transcript(session.sessionId, { limit: 100 })
    .map((line) => `${line.role}: ${line.content.split("\n").at(-1)}`);
}

/** A job of Ann's, made in her chat. */
export function anns(clock: FakeClock, about: Partial<JobDraft> = {}): JobDraft {
  assert.ok(clock);
  const origin = { source: person("c"), roleIds: [], isPerson: true };
  return hourly({ madeBy: "chat", maker: { platform: "memory", userId: "u", name: "Ann" }, origin, ...about });
}
