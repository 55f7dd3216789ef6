import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { selectPost } from "../../src/store/shown-posts.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { read } from "./answers.ts";
import { eventReader } from "./event-reader.ts";

const post = z.strictObject({
  kind: z.literal("post"),
  place: z.record(z.string(), z.string().nullable()),
  outboxId: z.int(),
  inboxId: z.int().nullable(),
  postKind: z.string(),
  text: z.string(),
  atMs: z.int(),
  file: z.strictObject({ kind: z.string(), mimeType: z.string(), sizeBytes: z.int(), name: z.string() }).nullable(),
  buttons: z.array(z.strictObject({ label: z.string(), command: z.string(), style: z.string().exactOptional() })),
});
const postPage = z.strictObject({ posts: z.array(post) });

const say = async (daemon: TestGateway, text: string, body: object = {}) =>
  await daemon.post("/api/messages?wait=10", { chatId: "c", userId: "u", text, ...body });
const sessionIdOf = (daemon: TestGateway) => daemon.store.liveSession("agent:main:web:dm:c")?.sessionId ?? "";
const postsOf = async (daemon: TestGateway, sessionId = sessionIdOf(daemon)) =>
  (await read(postPage, await daemon.request(`/api/sessions/${sessionId}/posts`))).posts;

/** An agent whose answer is a file. */
function filingAgent(file: { name: string; mimeType: string; data: Uint8Array }): AgentBackend {
  return {
    name: "filing",
    async *run() {
      yield { kind: "file", ...file };
      yield { kind: "done" };
    },
  };
}

test("what commands replied is told beside the transcript, of this conversation alone", async () => {
  await using daemon = await startTestGateway();
  await say(daemon, "hello");
  await say(daemon, "/whoami");
  await say(daemon, "/whoami", { chatId: "other" });
  await daemon.post("/api/send", { platform: "web", chatId: "c", text: "said by a job" });
  const earlier = sessionIdOf(daemon);
  assert.deepEqual(
    (await postsOf(daemon)).map(({ postKind, place }) => [postKind, place.chatId]),
    [
      ["reply", "c"],
      ["command", "c"],
      ["message", "c"],
    ],
  );
  await say(daemon, "/new");
  const fresh = await postsOf(daemon);
  assert.deepEqual(
    fresh.map(({ postKind }) => postKind),
    ["command"],
  );
  assert.equal((await postsOf(daemon, earlier)).length, 3);
  assert.equal((await daemon.request("/api/sessions/20260101_000000_00000000/posts")).status, 404);
});

test("a pressed button takes the buttons away, for who watches and for who comes later", async () => {
  await using daemon = await startTestGateway();
  await say(daemon, "one");
  await say(daemon, "/new");
  await say(daemon, "/sessions");
  const [asked] = (await postsOf(daemon)).filter(({ buttons }) => buttons.length > 0);
  assert.ok(asked !== undefined);
  const command = asked.buttons[0]?.command ?? "";
  const events = eventReader(await daemon.request("/api/events?platform=web&chatId=c"));
  // Somebody else's press is nobody's business here.
  await say(daemon, command, { chatId: "other", pressed: asked.outboxId });
  assert.notEqual(selectPost(daemon.store.reader, asked.outboxId)?.buttons, null);
  await say(daemon, command, { pressed: asked.outboxId });
  assert.equal(selectPost(daemon.store.reader, asked.outboxId)?.buttons, null);
  const pressed = await events.nextOf("pressed");
  assert.equal(z.object({ outboxId: z.int() }).parse(pressed?.data).outboxId, asked.outboxId);
  assert.match((await postsOf(daemon)).at(-1)?.text ?? "", /^Back in the conversation/);
  await events.cancel();
});

test("a file of an answer can be fetched, as nothing but a file to be saved", async () => {
  const data = Buffer.from("<script>alert(1)</script>");
  const agent = filingAgent({ name: 'a "q" ä.html', mimeType: "text/html", data });
  await using daemon = await startTestGateway({ agent });
  await say(daemon, "a file, please");
  const [shown] = await postsOf(daemon);
  assert.equal(shown?.file?.name, 'a "q" ä.html');
  const response = await daemon.request(`/api/posts/${shown?.outboxId}/file`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/octet-stream");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(response.headers.get("content-disposition"), "attachment; filename*=UTF-8''a%20%22q%22%20%C3%A4.html");
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), data);
  assert.equal((await daemon.with({ token: "open sesame" }).request(`/api/posts/${shown?.outboxId}/file`)).status, 401);
  await rm(join(daemon.dataDir, "media"), { recursive: true });
  assert.equal((await daemon.request(`/api/posts/${shown?.outboxId}/file`)).status, 404);
});

for (const id of ["1", "999", "0", "-1", "a", "1e3"]) {
  test(`post ${id} has no file`, async () => {
    await using daemon = await startTestGateway();
    await say(daemon, "hello");
    assert.equal((await daemon.request(`/api/posts/${id}/file`)).status, 404);
  });
}
