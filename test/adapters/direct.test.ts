import assert from "node:assert/strict";
import { test } from "node:test";
import { localAdapter } from "../../adapters/local/adapter.ts";
import { webAdapter } from "../../adapters/web/adapter.ts";
import type { Clock } from "../../src/clock/clock.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import type { Acceptance } from "../../src/platform/adapter.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { testIntake } from "../support/test-intake.ts";

const body = { chatId: "c", userId: "u", text: "hi" };
const accepted: Acceptance = { kind: "accepted", inboxId: 1, sessionKey: "k" };

for (const make of [webAdapter, localAdapter]) {
  const open = (clock: Clock) => make(clock, "/nowhere");
  const { platform } = open(fakeClock(0));

  test(`the ${platform} adapter hands messages over, each with an id of its own`, async () => {
    const adapter = open(fakeClock(5));
    const messages: InboundMessage[] = [];
    await adapter.start({
      ...testIntake(),
      accept: async (message) => {
        messages.push(message);
        return accepted;
      },
    });
    assert.deepEqual(await adapter.receive(body), accepted);
    await adapter.receive(body);
    assert.equal(new Set(messages.map(({ messageId }) => messageId)).size, 2);
    assert.equal(messages[0]?.source.platform, platform);
    assert.equal(adapter.health().lastEventAtMs, 5);
  });

  test(`the ${platform} adapter is connected from its start to its stop`, async () => {
    const adapter = open(fakeClock(0));
    assert.equal(adapter.health().connected, false);
    await assert.rejects(adapter.receive(body), /before its adapter was started/);
    await adapter.start({ ...testIntake(), accept: async () => accepted });
    assert.equal(adapter.health().connected, true);
    await adapter.stop();
    assert.equal(adapter.health().connected, false);
  });

  test(`stopping the ${platform} adapter waits for what is being accepted, even if that fails`, async () => {
    const adapter = open(fakeClock(0));
    const accepting = Promise.withResolvers<Acceptance>();
    await adapter.start({ ...testIntake(), accept: () => accepting.promise });
    const received = adapter.receive(body);
    let isStopped = false;
    const stopping = adapter.stop().then(() => {
      isStopped = true;
    });
    await Promise.resolve();
    assert.equal(isStopped, false);
    accepting.reject(new Error("disk full"));
    await assert.rejects(received, /disk full/);
    await stopping;
  });

  test(`posts of the ${platform} adapter are delivered by being stored`, async () => {
    const adapter = open(fakeClock(0));
    assert.equal(adapter.deliversOnStore, true);
    const place = { platform, account: "default", chatId: "c", threadId: null };
    const post = {
      ...place,
      outboxId: 1,
      text: "x",
      file: null,
      buttons: [],
      replyToMessageId: null,
      privateTo: null,
      attempt: 1,
      firstTriedAtMs: 0,
    };
    await assert.rejects(adapter.send(post), (error) => error instanceof DeliveryError && error.certain);
  });
}
