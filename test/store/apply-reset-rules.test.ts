import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { dmSource, groupSource, NOON_MS, openTestStore, testRules } from "../support/test-store.ts";

const MINUTE_MS = 60_000;

test("changed rules move the next reset of every live session at the next start, and of no ended one", async () => {
  using folder = tempDir();
  const clock = fakeClock(NOON_MS);
  const first = await openTestStore(folder.path, clock, testRules({ mode: "idle", idleMinutes: 60 }));
  const { session: dm } = await first.resolveSession(dmSource("1"), NOON_MS);
  const { session: group } = await first.resolveSession(groupSource("g", "ann"), NOON_MS + 5);
  const { session: ended } = await first.resolveSession(dmSource("2"), NOON_MS);
  await first.resetSession(ended.sessionKey, "new", NOON_MS + 7);
  assert.equal(dm.nextResetAtMs, NOON_MS + 60 * MINUTE_MS + 1);
  await first[Symbol.asyncDispose]();

  const idle = testRules({ mode: "idle", idleMinutes: 10 }).resets;
  const rules = testRules();
  const second = await openTestStore(folder.path, clock, {
    keys: rules.keys,
    resets: { ...idle, byChatType: { group: rules.resets.default } },
  });
  assert.equal(second.session(dm.sessionId)?.nextResetAtMs, NOON_MS + 10 * MINUTE_MS + 1);
  assert.equal(second.session(group.sessionId)?.nextResetAtMs, null, "groups never reset now");
  assert.equal(second.session(ended.sessionId)?.nextResetAtMs, null);
  await second[Symbol.asyncDispose]();
});

test("all pages of sessions are moved, and a start with the same rules writes nothing", async () => {
  using folder = tempDir();
  const clock = fakeClock(NOON_MS);
  const first = await openTestStore(folder.path, clock, testRules());
  await Promise.all(Array.from({ length: 1_050 }, (_, n) => first.resolveSession(dmSource(String(n)), NOON_MS + n)));
  await first[Symbol.asyncDispose]();
  const rules = testRules({ mode: "idle", idleMinutes: 10 });
  const second = await openTestStore(folder.path, clock, rules);
  const { sessions } = second.listSessions({ limit: 500 });
  assert.ok(sessions.every((one) => one.nextResetAtMs === one.lastActiveMs + 10 * MINUTE_MS + 1));
  const oldest = second.listSessions({ activeToMs: NOON_MS + 40 }).sessions;
  assert.ok(oldest.length === 40 && oldest.every((one) => one.nextResetAtMs !== null));
  await second[Symbol.asyncDispose]();

  let commits = 0;
  const third = await openTestStore(folder.path, clock, rules, { committed: () => void commits++ });
  assert.equal(commits, 0);
  await third[Symbol.asyncDispose]();
});
