import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { selectGreatestMessageRow } from "../../src/store/messages.ts";
import { selectMeta } from "../../src/store/meta.ts";
import { tempDir } from "../support/temp-dir.ts";
import {
  copyDatabase,
  dmSource,
  line,
  mirrorPath,
  mirrorText,
  NOON_MS,
  openTestStore,
  testStore,
} from "../support/test-store.ts";
import { until } from "../support/until.ts";

/** Longer than the mirror lets pass between two times at which it syncs. */
const SYNCED_AFTER_MS = 31_000;

/** What each kind of file system may leave of lines that were written and not synced. */
const losses: readonly (readonly [what: string, lose: (path: string, syncedBytes: number) => void])[] = [
  ["all of them", (path, syncedBytes) => truncateSync(path, syncedBytes)],
  ["a part of one", (path, syncedBytes) => truncateSync(path, syncedBytes + 9)],
  [
    "zeros in their place",
    (path, syncedBytes) => {
      const whole = readFileSync(path);
      writeFileSync(path, whole.fill(0, syncedBytes));
    },
  ],
  [
    "zeros in the middle of them",
    (path, syncedBytes) => {
      const whole = readFileSync(path);
      writeFileSync(path, whole.fill(0, syncedBytes, syncedBytes + 40));
    },
  ],
];
for (const [what, lose] of losses) {
  test(`lines whose file was not synced are mended after a power failure that left ${what}, however long ago they were written`, async () => {
    await using opened = await testStore();
    using left = tempDir();
    const { store, dataDir, clock } = opened;
    const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
    const id = session.sessionId;
    await store.appendMessages(id, [line("one"), line("two")]);
    await clock.advance(SYNCED_AFTER_MS);
    const isSynced = () =>
      Number(selectMeta(store.reader, "mirrored_through")) === selectGreatestMessageRow(store.reader);
    await until("the file is synced", async () => {
      await clock.advance(1_000);
      return isSynced();
    });
    const syncedBytes = Buffer.byteLength(mirrorText(store, id));
    for (let n = 0; n < 30; n++) await store.appendMessages(id, [line(`line ${n} that is on its way to the disk`)]);
    await clock.advance(5_000);
    assert.equal(isSynced(), false, "what is not synced does not count as mirrored");

    copyDatabase(dataDir, left.path);
    cpSync(join(dataDir, "transcripts"), join(left.path, "transcripts"), { recursive: true });
    lose(mirrorPath(left.path, id), syncedBytes);
    await using next = await openTestStore(left.path, clock);
    assert.equal(readFileSync(mirrorPath(left.path, id), "utf8"), mirrorText(next, id));
    assert.equal(next.transcript(id, { limit: 100 }).length, 32);
  });
}

test("a file that could not be synced is synced later, though nothing more is written, and does not count as mirrored before", async () => {
  let failures = 0;
  await using opened = await testStore({ events: { mirrorFailed: () => void failures++ } });
  const { store, dataDir, clock } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(session.sessionId, [line("one"), line("two")]);
  await clock.advance(1_000);
  const isSynced = () =>
    Number(selectMeta(store.reader, "mirrored_through")) === selectGreatestMessageRow(store.reader);
  const path = mirrorPath(dataDir, session.sessionId);
  renameSync(path, `${path}.away`);
  // What leads nowhere can't be opened, whoever asks.
  symlinkSync(path, path);
  await until("it has been tried", async () => {
    await clock.advance(SYNCED_AFTER_MS);
    return failures > 0;
  });
  assert.equal(isSynced(), false);
  renameSync(`${path}.away`, path);
  await until("the file is synced", async () => {
    await clock.advance(SYNCED_AFTER_MS);
    return isSynced();
  });
});

test("a store that was closed in order has its files on disk, and compares none at the next start", async () => {
  using folder = tempDir();
  const first = await testStore({ dataDir: folder.path });
  const { session } = await first.store.resolveSession(dmSource("1"), NOON_MS);
  await first.store.appendMessages(session.sessionId, [line("one")]);
  await first.store[Symbol.asyncDispose]();
  await using next = await openTestStore(folder.path, first.clock);
  assert.equal(Number(selectMeta(next.reader, "mirrored_through")), selectGreatestMessageRow(next.reader));
  assert.ok(existsSync(mirrorPath(folder.path, session.sessionId)));
});
