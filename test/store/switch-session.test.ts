import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionSource } from "../../src/session/source.ts";
import type { SessionRules } from "../../src/store/resolve-session.ts";
import { dmSource, groupSource, line, NOON_MS, testRules, testStore, threadSource } from "../support/test-store.ts";

test("going back reopens the earlier session with its lines, and the one left stays resumable", async () => {
  await using opened = await testStore({ rules: testRules({ mode: "idle", idleMinutes: 60 }) });
  const { store } = opened;
  const { session: old } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(old.sessionId, [line("a")]);
  const fresh = await store.resetSession(old.sessionKey, "new", NOON_MS + 1);
  assert.ok(fresh !== null);

  assert.equal(await store.switchSession(old.sessionKey, old.sessionId, NOON_MS + 2), "switched");
  const now = store.session(old.sessionId);
  assert.deepEqual(
    {
      live: now?.live,
      reason: now?.endReason,
      ended: now?.endedAtMs,
      active: now?.lastActiveMs,
      next: now?.nextResetAtMs,
    },
    { live: true, reason: null, ended: null, active: NOON_MS + 2, next: NOON_MS + 3 + 60 * 60_000 },
  );
  assert.equal(store.session(fresh.sessionId)?.endReason, "archive");
  assert.equal(await store.appendMessages(old.sessionId, [line("b")]), 1);
  assert.equal(store.transcript(old.sessionId, { limit: 9 }).length, 2);

  assert.equal(await store.switchSession(old.sessionKey, old.sessionId, NOON_MS + 3), "already_live");
  assert.equal(await store.switchSession(old.sessionKey, fresh.sessionId, NOON_MS + 4), "switched", "and forth");
  assert.equal(store.liveSession(old.sessionKey)?.sessionId, fresh.sessionId);
});

test("a session that is not there, or was deleted, cannot be gone back to", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  assert.equal(await store.switchSession(session.sessionKey, "20200101_000000_00000000", NOON_MS), "not_found");
  await store.deleteSession(session.sessionId, NOON_MS);
  assert.equal(await store.switchSession(session.sessionKey, session.sessionId, NOON_MS), "not_found");
});

const others: readonly (readonly [what: string, mine: SessionSource, theirs: SessionSource])[] = [
  ["another chat", dmSource("1"), dmSource("2")],
  ["another person of the group", groupSource("g", "ann"), groupSource("g", "bob")],
  ["another thread", threadSource("C", "1"), threadSource("C", "2")],
  ["another account", dmSource("1"), dmSource("1", { account: "work" })],
];
for (const [what, mine, theirs] of others) {
  test(`a session of ${what} is not one's own, live or ended`, async () => {
    await using opened = await testStore();
    const { store } = opened;
    const { session: my } = await store.resolveSession(mine, NOON_MS);
    const { session: their } = await store.resolveSession(theirs, NOON_MS);
    assert.equal(await store.switchSession(my.sessionKey, their.sessionId, NOON_MS), "not_yours");
    await store.resetSession(their.sessionKey, "new", NOON_MS);
    assert.equal(await store.switchSession(my.sessionKey, their.sessionId, NOON_MS), "not_yours");
    assert.equal(store.liveSession(my.sessionKey)?.sessionId, my.sessionId);
  });
}

test("a person finds earlier sessions of the same place after the key's rules changed, nobody else does", async () => {
  await using first = await testStore();
  const thread = threadSource("C", "7");
  const perUser: SessionRules = testRules({}, { threadSessionsPerUser: true });
  await using second = await testStore({ dataDir: first.dataDir, rules: perUser });
  const { session: ann } = await second.store.resolveSession(thread, NOON_MS);
  const { session: bob } = await second.store.resolveSession({ ...thread, userId: "bob" }, NOON_MS);
  assert.notEqual(ann.sessionKey, bob.sessionKey);
  await second.store.resetSession(ann.sessionKey, "new", NOON_MS);
  assert.equal(await second.store.switchSession(bob.sessionKey, ann.sessionId, NOON_MS), "not_yours");
  const { session: shared } = await first.store.resolveSession(thread, NOON_MS);
  assert.equal(
    await first.store.switchSession(shared.sessionKey, ann.sessionId, NOON_MS),
    "not_yours",
    "a shared session is nobody's: what one person said alone stays theirs",
  );
});

test("a person's session of the same chat can be gone back to when only the chat's kind has changed", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session: before } = await store.resolveSession(groupSource("g", "ann"), NOON_MS);
  await store.resetSession(before.sessionKey, "new", NOON_MS);
  const { session: now } = await store.resolveSession(groupSource("g", "ann", { chatType: "channel" }), NOON_MS);
  assert.notEqual(now.sessionKey, before.sessionKey);
  assert.equal(await store.switchSession(now.sessionKey, before.sessionId, NOON_MS), "switched");
  assert.equal(store.liveSession(now.sessionKey)?.sessionId, before.sessionId);
});
