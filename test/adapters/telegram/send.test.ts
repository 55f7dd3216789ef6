import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Adapter } from "../../../src/platform/adapter.ts";
import { DeliveryError, type DeliveryFailure } from "../../../src/platform/delivery-error.ts";
import { type Fault, faults, refused } from "../../fake/telegram/faults.ts";
import { connect, outbound, token } from "./connect.ts";

async function failure(call: Promise<unknown>): Promise<DeliveryError> {
  const error = await call.then(
    () => assert.fail("expected it to fail"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeliveryError, String(error));
  assert.ok(!`${error.message}${error.stack}${String(error.cause)}`.includes(token));
  return error;
}

function edit(adapter: Adapter, postId: string, text: string) {
  assert.ok(adapter.edit);
  return adapter.edit({ chatId: "1001", threadId: null, postId, text, buttons: [], isFinal: true });
}

suite("posts", () => {
  test("markdown goes out as Telegram's markup, and the post's id comes back", async () => {
    await using c = await connect();
    c.telegram.know(1001);
    const id = await c.adapter.send(outbound({ text: "**bold** & `a < b`" }));
    const [post] = c.telegram.posts;
    assert.equal(id, String(post?.messageId));
    assert.deepEqual([post?.text.trim(), post?.chatId, post?.replyTo], ["bold & a < b", "1001", null]);
    assert.match(post?.html ?? "", /<b>bold<\/b> &amp; <code>a &lt; b<\/code>/);
  });

  test("where the markup is refused the same words go out plain", async () => {
    await using c = await connect();
    c.telegram.know(1001);
    c.telegram.fault("sendMessage", faults.markupRefused);
    await c.adapter.send(outbound({ text: "**bold** words" }));
    assert.deepEqual(
      c.telegram.posts.map(({ text, html }) => [text.trim(), html]),
      [["bold words", null]],
    );
  });

  test("the topic, the message it answers, and buttons", async () => {
    await using c = await connect();
    c.telegram.know(-7);
    const buttons = [
      { label: "Approve", command: "/approve 1", style: "primary" },
      { label: "Deny", command: "/deny 1" },
    ] as const;
    const to = { chatId: "-7", text: "ok?" };
    await c.adapter.send(outbound({ ...to, threadId: "5", replyToMessageId: "33", buttons }));
    await c.adapter.send(outbound({ ...to, threadId: "1", replyToMessageId: "callback-9" }));
    const long = buttons.map((button) => ({ ...button, label: `${button.label} what was asked for` }));
    await c.adapter.send(outbound({ ...to, buttons: long }));
    assert.deepEqual(
      c.telegram.posts.map(({ threadId, replyTo, buttons: rows }) => [
        threadId,
        replyTo,
        rows.map((row) => row.length),
      ]),
      [
        ["5", 33, [2]],
        [null, null, []],
        [null, null, [1, 1]],
      ],
    );
    assert.deepEqual(c.telegram.posts[0]?.buttons[0]?.[0], {
      text: "Approve",
      callback_data: "/approve 1",
      style: "primary",
    });
  });

  test("a group that became a supergroup is followed, and the core told", async () => {
    await using c = await connect();
    c.telegram.move(-7, -1007);
    c.intake.moves.length = 0;
    await c.adapter.send(outbound({ chatId: "-7" }));
    assert.equal(c.telegram.posts[0]?.chatId, "-1007");
    assert.partialDeepStrictEqual(c.intake.moves, [{ fromChatId: "-7", toChatId: "-1007" }]);
  });

  test("a long answer is cut into pieces that are all taken", async () => {
    await using c = await connect();
    c.telegram.know(1001);
    const markdown = Array.from({ length: 300 }, (_, n) => `- item **${n}** with \`code <${n}>\` & more`).join("\n");
    const pieces = c.adapter.split?.(markdown) ?? [];
    assert.ok(pieces.length > 1);
    for (const text of pieces) await c.adapter.send(outbound({ text }));
    const all = c.telegram.posts.map(({ text }) => text).join("\n");
    for (let n = 0; n < 300; n++) assert.ok(all.includes(`code <${n}>`) || all.includes(`item ${n}`));
  });
});

suite("posts that fail", () => {
  interface Expected {
    readonly kind: DeliveryFailure;
    readonly certain: boolean;
    readonly retryAfterMs?: number;
    readonly scope?: "chat" | "bot";
  }
  const table: readonly [string, Fault, Expected][] = [
    ["too many", faults.rateLimited(7), { kind: "rate_limited", certain: true, retryAfterMs: 7_000 }],
    ["the server fails", faults.serverError, { kind: "unreachable", certain: false }],
    ["a proxy answers", faults.badGateway, { kind: "unreachable", certain: false }],
    ["the connection is cut", faults.closed, { kind: "unreachable", certain: false, scope: "bot" }],
    ["done, but not answered", faults.unanswered, { kind: "unreachable", certain: false, scope: "bot" }],
    ["the token is revoked", faults.unauthorized, { kind: "unauthorized", certain: true, scope: "bot" }],
    ["blocked", faults.blocked, { kind: "forbidden", certain: true }],
    ["kicked", refused(403, "Forbidden: bot was kicked from the group chat"), { kind: "forbidden", certain: true }],
    [
      "no rights",
      refused(400, "Bad Request: not enough rights to send text messages"),
      { kind: "forbidden", certain: true },
    ],
    ["a closed topic", refused(400, "Bad Request: TOPIC_CLOSED"), { kind: "forbidden", certain: true }],
    ["a deleted topic", refused(400, "Bad Request: message thread not found"), { kind: "gone", certain: true }],
    ["too long", refused(400, "Bad Request: message is too long"), { kind: "too_long", certain: true }],
    ["a wrong button", refused(400, "Bad Request: BUTTON_DATA_INVALID"), { kind: "bad_format", certain: true }],
  ];
  for (const [name, fault, { retryAfterMs = null, scope = "chat", ...expected }] of table) {
    test(name, async () => {
      await using c = await connect();
      c.telegram.know(1001);
      c.telegram.fault("sendMessage", fault);
      const { kind, certain, retryAfterMs: waits, scope: whose } = await failure(c.adapter.send(outbound({})));
      assert.deepEqual([kind, certain, waits, whose], [expected.kind, expected.certain, retryAfterMs, scope]);
      assert.equal(c.telegram.posts.length, fault.kind === "unanswered" ? 1 : 0);
      // One attempt is one call: repeating is the core's business.
      assert.equal(c.telegram.callCount("sendMessage"), 1);
    });
  }

  test("a chat that is not there, words that are none", async () => {
    await using c = await connect();
    assert.equal((await failure(c.adapter.send(outbound({ chatId: "404" })))).kind, "gone");
    c.telegram.know(1001);
    assert.equal((await failure(c.adapter.send(outbound({ text: " " })))).kind, "bad_format");
  });

  test("markup that is refused again is told without what people wrote", async () => {
    await using c = await connect();
    c.telegram.know(1001);
    c.telegram.fault("sendMessage", refused(400, 'Bad Request: can\'t parse entities: tag "secret words"'), {
      times: 2,
    });
    const error = await failure(c.adapter.send(outbound({})));
    assert.equal(error.kind, "bad_format");
    assert.ok(!error.message.includes("secret"));
  });

  test("a server that is not there certainly got nothing", async () => {
    await using c = await connect({ start: false, apiRoot: "http://127.0.0.1:9" });
    const { kind, certain, scope } = await failure(c.adapter.send(outbound({})));
    assert.deepEqual([kind, certain, scope], ["unreachable", true, "bot"]);
    await using d = await connect({ start: false, apiRoot: "http://no-such-host.invalid" });
    const { kind: unknownHost, certain: isCertain } = await failure(d.adapter.send(outbound({})));
    assert.deepEqual([unknownHost, isCertain], ["unreachable", true]);
  });

  test("a call that is never answered ends after half a minute, not after the library's eight", async (t) => {
    await using c = await connect({ start: false });
    c.telegram.fault("sendMessage", faults.hang);
    // The limit is the library's own timer, which goes by no clock of ours.
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const failed = failure(c.adapter.send(outbound({})));
    while (c.telegram.callCount("sendMessage") === 0) await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(30_000);
    assert.deepEqual([(await failed).kind, (await failed).certain], ["unreachable", false]);
  });

  test("closing ends calls that hang", async () => {
    await using c = await connect();
    c.telegram.fault("sendMessage", faults.hang);
    const failed = failure(c.adapter.send(outbound({})));
    await c.adapter.stop();
    await c.adapter.close?.();
    assert.deepEqual([(await failed).kind, (await failed).certain], ["unreachable", false]);
  });
});

suite("edits", () => {
  test("a post says something else; saying the same again succeeds", async () => {
    await using c = await connect();
    c.telegram.know(1001);
    const id = await c.adapter.send(outbound({ text: "one" }));
    await edit(c.adapter, id, "*two*");
    await edit(c.adapter, id, "*two*");
    assert.deepEqual(
      c.telegram.posts.map(({ text, html }) => [text.trim(), html?.trim()]),
      [["two", "<i>two</i>"]],
    );
    assert.equal(c.telegram.edits.length, 1);
  });

  test("refused markup goes plain, a post that is gone is gone, buttons go when there are none", async () => {
    await using c = await connect();
    c.telegram.know(1001);
    const id = await c.adapter.send(outbound({ text: "one", buttons: [{ label: "x", command: "/x" }] }));
    c.telegram.fault("editMessageText", faults.markupRefused);
    await edit(c.adapter, id, "**two**");
    assert.deepEqual(
      c.telegram.posts.map(({ text, html, buttons }) => [text.trim(), html, buttons.length]),
      [["two", null, 0]],
    );
    assert.equal((await failure(edit(c.adapter, "999999", "two"))).kind, "gone");
  });
});
