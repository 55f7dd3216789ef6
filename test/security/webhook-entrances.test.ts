import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { eventBody } from "../fake/slack/bodies.ts";
import { formOf, signedCall } from "../fake/slack/signed-request.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

const TELEGRAM_SECRET = "secret_of_the_webhook";
const SLACK_SECRET = "0123456789abcdef0123456789abcdef";
const CONSOLE_TOKEN = "the-token-of-the-console";
const FORM = "application/x-www-form-urlencoded";

interface Call {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const nowSeconds = () => Math.floor(Date.now() / 1_000);
let updates = 0;
/** As the events of the workspace name it. */
const bot = { teamId: "T0HARNESS", appId: "A0HARNESS", userId: "U0BOTUSER", botId: "B0BOT", name: "parley" };

function update(text: string): string {
  const from = { id: 1_001, first_name: "Ann", is_bot: false };
  const message = { message_id: ++updates, date: nowSeconds(), chat: { id: 1_001, type: "private" }, from, text };
  return JSON.stringify({ update_id: updates, message });
}

function telegramCall(text: string, secret: string | null): Call {
  const given = secret === null ? {} : { "x-telegram-bot-api-secret-token": secret };
  return { body: update(text), headers: { "content-type": "application/json", ...given } };
}

function slackEvent(text: string): string {
  const ts = `${nowSeconds()}.${String(++updates).padStart(6, "0")}`;
  const event = { type: "message", channel: "D00000001", channel_type: "im", user: "U00000001", text, ts };
  return JSON.stringify(eventBody(bot, event, `Ev${updates}`));
}

const command = (text: string) =>
  formOf({ command: "/whoami", text, user_id: "U00000001", channel_id: "D00000001", trigger_id: String(++updates) });

/** Calls that are not their platform's; each says what would be heard. */
const forged: readonly (readonly [what: string, path: string, call: (text: string) => Call])[] = [
  ["Telegram's without a secret", "telegram", (text) => telegramCall(text, null)],
  ["Telegram's with a wrong secret", "telegram", (text) => telegramCall(text, "secret_of_the_webhooK")],
  ["Telegram's with the beginning of the secret", "telegram", (text) => telegramCall(text, "secret_of_the")],
  ["Telegram's with Slack's secret", "telegram", (text) => telegramCall(text, SLACK_SECRET)],
  [
    "Telegram's with the token of the console alone",
    "telegram",
    (text) => {
      const { body, headers } = telegramCall(text, null);
      return { body, headers: { ...headers, authorization: `Bearer ${CONSOLE_TOKEN}` } };
    },
  ],
  ["Slack's with another secret", "slack", (text) => signedCall("another secret", slackEvent(text))],
  [
    "Slack's of six minutes ago, played again",
    "slack",
    (text) => signedCall(SLACK_SECRET, slackEvent(text), { nowSeconds: nowSeconds() - 360 }),
  ],
  [
    "Slack's of a time to come",
    "slack",
    (text) => signedCall(SLACK_SECRET, slackEvent(text), { nowSeconds: nowSeconds() + 360 }),
  ],
  [
    "Slack's old one under a new time",
    "slack",
    (text) => {
      const old = signedCall(SLACK_SECRET, slackEvent(text), { nowSeconds: nowSeconds() - 360 });
      return { ...old, headers: { ...old.headers, "X-Slack-Request-Timestamp": String(nowSeconds()) } };
    },
  ],
  [
    "Slack's with other words under its signature",
    "slack",
    (text) => ({ ...signedCall(SLACK_SECRET, slackEvent("something else")), body: slackEvent(text) }),
  ],
  [
    "Slack's command without a signature",
    "slack",
    (text) => ({ body: command(text), headers: { "content-type": FORM } }),
  ],
  [
    "Slack's command with another secret",
    "slack",
    (text) => signedCall("another secret", command(text), { contentType: FORM }),
  ],
];

suite("webhooks", () => {
  test("what is not signed by its platform, and lately, says nothing; what is, is heard", async (t) => {
    const asked: string[] = [];
    const agent: AgentBackend = {
      name: "recorder",
      async *run({ message }) {
        await Promise.resolve();
        asked.push(message.text);
        yield { kind: "done" };
      },
    };
    await using parley = await startPlatformDaemon({
      agents: { main: agent },
      more: () => ({ console: { token: CONSOLE_TOKEN }, sessions: { titles: "text" } }),
      sections: {
        telegram: {
          mode: "webhook",
          webhookUrl: "https://parley.invalid/webhooks/telegram/default",
          webhookSecret: TELEGRAM_SECRET,
        },
        slack: { mode: "http", signingSecret: SLACK_SECRET },
      },
    });
    const { url } = parley.daemon();
    const post = async (path: string, { body, headers }: Call) =>
      (await fetch(`${url}/webhooks/${path}/default`, { method: "POST", body, headers })).status;
    await until(
      "Telegram's calls are taken",
      async () => (await post("telegram", telegramCall("first words", TELEGRAM_SECRET))) === 200,
    );
    for (const [what, path, call] of forged) {
      await t.test(`${what}: refused`, async () => assert.equal(await post(path, call("forged words")), 401));
    }
    for (const path of ["discord", "web", "nothing"])
      assert.equal(await post(path, telegramCall("forged words", TELEGRAM_SECRET)), 404, path);
    assert.equal(await post("telegram", telegramCall("genuine words", TELEGRAM_SECRET)), 200);
    assert.equal(await post("slack", signedCall(SLACK_SECRET, slackEvent("genuine words"))), 200);
    await until("both are heard", () => asked.length === 3);
    assert.deepEqual(asked, ["first words", "genuine words", "genuine words"]);
    // Nor was any of the commands.
    assert.equal(parley.logged().match(/message accepted/g)?.length, 3);
  });
});
