import assert from "node:assert/strict";
import { test } from "node:test";
import { insertInbox } from "../../src/store/inbox.ts";
import { insertOutbox, markDead } from "../../src/store/outbox.ts";
import { dmSource, line, NOON_MS, testStore } from "../support/test-store.ts";

test("an empty store counts nothing", async () => {
  await using opened = await testStore();
  assert.deepEqual(opened.store.stats(), {
    sessions: [],
    messages: 0,
    inbox: { waiting: 0, running: 0, dead: 0 },
    outbox: { pending: 0, dead: 0 },
  });
});

test("sessions are counted by platform and state, lines and rows by state, and what was deleted not at all", async () => {
  await using opened = await testStore();
  const { store } = opened;
  for (const platform of ["slack", "telegram"])
    for (const chat of ["1", "2", "3"]) {
      const { session } = await store.resolveSession(dmSource(chat, { platform }), NOON_MS);
      await store.appendMessages(session.sessionId, [line("a"), line("b")]);
      if (chat === "2") await store.resetSession(session.sessionKey, "new", NOON_MS);
      if (chat === "3" && platform === "slack") await store.deleteSession(session.sessionId, NOON_MS);
    }
  const place = { platform: "slack", account: "default", chatId: "1", threadId: null };
  await store.write((tx) => {
    const row = { ...place, key: "k", agent: "main", payload: "{}", receivedAtMs: 1, mayReset: 1, begins: null };
    insertInbox(tx, { ...row, messageId: "1" });
    insertInbox(tx, { ...row, messageId: "2" });
    const post = {
      inboxId: null,
      session: null,
      kind: "reply",
      text: "t",
      replyTo: null,
      nowMs: 1,
      sentAtMs: null,
      file: null,
      buttons: null,
      privateTo: null,
      grows: 0,
    } as const;
    insertOutbox(tx, { ...place, ...post, state: "pending" });
    insertOutbox(tx, { ...place, ...post, state: "sent" });
    markDead(tx, insertOutbox(tx, { ...place, ...post, state: "pending" }), "refused");
  });
  const { sessions, ...counts } = store.stats();
  assert.deepEqual(counts, {
    messages: 10,
    inbox: { waiting: 2, running: 0, dead: 0 },
    outbox: { pending: 1, dead: 1 },
  });
  assert.deepEqual(sessions.map(({ platform, live, count }) => `${platform} ${live} ${count}`).sort(), [
    "slack false 1",
    "slack true 2",
    "telegram false 1",
    "telegram true 3",
  ]);
});
