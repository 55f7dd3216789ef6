import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Attachment } from "../../../src/message/message.ts";
import type { SlackFault } from "../../fake/slack/faults.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { BOT_TOKEN, outbound, runningSlack } from "./running-slack.ts";

test("a post is a markdown block with a fallback text, no previews, and what it can be found by", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  const ts = await adapter.send(outbound({ outboxId: 42, text: "a < b" }));
  const [post] = fake.posts;
  assert.equal(post?.ts, ts);
  assert.deepEqual(post?.blocks, [{ type: "markdown", text: "a < b" }]);
  assert.equal(post?.text, "a &lt; b");
  assert.equal(post?.threadTs, null);
  assert.deepEqual(post?.metadata, { event_type: "parley_post", event_payload: { outbox_id: 42, seed: "salt" } });
  const { args } = fake.calls[0] ?? {};
  assert.deepEqual([args?.unfurl_links, args?.unfurl_media], ["false", "false"]);
});

test("a post goes to its thread, and an answer without one does not open one", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  const root = fake.sayUnheard({ text: "hi", channel: "C0GENERAL" });
  await adapter.send(outbound({ chatId: "C0GENERAL", threadId: root }));
  await adapter.send(outbound({ chatId: "C0GENERAL", replyToMessageId: root }));
  assert.deepEqual(
    fake.posts.map(({ threadTs }) => threadTs),
    [root, null],
  );
});

test("buttons are buttons, each of its own", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  await adapter.send(
    outbound({
      buttons: [
        { label: "Approve", command: "/approve 1", style: "primary" },
        { label: "x".repeat(80), command: "/deny 1" },
      ],
    }),
  );
  const actions = fake.posts[0]?.blocks?.[1];
  assert.ok(actions?.type === "actions");
  assert.deepEqual(
    actions.elements.map(({ value, style }) => [value, style]),
    [
      ["/approve 1", "primary"],
      ["/deny 1", undefined],
    ],
  );
});

test("markup that Slack refuses goes out as mrkdwn, and then plain", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  const buttons = [{ label: "Approve", command: "/approve 1" }];
  fake.faults.next("chat.postMessage", { kind: "error", error: "invalid_blocks" });
  await adapter.send(outbound({ text: "one", buttons }));
  fake.faults.next("chat.postMessage", { kind: "error", error: "invalid_blocks" }, { times: 2 });
  await adapter.send(outbound({ text: "two", buttons }));
  fake.faults.next("chat.postMessage", { kind: "error", error: "invalid_blocks" }, { times: 3 });
  await assert.rejects(adapter.send(outbound({ text: "three" })), { kind: "bad_format", certain: true });
  assert.deepEqual(
    fake.posts.map(({ text, blocks }) => [text, blocks?.map(({ type }) => type)]),
    [
      ["one", ["section", "actions"]],
      ["two", []],
    ],
  );
});

test("what Slack refuses for good is told apart, and is one call", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  for (const [error, kind] of [
    ["not_in_channel", "forbidden"],
    ["is_archived", "gone"],
    ["msg_too_long", "too_long"],
  ] as const) {
    fake.calls.length = 0;
    fake.faults.next("chat.postMessage", { kind: "error", error });
    await assert.rejects(adapter.send(outbound()), { kind, certain: true });
    assert.equal(fake.calls.length, 1);
  }
});

test("a 429 is told with its time at once, and holds up no other chat", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  fake.faults.next("chat.postMessage", { kind: "rate_limited", retryAfterSeconds: 30 });
  fake.faults.next("chat.postMessage", { kind: "rate_limited", retryAfterSeconds: null });
  await assert.rejects(adapter.send(outbound()), { kind: "rate_limited", retryAfterMs: 30_000, scope: "chat" });
  await assert.rejects(adapter.send(outbound()), { kind: "rate_limited", retryAfterMs: null });
  await adapter.send(outbound({ chatId: "C0GENERAL" }));
  assert.equal(fake.posts.length, 1);
});

test("after a post that was not answered, Slack is asked whether it has it", async () => {
  for (const [fault, arrived] of [
    [{ kind: "done_but_unanswered" }, true],
    [{ kind: "garbage" }, true],
    [{ kind: "close" }, false],
    [{ kind: "status", status: 500 }, false],
  ] as const satisfies readonly (readonly [SlackFault, boolean])[]) {
    await using slack = await runningSlack({ starts: false });
    const { fake, adapter } = slack;
    const root = fake.sayUnheard({ text: "hi", channel: "C0GENERAL" });
    for (const threadId of [null, root]) {
      const message = outbound({ outboxId: 7, chatId: "C0GENERAL", threadId });
      fake.faults.next("chat.postMessage", fault);
      await assert.rejects(adapter.send(message), { certain: false }, fault.kind);
      const found = await adapter.findPost(message);
      const postId = fake.posts.at(-1)?.ts ?? "";
      assert.deepEqual(found, arrived ? { kind: "found", postId } : { kind: "absent" }, fault.kind);
    }
  }
});

test("a post of another row or another installation is not taken for ours", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  await adapter.send(outbound({ outboxId: 1 }));
  assert.deepEqual(await adapter.findPost(outbound({ outboxId: 2 })), { kind: "absent" });
  const post = fake.workspace.find("D0ADA", fake.posts[0]?.ts ?? "");
  assert.ok(post?.metadata);
  post.metadata.event_payload.seed = "another";
  assert.deepEqual(await adapter.findPost(outbound({ outboxId: 1 })), { kind: "absent" });
});

test("a post is found behind hundreds of others; behind more than can be read it is unknown", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  await adapter.send(outbound());
  for (let count = 0; count < 450; count++) fake.sayUnheard({ text: "more" });
  assert.equal((await adapter.findPost(outbound())).kind, "found");
  for (let count = 0; count < 600; count++) fake.sayUnheard({ text: "and more" });
  assert.deepEqual(await adapter.findPost(outbound()), { kind: "unknown" });
});

test("while Slack can't be asked, that is said", async () => {
  await using slack = await runningSlack({ starts: false });
  slack.fake.faults.next("conversations.history", { kind: "rate_limited", retryAfterSeconds: 3 });
  await assert.rejects(slack.adapter.findPost(outbound()), { kind: "rate_limited", retryAfterMs: 3000 });
});

test("an edit changes text and buttons, keeps what the post is found by, and may change nothing", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  const postId = await adapter.send(outbound({ text: "gr", buttons: [{ label: "Stop", command: "/stop" }] }));
  const edit = { chatId: "D0ADA", threadId: null, postId, text: "grown", buttons: [], isFinal: true };
  await adapter.edit(edit);
  await adapter.edit(edit);
  const post = fake.workspace.find("D0ADA", postId);
  assert.deepEqual(post?.blocks, [{ type: "markdown", text: "grown" }]);
  assert.equal((await adapter.findPost(outbound())).kind, "found");
  fake.faults.next("chat.update", { kind: "error", error: "invalid_blocks" });
  await adapter.edit({ ...edit, text: "plain" });
  assert.deepEqual([post?.text, post?.blocks], ["plain", []], "the old blocks are gone");
  await assert.rejects(adapter.edit({ ...edit, postId: "1.000001" }), { kind: "gone" });
});

test("a file goes up with its caption to its thread; what fails before the last step is certain", async () => {
  using folder = tempDir();
  const path = join(folder.path, "a.bin");
  writeFileSync(path, "some bytes");
  const file: Attachment = { kind: "file", mimeType: "text/plain", sizeBytes: 10, name: "report.txt", path };
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  const root = fake.sayUnheard({ text: "hi", channel: "C0GENERAL" });
  const message = outbound({ chatId: "C0GENERAL", threadId: root, text: "here & now", file });
  assert.equal(await adapter.send(message), "F0FILE1");
  const [post] = fake.files.posts;
  assert.deepEqual(
    [post?.channel, post?.threadTs, post?.comment, post?.file.name, String(post?.file.bytes)],
    ["C0GENERAL", root, "here &amp; now", "report.txt", "some bytes"],
  );
  assert.deepEqual(await adapter.findPost(message), { kind: "unknown" });

  fake.faults.next("files.getUploadURLExternal", { kind: "status", status: 500 });
  await assert.rejects(adapter.send(message), { kind: "unreachable", certain: true });
  fake.faults.next("files.completeUploadExternal", { kind: "done_but_unanswered" });
  await assert.rejects(adapter.send(message), { kind: "unreachable", certain: false });
  fake.faults.next("files.getUploadURLExternal", { kind: "error", error: "missing_scope", needed: "files:write" });
  await assert.rejects(adapter.send(message), { kind: "forbidden", message: /files:write/ });
  await assert.rejects(adapter.send({ ...message, file: { ...file, path: `${path}.gone` } }), { kind: "gone" });
});

test("a file is fetched with the bot's token, and the token goes nowhere else", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  const id = fake.files.offer("cat.png", Buffer.from("meow"));
  const { signal } = new AbortController();
  for (const reference of [`${fake.url}/files-pri/${id}`, `slack-file:${id}`]) {
    const chunks = await adapter.fetchFile(reference, signal);
    let text = "";
    for await (const chunk of chunks) text += Buffer.from(chunk).toString();
    assert.equal(text, "meow");
  }
  for (const [reference, expected] of [
    ["https://files.slack.com.evil.example/x", /outside Slack/],
    ["http://files.slack.com/x", /outside Slack/],
    ["https://evil.example/?https://files.slack.com/x", /outside Slack/],
    [`${fake.url}/files-pri/F0NONE`, /HTTP 404/],
    ["no address", /Invalid URL/],
  ] as const) {
    await assert.rejects(adapter.fetchFile(reference, signal), expected);
  }
});

test("Slack's page for signing in is not taken for a file", async () => {
  await using slack = await runningSlack({ starts: false, botToken: `${BOT_TOKEN}-old` });
  const id = slack.fake.files.offer("cat.png", Buffer.from("meow"));
  const fetching = slack.adapter.fetchFile(`${slack.fake.url}/files-pri/${id}`, new AbortController().signal);
  await assert.rejects(fetching, /files:read/);
});

test("an answer for one person is shown to them alone, with its buttons, and can't be looked for", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  const root = fake.sayUnheard({ text: "hi", channel: "C0GENERAL" });
  const asked = fake.sayUnheard({ text: "/sessions", channel: "C0GENERAL", threadTs: root });
  const opening = fake.sayUnheard({ text: "<@U0BOTUSER> /status", channel: "C0GENERAL" });
  const buttons = [{ label: "Back", command: "/resume 1" }];
  const place = { chatId: "C0GENERAL", threadId: root };
  const message = outbound({ ...place, text: "a < b", buttons, privateTo: { userId: "U0ADA", messageId: asked } });
  const ts = await adapter.send(message);
  await adapter.send(outbound({ ...place, threadId: opening, privateTo: { userId: "U0ADA", messageId: opening } }));
  assert.equal(fake.ephemerals[0]?.ts, ts);
  assert.deepEqual(fake.ephemerals[0]?.blocks?.[1]?.type, "actions");
  assert.partialDeepStrictEqual(fake.ephemerals, [
    { user: "U0ADA", channel: "C0GENERAL", threadTs: root, isShown: true },
    // Its thread is not open yet: there nobody would see it.
    { user: "U0ADA", channel: "C0GENERAL", threadTs: null, isShown: true },
  ]);
  assert.deepEqual(fake.posts, []);
  assert.deepEqual(await adapter.findPost?.(message), { kind: "unknown" });
});

test("an answer for somebody who is not there is shown to nobody", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  const privateTo = { userId: "U0GONE", messageId: "command-1" };
  await assert.rejects(async () => adapter.send(outbound({ chatId: "C0GENERAL", privateTo })), { certain: true });
  assert.deepEqual([fake.posts, fake.ephemerals], [[], []]);
});
