import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { collectGarbage } from "../../src/memory/collect-garbage.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import { exportSession } from "../../src/memory/export-session.ts";
import { refreshSession } from "../../src/memory/refresh-session.ts";
import { importIndex } from "../../src/store/import-index.ts";
import type { Session } from "../../src/store/session.ts";
import { claimOf, type LifecycleWorld, lifecycleWorld, numbered } from "../support/lifecycle-world.ts";
import { tempDir } from "../support/temp-dir.ts";
import { testStore } from "../support/test-store.ts";

const DAY_MS = 24 * 60 * 60_000;
const isWindows = process.platform === "win32";

async function ended(world: LifecycleWorld): Promise<Session> {
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  world.claims.push([claimOf("Prefers tea", { confidence: 0.5 })]);
  await refreshSession(world.lifecycle, session.sessionId, { reason: "test" });
  await commitSession(world.lifecycle, session.sessionId, { reason: "test" });
  await world.store.resetSession(session.sessionKey, "reset", world.clock.nowMs());
  return session;
}

const collect = (world: LifecycleWorld, folder: string) =>
  collectGarbage({
    store: world.store,
    clock: world.clock,
    beforePurge: (session) => exportSession(world.store.reader, folder, session),
  });

test("what is purged is in the folder before, for its owner alone, and can be imported again", async () => {
  using folder = tempDir();
  await using world = await lifecycleWorld();
  const session = await ended(world);
  world.clock.jumpWallClock(world.clock.nowMs() + 31 * DAY_MS);
  const out = join(folder.path, "not", "there", "yet");
  assert.deepEqual((await collect(world, out)).purged, [session.sessionId]);
  assert.equal(world.store.session(session.sessionId), null);
  const names = [`${session.sessionId}.json`, `${session.sessionId}.jsonl`];
  assert.deepEqual(readdirSync(out).toSorted(), names);
  if (!isWindows) {
    for (const name of names) assert.equal(statSync(join(out, name)).mode & 0o777, 0o600, name);
    assert.equal(statSync(out).mode & 0o777, 0o700);
  }
  const index = JSON.parse(readFileSync(join(out, `${session.sessionId}.json`), "utf8"));
  const [entry] = index[session.sessionKey].ended_sessions;
  assert.deepEqual([entry.archives[0].overview, entry.archives[0].to_seq], ["S1", 7]);
  assert.deepEqual([entry.memories[0].content, entry.memories[0].state], ["Prefers tea", "preliminary"]);
  await using other = await testStore();
  const report = await importIndex(other.store, index, out, { timeZone: "UTC" });
  assert.deepEqual([report.imported, report.messages, report.skipped, report.lines], [1, 12, [], []]);
  assert.deepEqual(
    other.store.transcript(session.sessionId, { limit: 50 }).map(({ content }) => content.replace(/\.+$/, "")),
    numbered(1, 12),
  );
});

test("a copy that can't be written keeps all of the session, says which file, and is made at the next time", async () => {
  using folder = tempDir();
  await using world = await lifecycleWorld();
  const session = await ended(world);
  world.clock.jumpWallClock(world.clock.nowMs() + 31 * DAY_MS);
  const out = join(folder.path, "purged");
  writeFileSync(out, "in the way");
  const failed = await collect(world, out);
  assert.deepEqual([failed.purged, failed.kept.length], [[], 1]);
  assert.match(String(failed.kept[0]?.error), /purged/);
  assert.equal(world.store.transcript(session.sessionId, { limit: 50 }).length, 12);
  const elsewhere = join(folder.path, "elsewhere");
  // The index can't be written where a folder has its name: the lines alone are no copy.
  mkdirSync(join(elsewhere, `${session.sessionId}.json`), { recursive: true });
  const half = await collect(world, elsewhere);
  assert.deepEqual(half.purged, []);
  assert.match(String(half.kept[0]?.error), new RegExp(`${session.sessionId}\\.json: could not be written`));
  assert.equal(existsSync(join(elsewhere, `${session.sessionId}.json.tmp`)), false);
  const good = join(folder.path, "good");
  assert.deepEqual((await collect(world, good)).purged, [session.sessionId]);
  assert.equal(
    readFileSync(join(good, `${session.sessionId}.jsonl`), "utf8")
      .trim()
      .split("\n").length,
    12,
  );
});

test("a purge that dies after any of its transactions leaves the first copy, which is whole", async () => {
  for (const survived of [0, 1, 2]) {
    using folder = tempDir();
    await using world = await lifecycleWorld();
    const session = await ended(world);
    world.clock.jumpWallClock(world.clock.nowMs() + 31 * DAY_MS);
    const { write } = world.store;
    let writes = 0;
    const dying: LifecycleWorld = {
      ...world,
      store: {
        ...world.store,
        write: <T>(work: Parameters<typeof write<T>>[0]) => {
          writes += 1;
          // The first one dates sessions.
          return writes > survived + 1 ? Promise.reject(new Error("dead")) : write<T>(work);
        },
      },
    };
    await assert.rejects(async () => {
      const { kept } = await collect(dying, folder.path);
      throw new Error(String(kept[0]?.error));
    }, /dead/);
    await collect(world, folder.path);
    const index = JSON.parse(readFileSync(join(folder.path, `${session.sessionId}.json`), "utf8"));
    const [entry] = index[session.sessionKey].ended_sessions;
    assert.deepEqual([entry.archives.length, entry.memories.length, entry.message_count], [1, 1, 12], `${survived}`);
  }
});

test("what a person deleted is in no copy", async () => {
  using folder = tempDir();
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 3));
  await world.store.deleteSession(session.sessionId, world.clock.nowMs());
  world.clock.jumpWallClock(world.clock.nowMs() + 31 * DAY_MS);
  await collect(world, folder.path);
  assert.deepEqual(readdirSync(folder.path), []);
});
