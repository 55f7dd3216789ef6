import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { applyLifecycleRules } from "../../src/memory/apply-lifecycle-rules.ts";
import { collectGarbage } from "../../src/memory/collect-garbage.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import { promoteChain } from "../../src/memory/promote-chain.ts";
import { refreshSession } from "../../src/memory/refresh-session.ts";
import { remember } from "../../src/memory/remember.ts";
import { forget } from "../../src/memory/set-aside.ts";
import { formatScope } from "../../src/session/memory-scope.ts";
import { markDelivered, selectDueDeliveries } from "../../src/store/hook-deliveries.ts";
import { defaultLifecycleRules } from "../../src/store/lifecycle-rules.ts";
import type { Session } from "../../src/store/session.ts";
import { claimOf, type LifecycleWorld, lifecycleWorld, numbered } from "../support/lifecycle-world.ts";
import { dmSource, mirrorPath, rowsOf } from "../support/test-store.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const collect = (world: LifecycleWorld) => collectGarbage({ store: world.store, clock: world.clock });
const count = (world: LifecycleWorld, from: string) =>
  rowsOf(world.store.reader, `SELECT COUNT(*) AS n FROM ${from}`)[0]?.n;

/** A session with an archive and a promoted memory that ended just now, and a newer live one behind it. */
async function ended(world: LifecycleWorld): Promise<Session> {
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  world.claims.push([claimOf("Prefers tea"), claimOf("Perhaps likes jazz", { confidence: 0.2 })]);
  assert.ok((await commitSession(world.lifecycle, session.sessionId, { reason: "test" })).ok);
  await world.store.resetSession(session.sessionKey, "reset", world.clock.nowMs());
  await world.store.write((tx) => promoteChain(tx, world.row(session), world.clock.nowMs()));
  return session;
}

test("a session is purged 720 hours after it ended, whenever it was active last, with all but what was promoted", async () => {
  await using world = await lifecycleWorld();
  const old = await world.open(dmSource("old"));
  await world.clock.advance(10 * DAY_MS);
  const session = await ended(world);
  await world.store.resetSession(old.sessionKey, "new", world.clock.nowMs());
  await world.clock.advance(719 * HOUR_MS);
  assert.deepEqual((await collect(world)).purged, []);
  assert.equal(world.store.transcript(session.sessionId, { limit: 50 }).length, 12);
  await world.clock.advance(2 * HOUR_MS);
  const purged = (await collect(world)).purged.toSorted();
  assert.deepEqual(purged, [session.sessionId, old.sessionId].toSorted());
  assert.equal(world.store.session(session.sessionId), null);
  for (const table of ["archives", "windows", "extractions", "messages"]) assert.equal(count(world, table), 0, table);
  assert.deepEqual(rowsOf(world.store.reader, "SELECT content FROM memory_nodes"), [{ content: "Prefers tea" }]);
  // The file goes first, then the tombstone.
  await world.clock.advance(HOUR_MS);
  assert.equal(existsSync(mirrorPath(world.dataDir, session.sessionId)), false);
  assert.deepEqual((await collect(world)).purged, []);
  assert.equal(count(world, "sessions WHERE live = 0"), 0);
  assert.equal(count(world, "lifecycle_jobs"), 0);
  assert.deepEqual(world.store.integrityProblems(), []);
});

test("a purge that dies after any of its transactions goes on at the next run", async () => {
  for (let survived = 1; survived <= 4; survived += 1) {
    await using world = await lifecycleWorld();
    const session = await ended(world);
    await world.clock.advance(31 * DAY_MS);
    const { write } = world.store;
    let writes = 0;
    const dying = {
      ...world.store,
      write: <T>(work: Parameters<typeof write<T>>[0]) => {
        writes += 1;
        return writes > survived ? Promise.reject(new Error("dead")) : write<T>(work);
      },
    };
    await assert.rejects(collectGarbage({ store: dying, clock: world.clock }), /dead/);
    const left = count(world, `messages WHERE session = ${session.row}`);
    assert.ok(left === 0 || left === 12);
    await collect(world);
    assert.equal(count(world, "messages"), 0);
    assert.equal(world.store.session(session.sessionId), null);
  }
});

test("a copy that can't be taken keeps the session, and one that somebody went back to is not purged", async () => {
  await using world = await lifecycleWorld();
  const session = await ended(world);
  await world.clock.advance(31 * DAY_MS);
  const beforePurge = () => Promise.reject(new Error("no room"));
  const failed = await collectGarbage({ store: world.store, clock: world.clock, beforePurge });
  assert.deepEqual([failed.purged, failed.kept.map(({ sessionId }) => sessionId)], [[], [session.sessionId]]);
  const copied: string[] = [];
  const result = await collectGarbage({
    store: world.store,
    clock: world.clock,
    beforePurge: async ({ session_id: sessionId }) => {
      copied.push(sessionId);
      await world.store.switchSession(session.sessionKey, sessionId, world.clock.nowMs());
    },
  });
  assert.deepEqual([copied, result.purged], [[session.sessionId], []]);
  assert.equal(world.store.liveSession(session.sessionKey)?.sessionId, session.sessionId);
  assert.deepEqual(rowsOf(world.store.reader, "SELECT purge_after_ms FROM sessions WHERE live = 1"), [
    { purge_after_ms: null },
  ]);
});

test("another retention counts from when it came into force, and without one nothing is purged", async () => {
  await using world = await lifecycleWorld();
  const session = await ended(world);
  await world.clock.advance(29 * DAY_MS);
  await applyLifecycleRules(world.store, { ...defaultLifecycleRules, retentionMs: null });
  await world.clock.advance(365 * DAY_MS);
  assert.deepEqual((await collect(world)).purged, []);
  await applyLifecycleRules(world.store, { ...defaultLifecycleRules, retentionMs: DAY_MS });
  assert.deepEqual((await collect(world)).purged, []);
  await world.clock.advance(DAY_MS);
  assert.deepEqual((await collect(world)).purged, [session.sessionId]);
});

test("jobs go after 7 days, what was forgotten and delivered after 30, and nodes that nothing has", async () => {
  await using world = await lifecycleWorld();
  const { store, clock } = world;
  const hook = { name: "log", kinds: ["memory.refreshed"] } as const;
  await applyLifecycleRules(store, { retentionMs: null, hooks: [{ ...hook, kinds: [...hook.kinds] }] });
  const session = await world.open();
  await world.say(session, "m1");
  await refreshSession(world.lifecycle, session.sessionId, { reason: "test" });
  const scope = formatScope({ kind: "global" });
  await store.write((tx) => {
    for (const delivery of selectDueDeliveries(tx, clock.nowMs(), 9)) markDelivered(tx, delivery, clock.nowMs());
    const telling = { scope, content: "Prefers tea", bucket: "preference", author: null, source: null } as const;
    const made = remember(tx, telling, clock.nowMs());
    assert.ok(made.kind === "remembered" && forget(tx, made.placement.id, clock.nowMs()));
    const orphan = `INSERT INTO memory_nodes VALUES ('${"a".repeat(64)}', 'leaf', 'orphan', '[]', 0)`;
    tx.run({ compiled: () => ({ sql: orphan, names: [] }) }, {});
  });
  const swept = async () => {
    const { jobs, memories, nodes, deliveries } = await collect(world);
    return { jobs, memories, nodes, deliveries };
  };
  assert.deepEqual(await swept(), { jobs: 0, memories: 0, nodes: 1, deliveries: 0 });
  await clock.advance(7 * DAY_MS + 1);
  assert.deepEqual(await swept(), { jobs: 1, memories: 0, nodes: 0, deliveries: 0 });
  await clock.advance(23 * DAY_MS);
  assert.deepEqual(await swept(), { jobs: 0, memories: 1, nodes: 0, deliveries: 1 });
  for (const table of ["lifecycle_events", "hook_deliveries", "memory_nodes", "memory_placements"])
    assert.equal(count(world, table), 0, table);
});
