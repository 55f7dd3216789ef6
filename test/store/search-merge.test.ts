import assert from "node:assert/strict";
import { test } from "node:test";
import { openSearchMerge } from "../../src/store/search-merge.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { dmSource, line, NOON_MS, rowsOf, testStore } from "../support/test-store.ts";

/** A connection whose index needs `steps` more steps. */
function indexOf(steps: number) {
  let left = steps;
  const pages: number[] = [];
  return {
    pages,
    connection: {
      mergeSearchIndex(count: number) {
        pages.push(count);
        left -= 1;
        return left > 0;
      },
    },
  };
}

test("merging waits for a quiet moment, goes on until nothing is left, and stops", async () => {
  const clock = fakeClock(NOON_MS);
  const { connection, pages } = indexOf(5);
  const merge = openSearchMerge(connection, clock, (error) => assert.fail(String(error)));
  assert.equal(clock.timerCount(), 0);
  for (let n = 0; n < 10; n++) {
    merge.wrote();
    await clock.advance(100);
  }
  assert.equal(pages.length, 0, "somebody is writing");
  await clock.advance(5_000);
  assert.equal(pages.length, 5);
  assert.equal(clock.timerCount(), 0);
  merge.wrote();
  await clock.advance(5_000);
  assert.equal(pages.length, 6);
  merge.wrote();
  merge.close();
  assert.equal(clock.timerCount(), 0);
});

test("a step that fails is told, and tried again after the next write", async () => {
  const clock = fakeClock(NOON_MS);
  const told: unknown[] = [];
  const merge = openSearchMerge(
    {
      mergeSearchIndex() {
        throw new Error("no room");
      },
    },
    clock,
    (error) => told.push(error),
  );
  merge.wrote();
  await clock.advance(5_000);
  assert.equal(told.length, 1);
  merge.wrote();
  await clock.advance(5_000);
  assert.equal(told.length, 2);
  assert.equal(clock.timerCount(), 0);
});

test("a real index gets smaller when nobody writes, and finds the same", async () => {
  await using opened = await testStore();
  const { store, clock } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  for (let n = 0; n < 120; n++) await store.appendMessages(session.sessionId, [line(`common word${n}`)]);
  const segments = () => rowsOf(store.reader, "SELECT count(DISTINCT segid) AS n FROM messages_fts_idx")[0]?.n;
  const before = Number(segments());
  await clock.advance(60_000);
  assert.ok(Number(segments()) < before, `${before} segments before, ${String(segments())} after`);
  assert.equal(store.search("common", { limit: 100 }).length, 100);
  assert.equal(store.search("word77", { limit: 5 }).length, 1);
  assert.deepEqual(store.integrityProblems(), []);
  assert.equal(clock.timerCount(), 0);
});
