import assert from "node:assert/strict";
import { test } from "node:test";
import { commitSession } from "../../src/memory/commit-session.ts";
import { selectLatestArchive, selectLiveArchives, selectMergedArchives } from "../../src/store/archives.ts";
import { type LifecycleWorld, lifecycleWorld, numbered } from "../support/lifecycle-world.ts";

const now = { reason: "test" };

/** Commits until there are ten archives; the tenth is merged with others, unless `sabotage` is there. */
async function tenArchives(world: LifecycleWorld, sabotage: boolean) {
  const session = await world.open();
  const fault = "CREATE TRIGGER fault BEFORE UPDATE OF merged_into ON archives BEGIN SELECT RAISE(ABORT, 'fault'); END";
  if (sabotage) await world.store.write((tx) => tx.run({ compiled: () => ({ sql: fault, names: [] }) }, {}));
  for (let round = 0; round < 10; round += 1) {
    await world.say(session, ...numbered(round * 12 + 1, round * 12 + 12));
    assert.ok((await commitSession(world.lifecycle, session.sessionId, now)).ok);
  }
  return session;
}

test("of ten archives the oldest five become one that stands for them, and the latest stays the latest", async () => {
  await using world = await lifecycleWorld();
  const session = await tenArchives(world, false);
  const { reader } = world.store;
  const live = selectLiveArchives(reader, session.row);
  assert.deepEqual(
    live.map(({ merges }) => merges),
    [5, 0, 0, 0, 0, 0],
  );
  const merged = live[0];
  assert.ok(merged);
  const children = selectMergedArchives(reader, merged.row);
  assert.deepEqual([merged.fromSeq, merged.toSeq], [1, children.at(-1)?.toSeq]);
  assert.equal(selectLatestArchive(reader, session.row)?.overview, "S10");
  assert.equal(world.store.transcript(session.sessionId, { limit: 1_000 }).length, 120);
  assert.ok((merged.abstract.length ?? 999) <= 100);
});

test("a fault while archives are merged leaves all ten as they were", async () => {
  await using world = await lifecycleWorld();
  const session = await tenArchives(world, true);
  assert.equal(selectLiveArchives(world.store.reader, session.row).length, 10);
  assert.ok(world.failures.some((failure) => failure.startsWith("merge")));
});
