import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { ask, askPosts, linesOf, liveSession } from "../support/ask.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { mirrorPath, mirrorText } from "../support/test-store.ts";
import { until } from "../support/until.ts";

test("/branch goes on in a copy; the original is as it was, and can be resumed by its button", async () => {
  await using bare = await bareGateway();
  await ask(bare, "one");
  const original = liveSession(bare);
  const [post] = await askPosts(bare, "/branch What *if*");
  assert.equal(
    post?.text,
    "You are in a copy “What \\*if\\*” now. The original stays as it is: /resume goes back to it.",
  );
  const copy = liveSession(bare);
  assert.notEqual(copy.sessionId, original.sessionId);
  assert.equal(copy.title, "What *if*");
  await ask(bare, "two");
  assert.deepEqual(
    linesOf(bare).map(({ role, content }) => `${role} ${content.split("\n")[0]}`),
    ["user one", "assistant one", "user two", "assistant two"],
  );
  assert.equal(linesOf(bare, original).length, 2);
  assert.equal(bare.store.session(original.sessionId)?.endReason, "archive");
  const path = mirrorPath(bare.dataDir, copy.sessionId);
  await until(
    "the file is there",
    () => existsSync(path) && readFileSync(path, "utf8") === mirrorText(bare.store, copy.sessionId),
  );

  const [button] = post?.buttons ?? [];
  assert.match(await ask(bare, button?.command ?? ""), /^Back in the conversation of/);
  assert.equal(liveSession(bare).sessionId, original.sessionId);
  assert.equal(linesOf(bare).length, 2);
});

test("there is nothing to copy before the first message, and a title has a length", async () => {
  await using bare = await bareGateway();
  const nothing = "Nothing was said in this conversation yet: there is nothing to copy.";
  assert.equal(await ask(bare, "/branch"), nothing);
  await ask(bare, "/new");
  assert.equal(await ask(bare, "/branch"), nothing);
  await ask(bare, "one");
  assert.equal(await ask(bare, `/branch ${"x".repeat(201)}`), "That title is too long: at most 200 characters.");
  assert.equal(bare.store.listSessions({}).sessions.length, 1);
});
