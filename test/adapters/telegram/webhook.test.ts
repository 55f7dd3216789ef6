import assert from "node:assert/strict";
import { createServer } from "node:http";
import { suite, test } from "node:test";
import { faults } from "../../fake/telegram/faults.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";
import { connect, outbound } from "./connect.ts";

const secret = "S3cret_of-ours";
const url = "https://example.org/webhooks/telegram/default";

function call(body: string | Buffer, given: string | null = secret, method = "POST"): Request {
  const headers = given === null ? {} : { "x-telegram-bot-api-secret-token": given };
  return new Request(url, { method, headers, ...(method === "POST" ? { body } : {}) });
}

function connected(options: Parameters<typeof connect>[0] = {}) {
  return connect({ mode: "webhook", webhookUrl: url, webhookSecret: secret, ...options });
}

const update = (text: string, chatId = 5) =>
  JSON.stringify({
    update_id: 1,
    message: { message_id: 1, date: 1, chat: { id: chatId, type: "private" }, from: { id: 5 }, text },
  });

suite("reading by webhook", () => {
  test("the webhook is set with its secret", async () => {
    await using c = await connected();
    assert.deepEqual([c.telegram.webhook?.url, c.telegram.webhook?.secret], [url, secret]);
    assert.ok(c.telegram.webhook?.allowedUpdates.includes("callback_query"));
    assert.equal(c.telegram.callCount("getUpdates"), 0);
    assert.match(c.adapter.health().detail, /by webhook/);
  });

  test("only Telegram is heard, and answered 200 only when the message is stored", async () => {
    await using c = await connected();
    const status = async (request: Request) => (await c.adapter.webhook?.(request))?.status;
    assert.equal(await status(call(update("hi"), null)), 401);
    assert.equal(await status(call(update("hi"), "wrong")), 401);
    assert.equal(await status(call("", secret, "GET")), 405);
    assert.equal(await status(call("{")), 400);
    assert.equal(await status(call(Buffer.alloc(1024 * 1024 + 1, 32))), 413);
    assert.equal(c.intake.messages.length, 0);
    c.intake.beforeAccept = () => {
      throw new Error("disk full");
    };
    assert.equal(await status(call(update("hi"))), 503);
    c.intake.beforeAccept = () => ({ kind: "refused", reason: "stopping", message: "bye" });
    assert.equal(await status(call(update("hi"))), 503);
    let store = () => {};
    c.intake.beforeAccept = () => new Promise((resolve) => (store = () => resolve(undefined)));
    let answered: number | undefined;
    const answer = status(call(update("hi"))).then((given) => (answered = given));
    await until("it is handed over", () => c.intake.messages.length === 3);
    assert.equal(answered, undefined);
    store();
    assert.equal(await answer, 200);
    c.intake.beforeAccept = () => undefined;
    await c.adapter.stop();
    assert.equal(await status(call(update("hi"))), 503);
  });

  test("the messages of one chat wait for each other, chats don't", async () => {
    await using c = await connected();
    let store = () => {};
    c.intake.beforeAccept = ({ text }) =>
      text === "first" ? new Promise((resolve) => (store = () => resolve(undefined))) : undefined;
    const answers = [update("first", 5), update("second", 5), update("elsewhere", 6)].map(
      async (body) => await c.adapter.webhook?.(call(body)),
    );
    await until("both chats are heard", () => c.intake.messages.length === 2);
    assert.deepEqual(
      c.intake.messages.map(({ text }) => text),
      ["first", "elsewhere"],
    );
    store();
    await Promise.all(answers);
    assert.equal(c.intake.messages[2]?.text, "second");
  });

  test("a message goes the whole way over HTTP, and again when it could not be stored", async () => {
    let isFull = true;
    let receive: (request: Request) => Promise<Response> = async () => new Response(null, { status: 503 });
    const server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const given = incoming.headers["x-telegram-bot-api-secret-token"];
        const request = call(Buffer.concat(chunks), typeof given === "string" ? given : null);
        void receive(request).then(({ status }) => response.writeHead(status).end());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    {
      await using c = await connected({ webhookUrl: `http://127.0.0.1:${address.port}/` });
      c.intake.beforeAccept = () => {
        if (isFull) throw new Error("disk full");
        return undefined;
      };
      receive = async (request) => (await c.adapter.webhook?.(request)) ?? new Response(null, { status: 404 });
      c.telegram.say({ chatId: 1001, text: "hi" });
      await until("it is tried again", () => c.intake.messages.length > 2);
      isFull = false;
      await until("it is confirmed", () => c.telegram.unconfirmed() === 0);
      await c.adapter.send(outbound({ text: "hello" }));
      assert.equal(c.telegram.posts.length, 1);
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

suite("what goes wrong with webhooks", () => {
  test("an address that Telegram does not take refuses to start", async () => {
    await using c = await connected({ start: false, webhookUrl: "ftp://example.org/" });
    await assert.rejects(c.adapter.start(c.intake), /webhookUrl.*HTTPS/);
  });

  test("one that somebody else changed is set again, and one that is not reached is said", async () => {
    const clock = fakeClock(0);
    await using c = await connected({ clock });
    await until("it looks", () => c.telegram.callCount("getWebhookInfo") === 1 && clock.timerCount() === 1);
    c.telegram.webhook = { url: "https://elsewhere.example/", secret: null, allowedUpdates: [] };
    await clock.advance(60_000);
    await until("it is set again", () => c.telegram.webhook?.url === url);
    assert.match(c.told.lines.join(), /set again/);
    await until("it sleeps", () => clock.timerCount() === 1);

    c.telegram.push({ poll: {} });
    await until("Telegram fails", () => c.telegram.webhookTrouble !== null);
    // The server goes by the machine's clock: it fails now, a minute after the adapter's clock.
    clock.jumpWallClock(Date.now() - 60_000);
    await clock.advance(60_000);
    await until("it is said", () => !c.adapter.health().connected);
    assert.match(c.adapter.health().detail, /does not reach .*: /);
  });

  test("Telegram out of reach is tried again", async () => {
    const clock = fakeClock(0);
    await using c = await connected({ clock });
    await until("it looks", () => c.telegram.callCount("getWebhookInfo") === 1 && clock.timerCount() === 1);
    c.telegram.fault("getWebhookInfo", faults.closed);
    await clock.advance(60_000);
    await until("it is lost", () => !c.adapter.health().connected);
    await until("it is back", async () => {
      if (!c.adapter.health().connected) await clock.advance(500);
      return c.told.lines.includes("connected");
    });
  });
});
