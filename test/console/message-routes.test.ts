import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreError } from "../../src/store/store-error.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { until } from "../support/until.ts";
import { codeOf, read, refused, replied, wordsOf } from "./answers.ts";

const hello = { chatId: "c", userId: "u", text: "hello" };

test("a message is taken in at once and answered later", async () => {
  await using daemon = await startTestGateway();
  const response = await daemon.post("/api/messages", hello);
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { inboxId: 1, sessionKey: "agent:main:web:dm:c" });
});

test("who waits gets the answer and the session it belongs to", async () => {
  await using daemon = await startTestGateway();
  const response = await daemon.post("/api/messages?wait=10", hello);
  assert.equal(response.status, 200);
  const { sessionId, reply } = await read(replied, response);
  assert.equal(sessionId, daemon.store.liveSession("agent:main:web:dm:c")?.sessionId);
  assert.match(reply.text, /^hello\n/);
});

test("a message that is sent twice is answered once, and who asks again gets the same answer", async () => {
  await using daemon = await startTestGateway();
  const message = { ...hello, messageId: "m1" };
  const first = await read(replied, await daemon.post("/api/messages?wait=10", message));
  const again = await daemon.post("/api/messages?wait=10", message);
  assert.equal(again.status, 200);
  assert.deepEqual(await read(replied, again), first);
  assert.equal(daemon.store.session(first.sessionId)?.messageCount, 2);
});

test("who has waited long enough learns what it was stored as", async () => {
  const agent = scriptedAgent();
  await using daemon = await startTestGateway({ agent, limits: { drainMs: 0 } });
  const response = await daemon.post("/api/messages?wait=1", hello);
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { inboxId: 1, sessionKey: "agent:main:web:dm:c" });
});

test("platform, thread and names of a message reach its session", async () => {
  await using daemon = await startTestGateway();
  const body = { ...hello, platform: "local", threadId: "t", userName: "Ann", messageId: null };
  const { sessionId } = await read(replied, await daemon.post("/api/messages?wait=10", body));
  const source = daemon.store.session(sessionId)?.source;
  assert.equal(source?.platform, "local");
  assert.equal(source?.threadId, "t");
  assert.equal(source?.userName, "Ann");
});

const wrongBodies: readonly (readonly [body: unknown, message: RegExp])[] = [
  [{ ...hello, chatId: "" }, /^chatId: expected a text of 1 to 512 characters\.$/],
  [{ ...hello, chatId: "c".repeat(513) }, /^chatId: /],
  [{ chatId: "c", text: "x" }, /^userId: /],
  [{ ...hello, text: " \n" }, /^text: expected a text that says something/],
  [{ ...hello, text: 5 }, /^text: expected a text/],
  [{ ...hello, platform: "telegram" }, /^platform: expected "web" or "local"/],
  [{ ...hello, threadID: "t" }, /threadID/],
  [{ userId: 1 }, /chatId: .*; userId: .*; text: /],
  [[], /expected object/],
  ["hello", /expected object/],
];
for (const [body, message] of wrongBodies) {
  test(`the body ${JSON.stringify(body).slice(0, 60)} is refused with what was expected`, async () => {
    await using daemon = await startTestGateway();
    const response = await daemon.post("/api/messages", body);
    assert.equal(response.status, 400);
    const { error } = await read(refused, response);
    assert.equal(error.code, "invalid_request");
    assert.match(error.message, message);
  });
}

test("a body that is no JSON, or no JSON by its type, is refused", async () => {
  await using daemon = await startTestGateway();
  const init = { method: "POST", body: "{" };
  const broken = await daemon.request("/api/messages", { ...init, headers: { "content-type": "application/json" } });
  assert.equal(broken.status, 400);
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json-seq"]) {
    const response = await daemon.request("/api/messages", { ...init, headers: { "content-type": type } });
    assert.equal(response.status, 415);
    assert.equal(await codeOf(response), "unsupported_media_type");
  }
});

test("a wait that is no number of seconds is refused", async () => {
  await using daemon = await startTestGateway();
  for (const wait of ["0", "121", "-1", "x", "1.5"]) {
    assert.equal((await daemon.post(`/api/messages?wait=${wait}`, hello)).status, 400, wait);
  }
});

test("64 KiB of text are taken, more is not, whatever its JSON looks like", async () => {
  await using daemon = await startTestGateway();
  const most = "\u0001".repeat(64 * 1024);
  assert.equal((await daemon.post("/api/messages", { ...hello, text: most })).status, 202);
  const more = await daemon.post("/api/messages", { ...hello, text: `${most}x` });
  assert.equal(more.status, 413);
  assert.equal(await codeOf(more), "too_long");
  const body = JSON.stringify({ ...hello, text: "x".repeat(2_000_000) });
  for (const headers of [{}, { "content-length": String(body.length) }]) {
    const huge = await daemon.request("/api/messages", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
    assert.equal(huge.status, 413);
  }
});

test("a full queue and a daemon that stops say when to come again", async () => {
  const agent = scriptedAgent();
  await using daemon = await startTestGateway({ agent, limits: { maxPending: 1, drainMs: 0 } });
  await daemon.post("/api/messages", hello);
  await until("the turn runs", () => agent.running.length === 1);
  await daemon.post("/api/messages", hello);
  const full = await daemon.post("/api/messages", hello);
  assert.equal(full.status, 429);
  assert.equal(await codeOf(full), "queue_full");
  await daemon.gateway.stop("test");
  const stopping = await daemon.post("/api/messages", hello);
  assert.equal(stopping.status, 503);
  assert.equal(stopping.headers.get("retry-after"), "5");
  assert.equal(await codeOf(stopping), "stopping");
});

test("a message to send is written to the conversation", async () => {
  await using daemon = await startTestGateway();
  const response = await daemon.post("/api/send", { platform: "web", chatId: "c", text: "news" });
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { outboxId: 1 });
  const unknown = await daemon.post("/api/send", { platform: "telegram", chatId: "c", text: "news" });
  assert.equal(unknown.status, 400);
  assert.match(await wordsOf(unknown), /expected one of web@default, local@default, got telegram@default/);
});

test("a store that cannot write is named, with what to do", async () => {
  await using daemon = await startTestGateway();
  const failures = [
    ["full", 507, "store_full"],
    ["locked", 503, "store_unavailable"],
    ["io", 503, "store_unavailable"],
  ] as const;
  for (const [kind, status, code] of failures) {
    const refuse = () => Promise.reject(new StoreError(kind, "no room to write. Free some disk space."));
    const response = await daemon.with({ receivers: { web: refuse, local: refuse } }).post("/api/messages", hello);
    assert.equal(response.status, status);
    assert.ok(Number(response.headers.get("retry-after")) > 0);
    assert.deepEqual(await response.json(), { error: { code, message: "no room to write. Free some disk space." } });
  }
});

test("a fault of ours is logged, and tells the caller nothing of itself", async () => {
  const errors: unknown[] = [];
  await using daemon = await startTestGateway({ onLogError: (fields) => errors.push(fields.error) });
  const secret = new Error("the inner workings");
  const fail = () => Promise.reject(secret);
  const response = await daemon.with({ receivers: { web: fail, local: fail } }).post("/api/messages", hello);
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /inner workings/);
  assert.deepEqual(errors, [secret]);
});
