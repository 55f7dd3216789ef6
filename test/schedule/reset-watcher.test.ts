import assert from "node:assert/strict";
import { test } from "node:test";
import { echoAgent } from "../../src/agent/echo.ts";
import { openEvents } from "../../src/observe/events.ts";
import { silentLog } from "../../src/observe/log.ts";
import { openMetrics } from "../../src/observe/metrics.ts";
import { startResetWatcher } from "../../src/schedule/reset-watcher.ts";
import type { ResetPolicy } from "../../src/session/reset-policy.ts";
import { type BareGateway, bareGateway, neverResets } from "../support/bare-gateway.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const idle: ResetPolicy = { ...neverResets, mode: "idle", idleMinutes: 30 };
const daily: ResetPolicy = { ...neverResets, mode: "daily", atHour: 4, timeZone: "Europe/Berlin" };

function watch(bare: BareGateway, clock: FakeClock) {
  const ended: string[] = [];
  const watcher = startResetWatcher({
    store: bare.store,
    clock,
    events: openEvents(silentLog, openMetrics({ version: "0" })),
    onEnded: (sessionId) => ended.push(sessionId),
  });
  return { watcher, ended };
}

async function answered(bare: BareGateway, posts: number): Promise<void> {
  await until(`${posts} posts are out`, () => bare.adapter.posts.length === posts);
}

test("a session that has been silent is ended one millisecond after its deadline, without anybody writing", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 10, 12));
  await using bare = await bareGateway({ clock, policy: idle });
  const { watcher, ended } = watch(bare, clock);
  using _ = watcher;
  await bare.say("c", "hello");
  await answered(bare, 1);
  await clock.advance(30 * MINUTE_MS);
  assert.equal(bare.store.listSessions({ live: true }).sessions.length, 1, "exactly at the deadline the session lives");
  await clock.advance(30_000);
  await until("it is ended", () => ended.length === 1);
  const [session] = bare.store.listSessions({}).sessions;
  assert.deepEqual([session?.live, session?.endReason, session?.nextResetAtMs], [false, "timeout", null]);
});

test("the person is told once, at the next message, also after a restart; and /resume goes back", async () => {
  using folder = tempDir();
  const clock = fakeClock(Date.UTC(2026, 0, 10, 12));
  {
    await using bare = await bareGateway({ clock, policy: idle, dataDir: folder.path });
    await bare.say("c", "hello", { messageId: "1" });
    await answered(bare, 1);
    await clock.advance(31 * MINUTE_MS);
    using watcher = watch(bare, clock).watcher;
    assert.ok((await watcher.look()) <= 1);
    await until("it is ended", () => bare.store.listSessions({ live: true }).sessions.length === 0);
  }
  await using bare = await bareGateway({ clock, policy: idle, dataDir: folder.path });
  await bare.say("c", "again", { messageId: "2" });
  await answered(bare, 2);
  assert.equal(
    bare.adapter.textsIn("c")[0],
    "This conversation started afresh after 31 minutes of silence. /resume goes back to the last one.",
  );
  await bare.say("c", "and again", { messageId: "3" });
  await answered(bare, 3);
  assert.equal(bare.adapter.textsIn("c")[2], "and again", "told once");
  await bare.say("c", "/resume", { messageId: "4" });
  await answered(bare, 4);
  assert.match(bare.adapter.textsIn("c")[3] ?? "", /^Back in the conversation/);
  await bare.say("c", "more", { messageId: "5" });
  await answered(bare, 5);
  const [live] = bare.store.listSessions({ live: true }).sessions;
  assert.deepEqual(
    bare.store
      .transcript(live?.sessionId ?? "", { limit: 10 })
      .filter(({ role }) => role === "user")
      .map(({ content }) => content),
    ["hello", "more"],
  );
});

test("a message that comes before the watcher resets by itself, with the same notice and a note for the agent", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 10, 12));
  const agent = scriptedAgent();
  await using bare = await bareGateway({ clock, policy: idle, agent, limits: { drainMs: 0 } });
  await bare.say("c", "remember the milk");
  await until("it runs", () => agent.running.length === 1);
  agent.running[0]?.answer("noted");
  await answered(bare, 1);
  await clock.advance(45 * MINUTE_MS);
  await bare.say("c", "hello");
  await answered(bare, 2);
  assert.match(bare.adapter.textsIn("c")[1] ?? "", /after 45 minutes of silence/);
  const [live] = bare.store.listSessions({ live: true }).sessions;
  assert.match(live?.openingNote ?? "", /remember the milk/);
  assert.match(live?.openingNote ?? "", /noted/);
});

test("without notify, and without anything to lose, nobody is told", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 10, 12));
  await using quiet = await bareGateway({ clock, policy: { ...idle, notify: false } });
  await quiet.say("c", "hello");
  await answered(quiet, 1);
  await clock.advance(HOUR_MS);
  await quiet.say("c", "again");
  await answered(quiet, 2);
  assert.match(quiet.adapter.textsIn("c")[1] ?? "", /^again/);
  await using empty = await bareGateway({ clock, policy: idle });
  await empty.say("c", "/new");
  await answered(empty, 1);
  await clock.advance(HOUR_MS);
  await empty.say("c", "first words");
  await answered(empty, 2);
  assert.match(empty.adapter.textsIn("c")[1] ?? "", /^first words/);
});

test("a session whose turn runs is never ended, and is ended soon after the turn is over", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 10, 12));
  const agent = scriptedAgent();
  await using bare = await bareGateway({ clock, policy: { ...idle, idleMinutes: 1 }, agent, limits: { drainMs: 0 } });
  const { watcher, ended } = watch(bare, clock);
  using _ = watcher;
  await bare.say("c", "take your time");
  await until("it runs", () => agent.running.length === 1);
  await clock.advance(5 * MINUTE_MS);
  assert.deepEqual(ended, []);
  agent.running[0]?.answer("done");
  await answered(bare, 1);
  await clock.advance(MINUTE_MS);
  await until("it is ended", () => ended.length === 1);
});

test("a message that came while a turn ran belongs to the same conversation, however long the turn took", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 10, 12));
  const agent = scriptedAgent();
  await using bare = await bareGateway({ clock, policy: { ...idle, idleMinutes: 1 }, agent, limits: { drainMs: 0 } });
  await bare.say("c", "take your time");
  await until("it runs", () => agent.running.length === 1);
  await clock.advance(5 * MINUTE_MS);
  await bare.say("c", "are you there?");
  agent.running[0]?.answer("done");
  await until("the second runs", () => agent.running[0]?.request.message.text === "are you there?");
  assert.equal(bare.store.listSessions({}).sessions.length, 1);
});

test("a message received before the boundary and recovered after it belongs to the evening", async () => {
  using folder = tempDir();
  const clock = fakeClock(Date.UTC(2026, 0, 10, 22));
  const agent = scriptedAgent();
  {
    await using bare = await bareGateway({
      clock,
      policy: daily,
      agent,
      dataDir: folder.path,
      limits: { drainMs: 0, maxConcurrentTurns: 1 },
    });
    await bare.say("c", "good evening");
    await until("it runs", () => agent.running.length === 1);
    agent.running[0]?.answer("hi");
    await answered(bare, 1);
    await clock.advance(MINUTE_MS);
    await bare.say("other", "busy");
    await until("it runs", () => agent.running.length === 1);
    await bare.say("c", "one more thing");
  }
  await clock.advance(11 * HOUR_MS);
  await using bare = await bareGateway({ clock, policy: daily, agent: echoAgent(), dataDir: folder.path });
  await answered(bare, 2);
  const sessions = bare.store.listSessions({ chatId: "c" }).sessions;
  assert.equal(sessions.length, 1);
  assert.equal(sessions[0]?.messageCount, 4);
});

test("a daemon that was down over a boundary catches up at its start", async () => {
  using folder = tempDir();
  const clock = fakeClock(Date.UTC(2026, 0, 10, 12));
  {
    await using bare = await bareGateway({ clock, policy: daily, dataDir: folder.path });
    for (let chat = 0; chat < 450; chat++) await bare.say(`c${chat}`, "hello");
    await answered(bare, 450);
  }
  clock.jumpWallClock(Date.UTC(2026, 0, 12, 12));
  await using bare = await bareGateway({ clock, policy: daily, dataDir: folder.path });
  const { watcher, ended } = watch(bare, clock);
  using _ = watcher;
  await until("all are ended", () => ended.length === 450);
  assert.equal(new Set(ended).size, 450);
});

test("a suspended machine is caught up with within half a minute of waking, and a clock set back ends nothing", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 10, 12));
  await using bare = await bareGateway({ clock, policy: daily });
  const { watcher, ended } = watch(bare, clock);
  using _ = watcher;
  await bare.say("c", "hello");
  await answered(bare, 1);
  clock.jumpWallClock(Date.UTC(2026, 0, 9, 12));
  await clock.advance(MINUTE_MS);
  assert.deepEqual(ended, []);
  clock.jumpWallClock(Date.UTC(2026, 0, 11, 9));
  await clock.advance(30_000);
  await until("it is ended", () => ended.length === 1);
});

test("on the night the clocks change, four o'clock is four o'clock", async () => {
  // Europe/Berlin, 29 March 2026: 02:00 becomes 03:00, so 04:00 local is 02:00 UTC.
  const clock = fakeClock(Date.UTC(2026, 2, 28, 20));
  await using bare = await bareGateway({ clock, policy: daily });
  const { watcher, ended } = watch(bare, clock);
  using _ = watcher;
  await bare.say("c", "hello");
  await answered(bare, 1);
  await clock.advance(6 * HOUR_MS - 1);
  assert.deepEqual(ended, []);
  await clock.advance(1);
  await until("it is ended", () => ended.length === 1);
});

test("grace: who writes around the boundary carries the conversation over it", async () => {
  const boundary = Date.UTC(2026, 0, 11, 3); // 04:00 in Berlin
  const clock = fakeClock(boundary - 10 * MINUTE_MS);
  await using bare = await bareGateway({ clock, policy: daily });
  const { watcher, ended } = watch(bare, clock);
  using _ = watcher;
  await bare.say("c", "late");
  await answered(bare, 1);
  await clock.advance(14 * MINUTE_MS);
  await bare.say("c", "still here");
  await answered(bare, 2);
  await clock.advance(20 * HOUR_MS);
  assert.deepEqual(ended, []);
  await clock.advance(4 * HOUR_MS);
  await until("the next boundary ends it", () => ended.length === 1);
});

test("an earlier reset that appears wakes the watcher", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 10, 12));
  let watcher: ReturnType<typeof watch>["watcher"] | null = null;
  await using bare = await bareGateway({
    clock,
    policy: { ...idle, idleMinutes: 1 },
    onDueAt: (atMs) => watcher?.expect(atMs),
  });
  const watching = watch(bare, clock);
  watcher = watching.watcher;
  using _ = watching.watcher;
  await clock.advance(15_000);
  await bare.say("c", "hello");
  await answered(bare, 1);
  await clock.advance(MINUTE_MS + 1);
  await until("it is ended at once", () => watching.ended.length === 1);
});
