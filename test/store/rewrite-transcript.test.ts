import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dmSource, line, mirrorPath, mirrorText, NOON_MS, rowsOf, testStore } from "../support/test-store.ts";

test("a rewrite keeps what is equal at the start, replaces the rest, and the file follows", async () => {
  await using opened = await testStore();
  const { store, dataDir } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await store.appendMessages(id, [line("a"), line("b"), line("c")]);
  const rowsBefore = rowsOf(store.reader, "SELECT id FROM messages ORDER BY seq");
  await store.rewriteTranscript(id, [line("a"), line("B"), line("d"), line("e")]);
  assert.deepEqual(
    store.transcript(id, { limit: 10 }).map(({ seq, content }) => `${seq}${content}`),
    ["1a", "2B", "3d", "4e"],
  );
  assert.deepEqual(rowsOf(store.reader, "SELECT id FROM messages WHERE seq = 1"), rowsBefore.slice(0, 1));
  assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
});

test("a rewrite to the same transcript changes no row, and one to nothing empties it", async () => {
  await using opened = await testStore();
  const { store, dataDir } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  const drafts = [line("a", { extra: { b: 1, a: 2 } }), line("b", { messageId: "m" })];
  await store.appendMessages(id, drafts);
  const before = rowsOf(store.reader, "SELECT * FROM messages");
  await store.rewriteTranscript(id, drafts);
  assert.deepEqual(rowsOf(store.reader, "SELECT * FROM messages"), before);
  await store.rewriteTranscript(id, []);
  assert.deepEqual(store.transcript(id, { limit: 10 }), []);
  assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), "");
  assert.equal(store.session(id)?.messageCount, 0);
});

test("a rewrite that fails half-way changes nothing, neither rows nor file", async () => {
  await using opened = await testStore();
  const { store, dataDir } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await store.appendMessages(id, [line("a"), line("b")]);
  const before = readFileSync(mirrorPath(dataDir, id), "utf8");
  await assert.rejects(store.rewriteTranscript(id, [line("x"), line("y", { atMs: Number.NaN })]));
  assert.deepEqual(
    store.transcript(id, { limit: 10 }).map(({ content }) => content),
    ["a", "b"],
  );
  assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), before);
  assert.equal((await store.search("b", { limit: 5 })).length, 1);
});
