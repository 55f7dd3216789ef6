import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { SessionStore } from "../../src/store/store.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { tempDir } from "../support/temp-dir.ts";
import { dmSource, line, mirrorPath, mirrorText, NOON_MS, rowsOf, testStore } from "../support/test-store.ts";

const RETRY_MS = 15_000;
const MAX_TRIES = 2_000; // far more lines than any of these disks holds

const isFull = (error: unknown) =>
  error instanceof StoreError && error.kind === "full" && /Free some disk space/.test(error.message);

/** Lets the database grow by so many pages and no more, however many its schema takes. */
function leaveRoom(store: SessionStore, pages: number): void {
  const [size] = rowsOf(store.reader, "PRAGMA page_count");
  rowsOf(store.reader, `PRAGMA max_page_count = ${Number(size?.page_count) + pages}`);
}

/** Appends lines until one does not fit, and returns how many did. */
async function fillUp(store: SessionStore, sessionId: string): Promise<number> {
  const text = "some words that take room ".repeat(40);
  for (let stored = 0; stored < MAX_TRIES; stored++) {
    try {
      await store.appendMessages(sessionId, [line(`${stored} ${text}`)]);
    } catch (error) {
      assert.ok(isFull(error), String(error));
      return stored;
    }
  }
  assert.fail("the disk was never full");
}

/** Everything that was answered is there, and nothing else. */
async function assertIntact(store: SessionStore, sessionId: string, stored: number): Promise<void> {
  const rows = store.transcript(sessionId, { limit: 1_000 });
  assert.deepEqual(
    rows.map(({ seq, content }) => `${seq} ${content.split(" ")[0]}`),
    Array.from({ length: stored }, (_, n) => `${n + 1} ${n}`),
  );
  assert.equal((await store.search("words", { limit: 100 })).length, Math.min(stored, 100));
  assert.deepEqual(store.integrityProblems(), []);
}

test("a database that may not grow fails the write as full, keeps what was there, and goes on when there is room", async () => {
  await using opened = await testStore();
  const { store, dataDir } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  leaveRoom(store, 30);
  const stored = await fillUp(store, id);
  assert.ok(stored > 3);
  await assertIntact(store, id, stored);
  await assert.rejects(store.rewriteTranscript(id, [line("x ".repeat(500_000))]), isFull);
  await assertIntact(store, id, stored);
  assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));

  rowsOf(store.reader, "PRAGMA max_page_count = 100000");
  assert.equal(await store.appendMessages(id, [line(`${stored} words again`)]), 1);
  await assertIntact(store, id, stored + 1);
  assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
});

test("of the writes of one tick only those fail that do not fit", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  leaveRoom(store, 30);
  const results = await Promise.allSettled([
    store.setTitle(session.sessionId, "fits"),
    store.appendMessages(session.sessionId, [line("x".repeat(1_000_000))]),
    store.addTag(session.sessionId, "fits"),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.ok(results[1]?.status === "rejected" && isFull(results[1].reason));
  assert.equal(store.session(session.sessionId)?.title, "fits");
});

function runAsRoot(program: string, ...words: readonly string[]): void {
  execFileSync(program, words, { stdio: "ignore" });
}

/** Mounts a disk of its own for the test, or skips the test where that is not allowed. */
function mountedDisk(t: TestContext, path: string, size: string): boolean {
  mkdirSync(path, { recursive: true });
  try {
    runAsRoot("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path);
  } catch {
    t.skip("mounting a disk needs root; the tests above fill a database without one");
    return false;
  }
  return true;
}

function unmount(path: string): void {
  runAsRoot("umount", "-l", path);
}

/** Takes the last byte of a disk. */
function fillDisk(folder: string): { readonly free: () => void } {
  const path = join(folder, "filler");
  const fd = openSync(path, "w");
  let pieceBytes = 64 * 1024;
  while (pieceBytes >= 1) {
    try {
      if (writeSync(fd, Buffer.alloc(pieceBytes)) < pieceBytes) pieceBytes = Math.floor(pieceBytes / 2);
    } catch {
      pieceBytes = Math.floor(pieceBytes / 2);
    }
  }
  closeSync(fd);
  return { free: () => rmSync(path) };
}

test("a full disk fails the write, keeps what was there, and the store goes on by itself when there is room", async (t) => {
  using folder = tempDir();
  const disk = join(folder.path, "disk");
  if (!mountedDisk(t, disk, "2m")) return;
  try {
    await using opened = await testStore({ dataDir: join(disk, "data") });
    const { store, dataDir, clock } = opened;
    const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
    const id = session.sessionId;
    assert.equal(await store.appendMessages(id, [line("0 words")]), 1);
    const filler = fillDisk(disk);
    await assert.rejects(store.appendMessages(id, [line("x".repeat(100_000))]), isFull);
    await assertIntact(store, id, 1);
    filler.free();
    assert.equal(await store.appendMessages(id, [line("1 words")]), 1);

    const more = await fillUp(store, id);
    const rows = store.transcript(id, { limit: 1_000 });
    assert.equal(rows.length, 2 + more);
    assert.deepEqual(store.integrityProblems(), []);
    runAsRoot("mount", "-o", "remount,size=8m", disk);
    assert.equal(await store.appendMessages(id, [line("and on")]), 1);
    await clock.advance(2 * RETRY_MS);
    assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
    assert.deepEqual(store.integrityProblems(), []);
  } finally {
    unmount(disk);
  }
});

test("a disk that is full for the transcripts alone is told of once, and the files are mended when there is room", async (t) => {
  using folder = tempDir();
  const transcripts = join(folder.path, "transcripts");
  if (!mountedDisk(t, transcripts, "256k")) return;
  const failed: string[] = [];
  try {
    await using opened = await testStore({
      dataDir: folder.path,
      events: { mirrorFailed: (sessionId) => void failed.push(sessionId) },
    });
    const { store, dataDir, clock } = opened;
    const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
    const id = session.sessionId;
    await store.appendMessages(id, [line("a")]);
    const filler = fillDisk(transcripts);
    await store.appendMessages(id, [line("b".repeat(10_000))]);
    await store.appendMessages(id, [line("c")]);
    await store.rewriteTranscript(id, [line("a"), line("d".repeat(10_000))]);
    await clock.advance(3 * RETRY_MS);
    assert.deepEqual(failed, [id]);
    assert.equal(store.transcript(id, { limit: 9 }).length, 2);
    filler.free();
    await clock.advance(2 * RETRY_MS);
    assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
    await store.appendMessages(id, [line("e")]);
    assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
  } finally {
    unmount(transcripts);
  }
});
