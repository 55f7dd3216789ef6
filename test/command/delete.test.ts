import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { type About, ask, askPosts, liveSession } from "../support/ask.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { mirrorPath, rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

test("/delete asks first, and its button deletes for good: rows, search, file, and the way back", async () => {
  await using bare = await bareGateway();
  await ask(bare, "zebra *crossing*");
  const { sessionId } = liveSession(bare);
  const path = mirrorPath(bare.dataDir, sessionId);
  await until("the file is there", () => existsSync(path));
  const [post] = await askPosts(bare, "/delete");
  assert.equal(
    post?.text,
    "This deletes the conversation “zebra \\*crossing\\*” with its 2 messages, for good. /delete yes does it.",
  );
  assert.deepEqual(post?.buttons, [
    { label: "Delete for good", command: `/delete yes ${sessionId}`, style: "danger" },
    { label: "Keep", command: "/delete no" },
  ]);
  assert.equal(await ask(bare, "/delete no"), "Kept.");
  assert.equal(liveSession(bare).messageCount, 2);

  assert.equal(
    await ask(bare, post?.buttons[0]?.command ?? ""),
    "Deleted. Your next message starts a new conversation.",
  );
  assert.deepEqual(bare.store.listSessions({}).sessions, []);
  assert.deepEqual(rowsOf(bare.store.reader, "SELECT * FROM messages"), []);
  assert.deepEqual(await bare.store.search("zebra", { limit: 5 }), []);
  await until("the file is gone", () => !existsSync(path));
  assert.equal(await ask(bare, "/resume"), "There is no earlier conversation to go back to.");
  assert.match(await ask(bare, `/resume ${sessionId}`), /There is no earlier conversation/);
  assert.equal(await ask(bare, "/delete"), "No conversation is open: there is nothing to delete.");
  await ask(bare, "anew");
  assert.equal(liveSession(bare).messageCount, 2);
});

test("the button of an older question does not delete the conversation that is open by now", async () => {
  await using bare = await bareGateway();
  await ask(bare, "one");
  const old = liveSession(bare);
  await ask(bare, "/new two");
  assert.equal(
    await ask(bare, `/delete yes ${old.sessionId}`),
    "That conversation is not the open one any more. Nothing was deleted.",
  );
  assert.equal(bare.store.listSessions({}).sessions.length, 2);
  assert.match(await ask(bare, "/delete all"), /^\/delete: expected/);
  assert.equal(await ask(bare, "/delete yes"), "Deleted. Your next message starts a new conversation.");
  assert.deepEqual(
    bare.store.listSessions({}).sessions.map(({ sessionId }) => sessionId),
    [old.sessionId],
  );
});

test("a shared conversation is deleted by admins only, one's own in a group by its person", async () => {
  await using bare = await bareGateway({ rules: { admit: () => ({ kind: "admitted", isAdmin: false }) } });
  const thread: About = { source: { chatType: "thread", threadId: "t" } };
  await ask(bare, "one", thread);
  for (const text of ["/delete", "/delete yes"]) {
    assert.equal(await ask(bare, text, thread), "Several people share this conversation: only an admin can delete it.");
  }
  assert.equal(bare.store.listSessions({}).sessions.length, 1);
  const group: About = { source: { chatType: "group" } };
  await ask(bare, "mine", group);
  await ask(bare, "of Bob", { source: { chatType: "group", userId: "bob" } });
  assert.match(await ask(bare, "/delete yes", group), /^Deleted/);
  assert.equal(liveSession(bare, { userId: "bob" }).messageCount, 2);
});

test("an admin deletes a shared conversation", async () => {
  await using bare = await bareGateway();
  const thread: About = { source: { chatType: "thread", threadId: "t" } };
  await ask(bare, "one", thread);
  assert.match(await ask(bare, "/delete yes", thread), /^Deleted/);
});
