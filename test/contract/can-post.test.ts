import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { platformNames } from "../support/chat-world.ts";
import { until } from "../support/until.ts";
import { connectBot, outbound } from "./connected-bot.ts";
import { failsOnUnhandledRejections } from "./unhandled-rejections.ts";

for (const platform of platformNames) {
  suite(`${platform}: whether the bot can post in a place`, () => {
    failsOnUnhandledRejections();
    const { signal } = new AbortController();

    test("where people have spoken to it, it can", async () => {
      await using bot = await connectBot(platform);
      const { world, adapter, intake } = bot;
      const places = [world.dm(1), world.group(1), world.thread(1)];
      for (const place of places) world.say(place, "hi", { mentionsBot: place.chatType !== "dm" });
      await until("they are heard", () => intake.messages.length >= places.length);
      for (const place of places) assert.equal(await adapter.canPost?.(place, signal), null);
      assert.equal(world.posts().length, 0);
    });

    test("where it is not, it is told why and what to do, and a post would fail", async () => {
      await using bot = await connectBot(platform);
      const { world, adapter } = bot;
      const place = world.outside();
      assert.match((await adapter.canPost?.(place, signal)) ?? "", /\. .*(add|invite|that the bot is in)/i);
      await assert.rejects(adapter.send(outbound(world, place)), DeliveryError);
    });
  });
}
