import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { serve } from "@hono/node-server";
import type { Acceptance } from "../../../src/platform/adapter.ts";
import { commandBody, eventBody, pressBody } from "../../fake/slack/bodies.ts";
import type { FakeSlack } from "../../fake/slack/fake-slack.ts";
import { formOf, signedRequest } from "../../fake/slack/signed-request.ts";
import { until } from "../../support/until.ts";
import { runningSlack, SIGNING_SECRET } from "./running-slack.ts";

const FORM = { contentType: "application/x-www-form-urlencoded" };

test("without Socket Mode events come over HTTP, and are answered when they are on disk", async () => {
  await using slack = await runningSlack({ mode: "http", appToken: null });
  const { fake, adapter, intake } = slack;
  assert.deepEqual(adapter.health(), { connected: true, lastEventAtMs: null, detail: "waiting for Slack's calls" });
  let stored: (acceptance: Acceptance | undefined) => void = () => {};
  intake.beforeAccept = () =>
    new Promise((resolve) => {
      stored = resolve;
    });
  let status = 0;
  const answering = slack.adapter.webhook?.(signedRequest(SIGNING_SECRET, said(fake, "hello"))).then((response) => {
    status = response.status;
  });
  await until("the message is being stored", () => intake.messages.length === 1);
  assert.equal(status, 0);
  stored(undefined);
  await answering;
  assert.equal(status, 200);
  assert.equal(intake.messages[0]?.text, "hello");
  assert.ok(adapter.health().lastEventAtMs !== null);
});

test("a call that is not Slack's, or not a late one's, goes no further", async () => {
  await using slack = await runningSlack({ mode: "http" });
  const { fake, adapter, intake } = slack;
  const body = said(fake, "hello");
  const nowSeconds = Math.floor(Date.now() / 1000);
  const genuine = signedRequest(SIGNING_SECRET, body);
  const tampered = new Request(genuine.url, {
    method: "POST",
    headers: genuine.headers,
    body: body.replace("hello", "hullo"),
  });
  for (const request of [
    tampered,
    signedRequest("another secret", body),
    signedRequest(SIGNING_SECRET, body, { nowSeconds: nowSeconds - 301 }),
    signedRequest(SIGNING_SECRET, body, { nowSeconds: nowSeconds + 301 }),
    new Request(genuine.url, { method: "POST", body }),
    new Request(genuine.url, {
      method: "POST",
      body,
      headers: { "X-Slack-Request-Timestamp": "NaN", "X-Slack-Signature": "v0=" },
    }),
  ]) {
    assert.equal((await adapter.webhook?.(request))?.status, 401);
  }
  assert.equal((await adapter.webhook?.(new Request(genuine.url)))?.status, 405);
  assert.equal((await adapter.webhook?.(signedRequest(SIGNING_SECRET, "x".repeat(1024 * 1024 + 1))))?.status, 413);
  assert.equal((await adapter.webhook?.(signedRequest(SIGNING_SECRET, "no json")))?.status, 400);
  assert.equal(intake.messages.length, 0);
  assert.equal(adapter.health().lastEventAtMs !== null, true, "the last call was signed");
});

test("Slack's checks are answered", async () => {
  await using slack = await runningSlack({ mode: "http" });
  const challenge = JSON.stringify({ type: "url_verification", challenge: "abc" });
  const response = await slack.adapter.webhook?.(signedRequest(SIGNING_SECRET, challenge));
  assert.deepEqual(await response?.json(), { challenge: "abc" });
  const ssl = await slack.adapter.webhook?.(signedRequest(SIGNING_SECRET, "ssl_check=1&token=x", FORM));
  assert.equal(ssl?.status, 200);
});

test("slash commands and buttons come as forms", async () => {
  await using slack = await runningSlack({ mode: "http" });
  const { fake, adapter, intake } = slack;
  const where = { user: "U0ADA", channel: "D0ADA", channelName: "directmessage" };
  const command = formOf(
    commandBody(fake.bot, { ...where, command: "/parley", text: "new & shiny", triggerId: "1.2" }),
  );
  const press = pressBody(fake.bot, {
    ...where,
    messageTs: "1.000001",
    threadTs: null,
    value: "/stop",
    actionTs: "2.0",
  });
  const forms = [command, formOf({ payload: JSON.stringify(press) })];
  for (const body of forms) {
    const response = await adapter.webhook?.(signedRequest(SIGNING_SECRET, body, FORM));
    assert.deepEqual([response?.status, await response?.text()], [200, ""]);
  }
  assert.deepEqual(
    intake.messages.map(({ text }) => text),
    ["/new & shiny", "/stop"],
  );
  intake.beforeAccept = () => ({ kind: "refused", reason: "queue_full", message: "one moment" });
  const refused = await adapter.webhook?.(signedRequest(SIGNING_SECRET, command, FORM));
  assert.deepEqual(await refused?.json(), { response_type: "ephemeral", text: "one moment" });
});

test("what could not be taken is answered so that Slack repeats it", async () => {
  await using slack = await runningSlack({ mode: "http", starts: false });
  const { fake, adapter, intake } = slack;
  const post = async () => (await adapter.webhook?.(signedRequest(SIGNING_SECRET, said(fake, "hello"))))?.status;
  assert.equal(await post(), 503, "not started yet");
  await adapter.start(intake);
  intake.beforeAccept = () => {
    throw new Error("the disk is full");
  };
  assert.equal(await post(), 503);
  intake.beforeAccept = () => ({ kind: "refused", reason: "stopping", message: "later" });
  assert.equal(await post(), 503);
  intake.beforeAccept = () => undefined;
  assert.equal(await post(), 200);
  await adapter.stop();
  assert.equal(await post(), 503, "stopped");
});

test("over real HTTP, what could not be taken at first is repeated and taken once it can be", async () => {
  await using slack = await runningSlack({ mode: "http", fake: { redeliverAfterMs: 30 } });
  const { fake, adapter, intake } = slack;
  const server = serve({
    fetch: (request: Request) => adapter.webhook?.(request) ?? new Response(null, { status: 404 }),
    hostname: "127.0.0.1",
    port: 0,
  });
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  fake.sockets.deliverOverHttp({ url: `http://127.0.0.1:${address.port}/`, signingSecret: SIGNING_SECRET });
  intake.beforeAccept = () => {
    if (intake.messages.length === 1) throw new Error("the disk is full");
    return undefined;
  };
  fake.say({ text: "hello" });
  await until("it is confirmed", () => fake.sockets.envelopes[0]?.ackedAtMs !== null);
  const press = fake.press("/stop", { channel: "D0ADA", ts: fake.sayUnheard({ text: "pick" }) });
  const command = fake.command("new");
  await until("both are confirmed", () => press.ackedAtMs !== null && command.ackedAtMs !== null);
  assert.deepEqual(
    intake.messages.slice(0, 2).map(({ text }) => text),
    ["hello", "hello"],
  );
  assert.deepEqual(
    intake.messages
      .slice(2)
      .map(({ text }) => text)
      .sort(),
    ["/new", "/stop"],
  );
  await new Promise((resolve) => server.close(resolve));
});

test("in Socket Mode there is no webhook", async () => {
  await using slack = await runningSlack({ starts: false });
  assert.equal(slack.adapter.webhook, undefined);
});

function said({ bot }: FakeSlack, text: string): string {
  const event = { type: "message", user: "U0ADA", text, ts: "1767225600.000100", channel: "D0ADA", channel_type: "im" };
  return JSON.stringify(eventBody(bot, event, "Ev1"));
}
