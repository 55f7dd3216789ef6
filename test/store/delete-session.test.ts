import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { StoreError } from "../../src/store/store-error.ts";
import { dmSource, line, mirrorPath, NOON_MS, rowsOf, testStore } from "../support/test-store.ts";

const gone = (error: unknown) => error instanceof StoreError && error.kind === "not_found";

test("a deleted session is gone from everything that can be asked, with its file and what was taken out of it", async () => {
  await using opened = await testStore();
  const { store, dataDir } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await store.appendMessages(id, [line("the combination is 1234")]);
  await store.setTitle(id, "Combination");
  await store.addTag(id, "secret");
  await store.setCustomData(id, { pin: 1234 });
  writeFileSync(mirrorPath(dataDir, id), `${readFileSync(mirrorPath(dataDir, id), "utf8")}an edited line\n`);
  const report = store.healTranscript(id);
  assert.ok(report.kind === "healed" && report.quarantineFile !== null);

  await store.deleteSession(id, NOON_MS + 1);
  assert.equal(store.session(id), null);
  assert.equal(store.liveSession(session.sessionKey), null);
  assert.deepEqual(store.listSessions({}).sessions, []);
  assert.deepEqual(await store.search("combination", { limit: 5 }), []);
  assert.deepEqual(store.stats().sessions, []);
  assert.equal(existsSync(mirrorPath(dataDir, id)), false);
  assert.equal(existsSync(report.quarantineFile), false);
  for (const act of [
    () => store.transcript(id, { limit: 1 }),
    () => store.tags(id),
    () => store.customData(id),
    () => store.healTranscript(id),
  ])
    assert.throws(act, gone);
  await assert.rejects(store.search("x", { limit: 1, sessionId: id }), gone);
  await assert.rejects(store.appendMessages(id, [line("x")]), gone);
  await assert.rejects(store.deleteSession(id, NOON_MS), gone);
  const everything = rowsOf(
    store.reader,
    "SELECT s.title, s.opening_note, s.message_count, t.tag, d.data, m.content FROM sessions s LEFT JOIN session_tags t ON t.session = s.id LEFT JOIN session_data d ON d.session = s.id LEFT JOIN messages m ON m.session = s.id",
  );
  assert.deepEqual(everything, [
    { title: null, opening_note: null, message_count: 0, tag: null, data: null, content: null },
  ]);
  assert.deepEqual(store.integrityProblems(), []);
});

test("after a deletion the next message opens a session without any word of the old one", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(session.sessionId, [line("secret")]);
  await store.deleteSession(session.sessionId, NOON_MS);
  const { session: next, reset } = await store.resolveSession(dmSource("1"), NOON_MS);
  assert.deepEqual({ reset, note: next.openingNote }, { reset: null, note: null });
  assert.equal(store.hasAnySessions(), true);
});

test("an ended session can be deleted, and the live one of its key goes on", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const fresh = await store.resetSession(session.sessionKey, "new", NOON_MS);
  await store.deleteSession(session.sessionId, NOON_MS);
  assert.deepEqual(
    store.listSessions({}).sessions.map(({ sessionId }) => sessionId),
    [fresh?.sessionId],
  );
  assert.deepEqual(store.stats().sessions, [{ platform: "telegram", live: true, count: 1 }]);
});
