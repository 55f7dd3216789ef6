import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isFrom, platformNames } from "../support/chat-world.ts";
import { testIntake } from "../support/test-intake.ts";
import { until } from "../support/until.ts";
import { connectBot, outbound } from "./connected-bot.ts";
import { failsOnUnhandledRejections } from "./unhandled-rejections.ts";

/** Well-formed, and nobody's. */
const wrongTokens = {
  telegram: "99999999:not-the-token-at-all",
  discord: "not-the-token-at-all",
  slack: "xoxb-not-the-token-at-all",
};
/** Where an operator is sent for a right one. */
const advice = { telegram: /@BotFather/, discord: /discord\.com\/developers/, slack: /OAuth & Permissions/ };

const sameJson = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

for (const platform of platformNames) {
  suite(`${platform}: the connection`, () => {
    failsOnUnhandledRejections();

    test("a wrong token ends the start with where to get a right one, and never the token", async () => {
      await using bot = await connectBot(platform, { starts: false, token: wrongTokens[platform] });
      await assert.rejects(bot.adapter.start(bot.intake), (error: Error) => {
        assert.match(error.message, advice[platform]);
        assert.ok(!`${error.message}\n${bot.told.join("\n")}`.includes("not-the-token-at-all"));
        return true;
      });
      assert.equal(bot.adapter.health().connected, false);
    });

    test("one that breaks off is made again, and what was said meanwhile arrives, in order and with one id each", async () => {
      await using bot = await connectBot(platform);
      const { world, adapter, intake } = bot;
      world.say(world.dm(1), "before");
      await until("it is heard", () => intake.messages.length === 1);
      world.dropConnections();
      const said = ["one", "two", "three"].map((text) => world.say(world.dm(1), text));
      const heard = () => new Set(intake.messages.map(({ messageId }) => messageId));
      await until("all is heard", () => heard().size === 4);
      await until("it is connected", () => world.isConnected() && adapter.health().connected);
      assert.deepEqual(
        [...heard()].slice(1),
        said.map(({ messageId }) => messageId),
      );
      assert.notEqual(adapter.health().lastEventAtMs, null);
    });

    test("what was said while it was down is heard after the start, the earliest first", async () => {
      await using bot = await connectBot(platform, { starts: false });
      const { world, adapter, intake } = bot;
      world.forgetsWhileDown();
      const places = [world.dm(1), world.group(1), world.thread(1)];
      const sinceMs = Date.now() - 1_000;
      const said = ["one", "two"].flatMap((text) =>
        places.map((place) => world.say(place, text, { mentionsBot: true })),
      );
      intake.places = places.map((place) => ({ ...place, lastHeardAtMs: sinceMs }));
      await adapter.start(intake);
      // What others said in a thread before is read with it, and not meant for the bot.
      const heard = () => intake.messages.filter(({ addressed = "yes" }) => addressed === "yes");
      await until("all is heard", () => new Set(heard().map(({ messageId }) => messageId)).size === said.length);
      for (const { place } of said) {
        const idsThere = heard().flatMap((message) => (isFrom(message, place) ? [message.messageId] : []));
        assert.deepEqual(
          [...new Set(idsThere)],
          said.filter((each) => sameJson(each.place, place)).map(({ messageId }) => messageId),
        );
      }
      for (const { messageId, place } of said) {
        const message = intake.messages.find((each) => each.messageId === messageId);
        assert.deepEqual([message?.source.chatId, message?.source.threadId], [place.chatId, place.threadId]);
      }
    });

    test("a stop waits for what is being taken, takes nothing after it, and posts still go out", async () => {
      await using bot = await connectBot(platform);
      const { world, adapter, intake } = bot;
      const stored = Promise.withResolvers<undefined>();
      intake.beforeAccept = () => stored.promise;
      world.say(world.dm(1), "under way");
      await until("it is being taken", () => intake.messages.length === 1);
      let isStopped = false;
      const stopping = adapter.stop().then(() => {
        isStopped = true;
      });
      world.say(world.dm(2), "too late");
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(isStopped, false);
      intake.beforeAccept = () => ({ kind: "refused", reason: "stopping", message: "I am shutting down." });
      stored.resolve(undefined);
      await stopping;
      await until("the one is confirmed, the other is left", () => (world.unconfirmed() ?? 1) === 1);
      await adapter.send(outbound(world, world.dm(1), { text: "the answer" }));
      assert.deepEqual(
        world.posts().map(({ text }) => text),
        ["the answer"],
      );
    });

    test("it can be ended before it began, more than once, and while it tries to connect", async () => {
      await using bot = await connectBot(platform, { starts: false });
      await bot.adapter.stop();
      await bot.adapter.stop();
      await bot.adapter.close?.();
      const { world } = bot;
      const other = world.openAdapter({ events: { connected() {}, disconnected() {}, ignored() {}, warning() {} } });
      const starting = other.start(testIntake());
      await other.stop();
      await other.close?.();
      await starting.catch(() => {
        // Ended before it was there: either is fine, as long as it ends.
      });
      await until("no connection is left", () => !world.isConnected());
    });
  });
}
