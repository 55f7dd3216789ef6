import assert from "node:assert/strict";
import { test } from "node:test";
import { openQuietWork } from "../../src/store/quiet-work.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { dmSource, line, NOON_MS, rowsOf, testStore, untilStill } from "../support/test-store.ts";

/** A connection whose index needs `steps` more steps. */
function indexOf(steps: number) {
  let left = steps;
  const pages: number[] = [];
  const copies: number[] = [];
  return {
    pages,
    copies,
    connection: {
      checkpoint: () => void copies.push(pages.length),
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
  const { connection, pages, copies } = indexOf(5);
  const work = openQuietWork(connection, clock, (error) => assert.fail(String(error)));
  assert.equal(clock.timerCount(), 0);
  for (let n = 0; n < 10; n++) {
    work.wrote();
    await clock.advance(100);
  }
  assert.equal(pages.length, 0, "somebody is writing");
  await clock.advance(5_000);
  assert.equal(pages.length, 5);
  assert.deepEqual(copies, [5], "the log is copied once, after the last merge");
  assert.equal(clock.timerCount(), 0);
  work.wrote();
  await clock.advance(5_000);
  assert.equal(pages.length, 6);
  work.wrote();
  work.close();
  assert.equal(clock.timerCount(), 0);
});

test("a step that fails is told, and tried again after the next write", async () => {
  const clock = fakeClock(NOON_MS);
  const told: unknown[] = [];
  const work = openQuietWork(
    {
      mergeSearchIndex() {
        throw new Error("no room");
      },
      checkpoint: () => assert.fail("what did not merge is not copied"),
    },
    clock,
    (error) => told.push(error),
  );
  work.wrote();
  await clock.advance(5_000);
  assert.equal(told.length, 1);
  work.wrote();
  await clock.advance(5_000);
  assert.equal(told.length, 2);
  assert.equal(clock.timerCount(), 0);
});

test("a long write-ahead log is copied into the file when nobody writes, a short one is left", async () => {
  await using opened = await testStore();
  const { store, clock } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const waiting = () => {
    const [log] = rowsOf(store.reader, "PRAGMA wal_checkpoint(NOOP)");
    return Number(log?.log) - Number(log?.checkpointed);
  };
  await clock.advance(60_000);
  assert.ok(waiting() > 0, "a few pages are not worth two fsyncs");
  await store.appendMessages(session.sessionId, [line("x".repeat(6_000_000))]);
  assert.ok(waiting() > 1_000);
  await clock.advance(60_000);
  assert.ok(waiting() < 10, "what the mirror noted since");
  assert.equal(store.transcript(session.sessionId, { limit: 1 })[0]?.content.length, 6_000_000);
});

test("a real index gets smaller when nobody writes, and finds the same", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  for (let n = 0; n < 64; n++) {
    const words = Array.from({ length: 1_000 }, (_, m) => `w${n * 1_000 + m}`);
    await store.appendMessages(session.sessionId, [line(`common word${n} ${words.join(" ")}`)]);
    await store.search("common", { limit: 1 }); // which indexes it, and merges a little
  }
  const segments = () => rowsOf(store.reader, "SELECT count(DISTINCT segid) AS n FROM messages_fts_idx")[0]?.n;
  const before = Number(segments());
  await untilStill(opened);
  assert.ok(Number(segments()) < before, `${before} segments before, ${String(segments())} after`);
  assert.equal((await store.search("common", { limit: 100 })).length, 64);
  assert.equal((await store.search("word33", { limit: 5 })).length, 1);
  assert.deepEqual(store.integrityProblems(), []);
});
