import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionSource } from "../../src/session/source.ts";
import { hasOpenInbox } from "../../src/store/open-inbox.ts";
import { resolveSession, restartSession, type SessionRequest } from "../../src/store/resolve-session.ts";
import { sessionOf } from "../../src/store/session.ts";
import { updateEnded } from "../../src/store/session-ends.ts";
import { selectLiveSession } from "../../src/store/sessions.ts";
import type { SessionStore } from "../../src/store/store.ts";
import {
  dmSource,
  groupSource,
  line,
  NOON_MS,
  rowsOf,
  testRules,
  testStore,
  threadSource,
} from "../support/test-store.ts";

const MINUTE_MS = 60_000;
const idleAfterAnHour = testRules({ mode: "idle", idleMinutes: 60 });

/** Ends the live session of a key as the watcher does. */
async function endByWatcher(store: SessionStore, key: string, notice: "idle" | "daily" | null, atMs: number) {
  await store.write((tx) => {
    const live = selectLiveSession(tx, key);
    assert.ok(live !== null);
    updateEnded(tx, { row: live.id, endedAtMs: atMs, reason: "timeout", notice });
  });
}

const keyOf = (store: SessionStore, sessionId: string) => store.session(sessionId)?.sessionKey ?? "";

test("the first message of a conversation opens a session, the next ones find it", async () => {
  await using opened = await testStore();
  const { store } = opened;
  assert.equal(store.hasAnySessions(), false);
  const first = await store.resolveSession(dmSource("1"), NOON_MS);
  assert.match(first.session.sessionId, /^20260401_120000_[0-9a-f]{8}$/);
  assert.deepEqual(
    {
      live: first.session.live,
      messages: first.session.messageCount,
      note: first.session.openingNote,
      reset: first.reset,
    },
    { live: true, messages: 0, note: null, reset: null },
  );
  const again = await store.resolveSession(dmSource("1"), NOON_MS + 1_000);
  assert.equal(again.session.sessionId, first.session.sessionId);
  assert.equal(again.session.lastActiveMs, NOON_MS + 1_000);
  assert.equal(again.session.createdAtMs, NOON_MS);
  assert.equal(store.hasAnySessions(), true);
});

const places: readonly (readonly [what: string, one: SessionSource, other: SessionSource, isSame: boolean])[] = [
  ["two chats", dmSource("1"), dmSource("2"), false],
  ["two people of a group", groupSource("g", "ann"), groupSource("g", "bob"), false],
  ["two people of a thread", threadSource("C", "1"), threadSource("C", "1", { userId: "bob" }), true],
  ["two accounts of a platform", dmSource("1"), dmSource("1", { account: "work" }), false],
  ["two names of a person", dmSource("1"), dmSource("1", { userName: "Anna" }), true],
];
for (const [what, one, other, isSame] of places) {
  test(`${what} ${isSame ? "share a session" : "have sessions of their own"}`, async () => {
    await using opened = await testStore();
    const { session: a } = await opened.store.resolveSession(one, NOON_MS);
    const { session: b } = await opened.store.resolveSession(other, NOON_MS);
    assert.equal(a.sessionId === b.sessionId, isSame);
  });
}

test("agents have sessions of their own in the same chat", async () => {
  await using opened = await testStore();
  const { session: main } = await opened.store.resolveSession(dmSource("1"), NOON_MS);
  const { session: support } = await opened.store.resolveSession(dmSource("1"), NOON_MS, "support");
  assert.notEqual(main.sessionId, support.sessionId);
  assert.equal(support.agentId, "support");
});

test("names and topics are those of the newest message", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(groupSource("g", "ann", { chatTopic: "plans" }), NOON_MS);
  await store.resolveSession(groupSource("g", "ann", { chatName: "Operations", chatTopic: null }), NOON_MS + 1);
  const source = store.session(session.sessionId)?.source;
  assert.deepEqual(
    { chatName: source?.chatName, chatTopic: source?.chatTopic, userName: source?.userName },
    { chatName: "Operations", chatTopic: null, userName: "ann" },
  );
});

test("a message after the idle time ends the old session and opens a new one with a note, in one transaction", async () => {
  const commits: number[] = [];
  await using opened = await testStore({
    rules: idleAfterAnHour,
    events: { committed: ({ writes }) => void commits.push(writes) },
  });
  const { store } = opened;
  const { session: old } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(old.sessionId, [line("what is up"), line("all well", { role: "assistant" })]);
  const atDeadline = await store.resolveSession(dmSource("1"), NOON_MS + 60 * MINUTE_MS);
  assert.equal(atDeadline.session.sessionId, old.sessionId, "exactly at the deadline it lives");

  commits.length = 0;
  const laterMs = NOON_MS + 121 * MINUTE_MS;
  const { session, reset } = await store.resolveSession(dmSource("1"), laterMs);
  assert.deepEqual(commits, [1]);
  assert.deepEqual(reset, { reason: "idle", previous: old.sessionId });
  assert.notEqual(session.sessionId, old.sessionId);
  assert.match(session.openingNote ?? "", /2 messages, ended by a long silence[\s\S]*"what is up"[\s\S]*"all well"/);
  assert.equal(session.nextResetAtMs, laterMs + 60 * MINUTE_MS + 1);

  const ended = store.session(old.sessionId);
  assert.deepEqual(
    { live: ended?.live, reason: ended?.endReason, endedAtMs: ended?.endedAtMs, next: ended?.nextResetAtMs },
    { live: false, reason: "timeout", endedAtMs: laterMs, next: null },
  );
  assert.equal(store.transcript(old.sessionId, { limit: 10 }).length, 2, "it stays readable");
});

test("a message received before the deadline does not reset, however late it is processed", async () => {
  await using opened = await testStore({ rules: idleAfterAnHour });
  const { session } = await opened.store.resolveSession(dmSource("1"), NOON_MS);
  const { session: same, reset } = await opened.store.resolveSession(dmSource("1"), NOON_MS + 59 * MINUTE_MS);
  assert.equal(same.sessionId, session.sessionId);
  assert.equal(reset, null);
});

test("a message behind an unfinished one never resets", async () => {
  await using opened = await testStore({ rules: idleAfterAnHour });
  const { store } = opened;
  const source = dmSource("1");
  const { session } = await store.resolveSession(source, NOON_MS);
  const request: Omit<SessionRequest, "mayReset"> = {
    key: session.sessionKey,
    agentId: "main",
    source,
    atMs: NOON_MS + 300 * MINUTE_MS,
  };
  const behind = await store.write((tx) => resolveSession(tx, store.rules, { ...request, mayReset: false }));
  assert.equal(behind.session.session_id, session.sessionId);
  assert.equal(hasOpenInbox(store.reader, session.sessionKey), false);
  const free = await store.write((tx) => resolveSession(tx, store.rules, { ...request, mayReset: true }));
  assert.equal(free.reset?.reason, "idle");
});

for (const notify of [true, false]) {
  for (const messages of [0, 2]) {
    test(`a reset with ${messages} lines before it is ${notify && messages > 0 ? "to be told" : "not told"} (notify ${notify})`, async () => {
      await using opened = await testStore({ rules: testRules({ mode: "idle", idleMinutes: 60, notify }) });
      const { store } = opened;
      const source = dmSource("1");
      const { session } = await store.resolveSession(source, NOON_MS);
      await store.appendMessages(session.sessionId, [line("a"), line("b")].slice(0, messages));
      const { reset, session: opening } = await store.write((tx) =>
        resolveSession(tx, store.rules, {
          key: session.sessionKey,
          agentId: "main",
          source,
          atMs: NOON_MS + 61 * MINUTE_MS,
          mayReset: true,
        }),
      );
      assert.equal(reset?.tell, notify && messages > 0);
      assert.equal(opening.opening_note !== null, messages > 0);
    });
  }
}

test("a reset by the watcher is told once, at the next message, even after a restart", async () => {
  await using opened = await testStore({ rules: idleAfterAnHour });
  const { session: old } = await opened.store.resolveSession(dmSource("1"), NOON_MS);
  await opened.store.appendMessages(old.sessionId, [line("before")]);
  await endByWatcher(opened.store, old.sessionKey, "daily", NOON_MS + 61 * MINUTE_MS);
  assert.equal(opened.store.liveSession(old.sessionKey), null);
  await opened.store[Symbol.asyncDispose]();

  await using reopened = await testStore({ dataDir: opened.dataDir, rules: idleAfterAnHour });
  const { store } = reopened;
  const told = await store.resolveSession(dmSource("1"), NOON_MS + 90 * MINUTE_MS);
  assert.deepEqual(told.reset, { reason: "daily", previous: old.sessionId });
  assert.match(told.session.openingNote ?? "", /ended by the daily reset[\s\S]*"before"/);
  const next = await store.resolveSession(dmSource("1"), NOON_MS + 91 * MINUTE_MS);
  assert.equal(next.reset, null);
  await endByWatcher(store, old.sessionKey, null, NOON_MS + 92 * MINUTE_MS);
  const untold = await store.resolveSession(dmSource("1"), NOON_MS + 93 * MINUTE_MS);
  assert.equal(untold.reset, null, "there was nothing to tell");
});

test("nothing is told any more once the person has started afresh or gone back", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const key = session.sessionKey;
  await store.appendMessages(session.sessionId, [line("a")]);
  await endByWatcher(store, key, "idle", NOON_MS);
  assert.equal(await store.switchSession(key, session.sessionId, NOON_MS), "switched");
  assert.equal((await store.resolveSession(dmSource("1"), NOON_MS)).reset, null);

  await endByWatcher(store, key, "idle", NOON_MS);
  await store.write((tx) =>
    restartSession(tx, store.rules, { key, agentId: "main", source: dmSource("1"), atMs: NOON_MS }, "new"),
  );
  assert.equal((await store.resolveSession(dmSource("1"), NOON_MS)).reset, null);
  assert.deepEqual(rowsOf(store.reader, "SELECT id FROM sessions WHERE pending_notice IS NOT NULL"), []);
});

for (const reason of ["reset", "new"] as const) {
  test(`/${reason} ends the live session and opens a fresh one, in one transaction`, async () => {
    const commits: number[] = [];
    await using opened = await testStore({ events: { committed: ({ writes }) => void commits.push(writes) } });
    const { store } = opened;
    const { session: old } = await store.resolveSession(dmSource("1"), NOON_MS);
    await store.appendMessages(old.sessionId, [line("a secret")]);
    commits.length = 0;
    const fresh = await store.resetSession(old.sessionKey, reason, NOON_MS + 5);
    assert.deepEqual(commits, [1]);
    assert.ok(fresh?.live && fresh.sessionId !== old.sessionId);
    assert.equal(fresh.source.userName, "Ann");
    assert.match(fresh.openingNote ?? "", /asked for a fresh start/);
    assert.doesNotMatch(fresh.openingNote ?? "", /secret/);
    assert.equal(store.session(old.sessionId)?.endReason, reason);
    assert.equal(store.liveSession(keyOf(store, old.sessionId))?.sessionId, fresh.sessionId);
  });
}

test("a conversation that has no live session has nothing to reset", async () => {
  await using opened = await testStore();
  assert.equal(await opened.store.resetSession("agent:main:telegram:dm:1", "reset", NOON_MS), null);
  assert.equal(opened.store.hasAnySessions(), false);
});

test("a session row read back is the session that was told", async () => {
  await using opened = await testStore();
  const { session } = await opened.store.resolveSession(dmSource("1"), NOON_MS);
  const row = await opened.store.write((tx) => selectLiveSession(tx, session.sessionKey));
  assert.ok(row !== null);
  assert.deepEqual(sessionOf(row), session);
  assert.deepEqual(opened.store.session(session.sessionId), session);
});

test("a thread under a direct conversation begins with what was said there, where it is to", async () => {
  for (const isSeeded of [true, false]) {
    await using opened = await testStore({ rules: { ...testRules(), seedsDmThreads: () => isSeeded } });
    const { store } = opened;
    const parent = await store.resolveSession(dmSource("1"), NOON_MS);
    await store.appendMessages(parent.session.sessionId, [line("the train leaves at nine")]);
    const { session } = await store.resolveSession(dmSource("1", { threadId: "7" }), NOON_MS + 1_000);
    assert.equal(session.openingNote?.includes("the train leaves at nine") ?? false, isSeeded);
    const other = await store.resolveSession(dmSource("2", { threadId: "7" }), NOON_MS + 2_000);
    assert.equal(other.session.openingNote, null, "of somebody else's conversation nothing is told");
  }
});
