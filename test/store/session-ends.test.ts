import assert from "node:assert/strict";
import { test } from "node:test";
import { branchSession } from "../../src/store/branch-session.ts";
import { selectDueDeliveries } from "../../src/store/hook-deliveries.ts";
import { type LifecycleEventKind, lifecycleEventKinds, putLifecycleRules } from "../../src/store/lifecycle-rules.ts";
import { moveChat } from "../../src/store/move-chat.ts";
import type { Session } from "../../src/store/session.ts";
import { updateEnded } from "../../src/store/session-ends.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { dmSource, line, NOON_MS, rowsOf, testRules, testStore } from "../support/test-store.ts";

const DAY_MS = 24 * 3_600_000;

type Act = (store: SessionStore, session: Session) => Promise<unknown>;
const ends: Readonly<Record<string, readonly [reason: string, act: Act]>> = {
  "/new": ["new", (store, { sessionKey }) => store.resetSession(sessionKey, "new", NOON_MS)],
  "/reset": ["reset", (store, { sessionKey }) => store.resetSession(sessionKey, "reset", NOON_MS)],
  "a message after the time": [
    "timeout",
    (store, { source }) => store.resolveSession({ ...source }, NOON_MS + 2 * 3_600_000),
  ],
  "the watcher": [
    "timeout",
    (store, { row }) =>
      store.write((tx) => updateEnded(tx, { row, endedAtMs: NOON_MS, reason: "timeout", notice: "idle" })),
  ],
  "/resume": [
    "archive",
    async (store, { sessionKey, sessionId }) => {
      const fresh = await store.resetSession(sessionKey, "new", NOON_MS);
      await store.switchSession(sessionKey, sessionId, NOON_MS);
      return fresh;
    },
  ],
  "/branch": [
    "archive",
    (store, { sessionKey: key, agentId, source }) =>
      store.write((tx) => branchSession(tx, store.rules, { key, agentId, source, atMs: NOON_MS }, null)),
  ],
  "a chat that moved to one that is there": [
    "archive",
    async (store, { source }) => {
      await store.resolveSession({ ...source, chatId: "2" }, NOON_MS);
      const moved = { platform: source.platform, account: source.account, fromChatId: "1", toChatId: "2" };
      return await store.write((tx) => moveChat(tx, moved, NOON_MS));
    },
  ],
  "/delete": ["delete", (store, { sessionId }) => store.deleteSession(sessionId, NOON_MS)],
};

function eventsOf(store: SessionStore, kind: LifecycleEventKind) {
  return selectDueDeliveries(store.reader, NOON_MS + DAY_MS, 50).filter(({ event }) => event.kind === kind);
}

for (const [name, [reason, act]] of Object.entries(ends)) {
  test(`${name} ends a session once as "${reason}": each hook is told, in the same transaction, and its purge is dated`, async () => {
    await using opened = await testStore({ rules: testRules({ mode: "idle", idleMinutes: 60 }) });
    const { store } = opened;
    const hooks = ["one", "two"].map((hook) => ({ name: hook, kinds: [...lifecycleEventKinds] }));
    await store.write((tx) => putLifecycleRules(tx, { retentionMs: DAY_MS, hooks }));
    const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
    await store.appendMessages(session.sessionId, [line("hello")]);
    await act(store, session);
    const [last] = rowsOf(
      store.reader,
      "SELECT session_id, ended_at_ms + 86400000 AS due, purge_after_ms FROM sessions WHERE live = 0 ORDER BY ended_at_ms DESC, id DESC LIMIT 1",
    );
    assert.ok(last);
    assert.equal(last.purge_after_ms, last.due);
    const told = eventsOf(store, "session.ended").filter(({ event }) => event.sessionId === last.session_id);
    assert.deepEqual(
      told.map(({ hook, event }) => [hook, event.data.reason]),
      [
        ["one", reason],
        ["two", reason],
      ],
    );
    const live = rowsOf(store.reader, "SELECT session_key, COUNT(*) AS n FROM sessions WHERE live = 1 GROUP BY 1");
    assert.ok(live.every(({ n }) => n === 1));
    assert.equal(eventsOf(store, "session.purged").length, reason === "delete" ? 2 : 0);
  });
}

test("an end that is taken back tells nobody, and without hooks nothing is written", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const end = (then: () => void) =>
    store.write((tx) => {
      updateEnded(tx, { row: session.row, endedAtMs: NOON_MS, reason: "archive", notice: null });
      then();
    });
  await store.write((tx) =>
    putLifecycleRules(tx, { retentionMs: null, hooks: [{ name: "h", kinds: ["session.ended"] }] }),
  );
  await assert.rejects(
    end(() => {
      throw new Error("no");
    }),
  );
  assert.deepEqual(rowsOf(store.reader, "SELECT * FROM lifecycle_events"), []);
  await store.write((tx) => putLifecycleRules(tx, { retentionMs: null, hooks: [] }));
  await end(() => {});
  assert.deepEqual(rowsOf(store.reader, "SELECT * FROM lifecycle_events"), []);
  assert.deepEqual(rowsOf(store.reader, "SELECT live, purge_after_ms FROM sessions"), [
    { live: 0, purge_after_ms: null },
  ]);
});
