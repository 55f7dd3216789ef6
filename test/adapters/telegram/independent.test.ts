import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { TelegramServer } from "telegram-test-api/lib/telegramServer.js";
import { telegramAdapter } from "../../../adapters/telegram/adapter.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import { testIntake } from "../../support/test-intake.ts";
import { until } from "../../support/until.ts";
import { outbound, remembered, token } from "./connect.ts";

test("a server that others wrote is spoken to: a message arrives, a post arrives", async () => {
  const server = new TelegramServer({ host: "127.0.0.1", port: await freePort() });
  await server.start();
  const intake = testIntake();
  const adapter = telegramAdapter({
    account: "default",
    token,
    apiRoot: server.config.apiURL,
    mode: "polling",
    webhookUrl: "",
    webhookSecret: "",
    clock: systemClock,
    events: remembered(),
  });
  try {
    await adapter.start(intake);
    const client = server.getClient(token, { userId: 42, chatId: 42 });
    await client.sendMessage(client.makeMessage("hi"));
    await until("the message arrives", () => intake.messages.length === 1);
    const [message] = intake.messages;
    assert.deepEqual([message?.text, message?.source.userId, message?.source.chatType], ["hi", "42", "dm"]);
    await adapter.send(outbound({ chatId: "42", text: "**hello**" }));
    assert.match(JSON.stringify(server.storage.botMessages), /<b>hello<\/b>/);
  } finally {
    await adapter.stop();
    await adapter.close?.();
    await server.stop();
  }
});

/** The emulator takes no port 0. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  assert.ok(address !== null && typeof address === "object");
  await new Promise((resolve) => probe.close(resolve));
  return address.port;
}
