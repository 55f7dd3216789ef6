import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { searchMessages } from "../../src/store/search.ts";
import { isIndexBehind, MAX_STEP_LINES } from "../../src/store/search-index.ts";
import { openConnection } from "../../src/store/sqlite.ts";
import type { SessionStore } from "../../src/store/store.ts";
import type { Commit } from "../../src/store/writer.ts";
import { tempDir } from "../support/temp-dir.ts";
import {
  copyDatabase,
  dmSource,
  line,
  NOON_MS,
  openTestStore,
  rowsOf,
  testStore,
  untilStill,
} from "../support/test-store.ts";
import { until } from "../support/until.ts";

async function sessionIn(store: SessionStore): Promise<string> {
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  return session.sessionId;
}

/** How many lines the index itself has. */
function indexedIn(store: SessionStore): number {
  return Number(rowsOf(store.reader, "SELECT count(*) AS n FROM messages_fts_docsize")[0]?.n);
}

test("lines are indexed together a moment after they were stored, and by themselves", async () => {
  await using opened = await testStore();
  const { store, clock } = opened;
  const id = await sessionIn(store);
  for (const word of ["one", "two", "three"]) await store.appendMessages(id, [line(word)]);
  assert.equal(indexedIn(store), 0);
  assert.equal(isIndexBehind(store.reader), true);
  await clock.advance(250);
  await until("the lines are indexed", () => indexedIn(store) === 3);
  assert.equal(rowsOf(store.reader, "SELECT count(DISTINCT segid) AS n FROM messages_fts_idx")[0]?.n, 1);
  assert.equal(isIndexBehind(store.reader), false);
});

test("a search finds what was stored before it, and so do two at once", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const id = await sessionIn(store);
  for (let n = 0; n < 5; n++) {
    await store.appendMessages(id, [line(`word${n}`)]);
    const counts = await Promise.all([0, 1].map(async () => (await store.search(`word${n}`, { limit: 9 })).length));
    assert.deepEqual(counts, [1, 1]);
  }
});

test("many lines and long ones are indexed in steps, each in a transaction of its own, and all of them once", async () => {
  const commits: Commit[] = [];
  await using opened = await testStore({ events: { committed: (commit) => commits.push(commit) } });
  const { store } = opened;
  const id = await sessionIn(store);
  const many = Array.from({ length: 2 * MAX_STEP_LINES + 1 }, (_, n) => line(`common word${n}`));
  const long = Array.from({ length: 3 }, (_, n) => line(`common ${"x ".repeat(100_000)}long${n}`));
  await store.appendMessages(id, [...many, ...long]);
  commits.length = 0;
  assert.equal((await store.search("long2", { limit: 1 })).length, 1);
  assert.ok(commits.length >= 5, `${commits.length} transactions`);
  assert.equal(indexedIn(store), many.length + long.length);
  for (const n of [0, MAX_STEP_LINES - 1, MAX_STEP_LINES, 2 * MAX_STEP_LINES]) {
    assert.equal((await store.search(`word${n}`, { limit: 9 })).length, 1, `word${n}`);
  }
});

test("segments are merged as lines come, a few pages at a time: many never wait to be merged at once", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const id = await sessionIn(store);
  const segments = () => Number(rowsOf(store.reader, "SELECT count(DISTINCT segid) AS n FROM messages_fts_idx")[0]?.n);
  let most = 0;
  for (let n = 0; n < 150; n++) {
    await store.appendMessages(id, [line(`common word${n}`)]);
    await store.search("common", { limit: 1 });
    most = Math.max(most, segments());
  }
  assert.ok(most > 1 && most < 20, `${most} segments`);
});

test("what a process that died had not indexed is found after the next start, without a search or a message", async () => {
  await using opened = await testStore();
  const id = await sessionIn(opened.store);
  await opened.store.appendMessages(id, [line("apple")]);
  using folder = tempDir();
  copyDatabase(opened.dataDir, folder.path);
  await using next = await openTestStore(folder.path, opened.clock);
  assert.equal(indexedIn(next), 0);
  await opened.clock.advance(250);
  await until("the line is indexed", () => indexedIn(next) === 1);
  assert.equal((await next.search("apple", { limit: 9 })).length, 1);
});

test("lines dropped before or after they were indexed are not found, and those that take their row numbers are", async () => {
  for (const isIndexed of [false, true]) {
    await using opened = await testStore();
    const { store } = opened;
    const id = await sessionIn(store);
    await store.appendMessages(id, [line("kept"), line("apple"), line("banana")]);
    if (isIndexed) await store.search("kept", { limit: 1 });
    await store.rewriteTranscript(id, [line("kept")]);
    await store.appendMessages(id, [line("cherry"), line("date"), line("elder")]);
    const rows = rowsOf(store.reader, "SELECT id FROM messages ORDER BY id").map((row) => row.id);
    assert.deepEqual(rows, [1, 2, 3, 4], "numbers are used again");
    const found = async (word: string) => (await store.search(word, { limit: 9 })).length;
    for (const word of ["kept", "cherry", "date", "elder"]) assert.equal(await found(word), 1, word);
    for (const word of ["apple", "banana"]) assert.equal(await found(word), 0, word);
    assert.equal(indexedIn(store), 4);
  }
});

test("whoever may only read finds what is not indexed yet, in order, page by page, and nothing twice", async () => {
  await using opened = await testStore();
  const { store, dataDir } = opened;
  const id = await sessionIn(store);
  await store.appendMessages(id, [line("word 1"), line("word 2"), line("other")]);
  await store.search("word", { limit: 1 });
  await store.appendMessages(id, [line("word 北京 4"), line("wording 5"), line("word 6")]);
  const reader = openConnection(join(dataDir, "parley.db"), "read");
  try {
    for (let round = 0; round < 2; round++) {
      const find = (text: string, before?: number, limit = 9) =>
        searchMessages(reader, text, { limit, ...(before === undefined ? {} : { before }) });
      const seqs = (text: string) => find(text).map(({ message }) => message.seq);
      assert.deepEqual(seqs("word"), [6, 5, 4, 2, 1]);
      assert.deepEqual(seqs("京"), [4]);
      const pages: number[] = [];
      for (let before: number | undefined; ; ) {
        const [hit] = find("word", before, 1);
        if (hit === undefined) break;
        pages.push(hit.message.seq);
        before = hit.cursor;
      }
      assert.deepEqual(pages, [6, 4, 2, 1]);
      assert.equal(isIndexBehind(reader), true, "nothing was written");
    }
    await untilStill(opened);
    assert.deepEqual(
      searchMessages(reader, "word", { limit: 9 }).map(({ message }) => message.seq),
      [6, 5, 4, 2, 1],
    );
  } finally {
    reader.close();
  }
});

test("a database of a version that indexed with each line is taken as indexed", async () => {
  await using opened = await testStore();
  const id = await sessionIn(opened.store);
  await opened.store.appendMessages(id, [line("apple")]);
  await opened.store.search("apple", { limit: 1 });
  using folder = tempDir();
  copyDatabase(opened.dataDir, folder.path);
  const before = openConnection(join(folder.path, "parley.db"), "write");
  for (const sql of ["DELETE FROM meta WHERE name = 'indexed_through'", "PRAGMA user_version = 6"]) {
    before.run({ compiled: () => ({ sql, names: [] }) }, {});
  }
  before.close();
  await using next = await openTestStore(folder.path, opened.clock);
  assert.equal(isIndexBehind(next.reader), false);
  assert.equal((await next.search("apple", { limit: 9 })).length, 1);
});
