import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Branch, branchSession, MAX_BRANCHED_LINES } from "../../src/store/branch-session.ts";
import { updateChoices } from "../../src/store/sessions.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import {
  copyDatabase,
  dmSource,
  line,
  mirrorPath,
  mirrorText,
  NOON_MS,
  openTestStore,
  type TestStore,
  testStore,
} from "../support/test-store.ts";

const source = dmSource("1");

function branch({ store }: TestStore, key: string, title: string | null = null): Promise<Branch | null> {
  return store.write((tx) =>
    branchSession(tx, store.rules, { key, agentId: "main", source, atMs: NOON_MS + 1_000 }, title),
  );
}

test("a branch has the original's lines, choices and title, is live, and is not charged for what was said before", async () => {
  await using opened = await testStore();
  const { store, dataDir } = opened;
  const { session } = await store.resolveSession(source, NOON_MS);
  const drafts = [line("zebra", { messageId: "m", extra: { replyTo: { userName: null, text: "x" } } }), line("b")];
  await store.appendMessages(session.sessionId, drafts);
  await store.setTitle(session.sessionId, "Trip");
  await store.recordUsage(session.sessionId, {
    inputTokens: 5,
    outputTokens: 5,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 1,
  });
  await store.write((tx) =>
    updateChoices(tx, { row: session.row, answeredBy: "coder", model: "m-1", queueMode: "steer" }),
  );
  const made = await branch(opened, session.sessionKey);
  assert.ok(made !== null);
  const copy = store.liveSession(session.sessionKey);
  assert.equal(copy?.sessionId, made.session.session_id);
  assert.deepEqual(
    [copy?.title, copy?.answeredBy, copy?.model, copy?.queueMode, copy?.messageCount, copy?.usage.costUsd],
    ["Trip", "coder", "m-1", "steer", 2, 0],
  );
  const id = made.session.session_id;
  assert.deepEqual(store.transcript(id, { limit: 9 }), store.transcript(session.sessionId, { limit: 9 }));
  assert.equal((await store.search("zebra", { limit: 5, sessionId: id })).length, 1);
  assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
  assert.equal(store.session(session.sessionId)?.endReason, "archive");
  await store.appendMessages(id, [line("only here")]);
  assert.equal(store.session(session.sessionId)?.messageCount, 2, "the original stays as it is");
  assert.equal(await store.switchSession(session.sessionKey, session.sessionId, NOON_MS + 2_000), "switched");
});

test("an empty session, or none, has no branch", async () => {
  await using opened = await testStore();
  const { store } = opened;
  assert.equal(await branch(opened, "agent:main:telegram:dm:1"), null);
  const { session } = await store.resolveSession(source, NOON_MS);
  assert.equal(await branch(opened, session.sessionKey), null);
  assert.equal(store.liveSession(session.sessionKey)?.sessionId, session.sessionId);
});

test("a branch takes the newest lines along, numbered anew, when there are too many", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(source, NOON_MS);
  const count = MAX_BRANCHED_LINES + 3;
  await store.appendMessages(
    session.sessionId,
    Array.from({ length: count }, (_, place) => line(`n${place + 1}`)),
  );
  const made = await branch(opened, session.sessionKey, "Rest");
  const id = made?.session.session_id ?? "";
  assert.equal(store.session(id)?.title, "Rest");
  assert.equal(store.session(id)?.messageCount, MAX_BRANCHED_LINES);
  const [newest] = store.transcript(id, { limit: 1 });
  assert.deepEqual([newest?.seq, newest?.content], [MAX_BRANCHED_LINES, `n${count}`]);
  const [oldest] = store.transcript(id, { limit: 1, before: 2 });
  assert.equal(oldest?.content, "n4");
});

test("a process that dies between the commit and the file of a branch leaves what the next start writes", async () => {
  await using opened = await testStore();
  const { store, dataDir, clock } = opened;
  const { session } = await store.resolveSession(source, NOON_MS);
  await store.appendMessages(session.sessionId, [line("a"), line("b")]);
  await clock.advance(1_000);
  using before = tempDir();
  cpSync(join(dataDir, "transcripts"), join(before.path, "transcripts"), { recursive: true });
  const made = await branch(opened, session.sessionKey);
  const id = made?.session.session_id ?? "";
  copyDatabase(dataDir, before.path);
  assert.ok(!existsSync(mirrorPath(before.path, id)));
  await using next = await openTestStore(before.path, fakeClock(NOON_MS));
  assert.equal(readFileSync(mirrorPath(before.path, id), "utf8"), mirrorText(next, id));
  assert.equal(next.session(id)?.live, true);
});
