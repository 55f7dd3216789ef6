import assert from "node:assert/strict";
import { test } from "node:test";
import { commitSession } from "../../src/memory/commit-session.ts";
import { memoryOf } from "../../src/memory/memory-of.ts";
import { remember } from "../../src/memory/remember.ts";
import { formatScope } from "../../src/session/memory-scope.ts";
import { selectArchives, selectLiveArchives, windowStart } from "../../src/store/archives.ts";
import { branchSession } from "../../src/store/branch-session.ts";
import { noteForgotten, selectForgottenAt } from "../../src/store/forgotten-marks.ts";
import { moveChat } from "../../src/store/move-chat.ts";
import type { Session } from "../../src/store/session.ts";
import { lastExchanges, takeBack } from "../../src/store/undo.ts";
import { type LifecycleWorld, lifecycleWorld, numbered } from "../support/lifecycle-world.ts";
import { line } from "../support/test-store.ts";

async function archived(world: LifecycleWorld, commits = 1): Promise<Session> {
  const session = await world.open();
  for (let count = 0; count < commits; count += 1) {
    await world.say(session, ...numbered(1, 12));
    assert.ok((await commitSession(world.lifecycle, session.sessionId, { reason: "test" })).ok);
  }
  return session;
}

test("what is archived is changed and removed by no statement, but with the whole session", async () => {
  await using world = await lifecycleWorld();
  const session = await archived(world);
  const run = (sql: string) => world.store.write((tx) => tx.run({ compiled: () => ({ sql, names: [] }) }, {}));
  for (const sql of [
    "DELETE FROM messages WHERE seq = 7",
    "UPDATE messages SET content = 'x' WHERE seq = 1",
    "UPDATE archives SET to_seq = 6",
    "DELETE FROM archives",
    "INSERT INTO archives (session, archive_id, from_seq, to_seq, overview, abstract, details, created_at_ms) SELECT session, 'x', 9, 10, '', '', '{}', 0 FROM archives",
    "INSERT INTO archives (session, archive_id, from_seq, to_seq, overview, abstract, details, created_at_ms) SELECT session, 'x', 8, 13, '', '', '{}', 0 FROM archives",
    "INSERT INTO archives (session, archive_id, from_seq, to_seq, merges, overview, abstract, details, created_at_ms) SELECT session, 'x', 1, 7, 1, '', '', '{}', 0 FROM archives",
  ])
    await assert.rejects(run(sql), /archive/, sql);
  await world.store.deleteSession(session.sessionId, world.clock.nowMs());
  assert.deepEqual(selectArchives(world.store.reader, session.row), []);
});

test("undo takes back the window at most, and a rewriting has to leave what is archived", async () => {
  await using world = await lifecycleWorld();
  const session = await archived(world);
  const { lines } = lastExchanges(world.store.reader, { id: session.row }, 20);
  assert.deepEqual(
    lines.map(({ seq }) => seq),
    [9, 10, 11, 12],
  );
  await world.store.write((tx) => takeBack(tx, { id: session.row }, 9));
  const kept = world.store.transcript(session.sessionId, { limit: 50 }).map(({ seq: _, ...draft }) => draft);
  await assert.rejects(world.store.rewriteTranscript(session.sessionId, kept.slice(0, 6)), /lines 1 to 7 are archived/);
  await world.store.rewriteTranscript(session.sessionId, [...kept.slice(0, 7), line("another")]);
  assert.deepEqual(world.window(session), ["another"]);
});

test("a branch has its original's archives, merged ones too, under ids of its own, and the same window", async () => {
  await using world = await lifecycleWorld();
  const session = await archived(world, 11);
  const { store, clock } = world;
  const request = { key: session.sessionKey, agentId: "main", source: session.source, atMs: clock.nowMs() };
  const branch = await store.write((tx) => branchSession(tx, store.rules, request, null));
  assert.ok(branch);
  const shape = (row: number) =>
    selectLiveArchives(store.reader, row).map(({ fromSeq, toSeq, merges, overview }) => [
      fromSeq,
      toSeq,
      merges,
      overview,
    ]);
  assert.deepEqual(shape(branch.session.id), shape(session.row));
  assert.equal(
    selectArchives(store.reader, branch.session.id).length,
    selectArchives(store.reader, session.row).length,
  );
  const ids = [session.row, branch.session.id].flatMap((row) =>
    selectArchives(store.reader, row).map(({ archiveId }) => archiveId),
  );
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(windowStart(store.reader, branch.session.id), windowStart(store.reader, session.row));
});

test("what is remembered of a chat follows it to its new id, where the same is known once", async () => {
  await using world = await lifecycleWorld();
  const place = { platform: "telegram", account: "default" };
  const scopeOf = (chatId: string) => formatScope({ kind: "chat", ...place, chatId });
  await world.store.write((tx) => {
    for (const [chatId, content] of [
      ["1", "Releases on Fridays"],
      ["1", "Uses Go"],
      ["2", "uses go"],
    ] as const)
      remember(tx, { scope: scopeOf(chatId), content, bucket: "project_fact", author: null, source: null }, 1);
    noteForgotten(tx, scopeOf("1"), 7);
    moveChat(tx, { ...place, fromChatId: "1", toChatId: "2" }, 2);
  });
  assert.deepEqual(
    [selectForgottenAt(world.store.reader, scopeOf("1")), selectForgottenAt(world.store.reader, scopeOf("2"))],
    [null, 7],
  );
  assert.deepEqual(memoryOf(world.store.reader, scopeOf("1"), { limit: 9 }), []);
  assert.deepEqual(
    memoryOf(world.store.reader, scopeOf("2"), { limit: 9 })
      .map(({ content }) => content)
      .toSorted(),
    ["Releases on Fridays", "uses go"],
  );
  assert.deepEqual(world.store.integrityProblems(), []);
});
