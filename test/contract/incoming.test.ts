import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isFrom, type Place, platformNames } from "../support/chat-world.ts";
import { until } from "../support/until.ts";
import { type ConnectedBot, connectBot, outbound } from "./connected-bot.ts";
import { failsOnUnhandledRejections } from "./unhandled-rejections.ts";

const textsOf = ({ intake }: ConnectedBot) => intake.messages.map(({ text }) => text);
/** Waits until a message that is said now has come through: what was said before it would have come, too. */
async function untilHeard(bot: ConnectedBot, place: Place): Promise<void> {
  const marker = `marker ${bot.intake.messages.length}`;
  bot.world.say(place, marker);
  await until("the marker is heard", () => textsOf(bot).includes(marker));
}
/** Waits until nothing waits for the bot's confirmation, where there is such a thing. */
async function untilConfirmed({ world }: ConnectedBot): Promise<void> {
  await until("all is confirmed", () => (world.unconfirmed() ?? 0) === 0);
}

for (const platform of platformNames) {
  suite(`${platform}: what people say`, () => {
    failsOnUnhandledRejections();

    test("a message belongs to its chat and thread, is told with its sender, and without the bot's own mention", async () => {
      await using bot = await connectBot(platform);
      const { world, intake } = bot;
      const said = [
        { said: world.say(world.dm(2), "one", { person: 2 }), text: "one" },
        { said: world.say(world.group(1), "two", { person: 2, mentionsBot: true }), text: "two" },
        { said: world.say(world.thread(1), "three", { person: 2, mentionsBot: true }), text: "three" },
        { said: world.say(world.thread(2), "four", { person: 2, mentionsBot: true }), text: "four" },
      ];
      await until("all are heard", () => said.every(({ text }) => textsOf(bot).includes(text)));
      for (const { said: expected, text } of said) {
        const message = intake.messages.find((each) => each.text === text);
        assert.ok(message !== undefined && isFrom(message, expected.place), `where "${text}" was said`);
        assert.equal(message.messageId, expected.messageId);
        assert.equal(message.source.chatType, expected.place.chatType);
        assert.partialDeepStrictEqual(message.source, { platform, account: "default", userId: world.userId(2) });
        assert.ok(message.source.userName !== null, "people have names");
        assert.equal(message.addressed ?? "yes", "yes");
      }
    });

    test("what is not meant for the bot says so", async () => {
      await using bot = await connectBot(platform);
      const { world, intake } = bot;
      world.say(world.group(1), "among us");
      world.say(world.thread(1), "in our thread");
      await until("both are heard", () => intake.messages.length === 2);
      const addressed = (text: string) => intake.messages.find((each) => each.text === text)?.addressed;
      assert.equal(addressed("among us"), "no");
      assert.ok(["no", "if_taking_part"].includes(addressed("in our thread") ?? ""));
    });

    test("the bot's own posts are no messages", async () => {
      await using bot = await connectBot(platform);
      const { world, adapter } = bot;
      const places = [world.dm(1), world.group(1), world.thread(1)];
      for (const place of places) world.say(place, "hello", { mentionsBot: true });
      await until("all are heard", () => new Set(textsOf(bot)).has("hello") && world.unconfirmed() !== 1);
      for (const place of places) await adapter.send(outbound(world, place, { text: "my own words" }));
      for (const place of places) await untilHeard(bot, place);
      assert.ok(!textsOf(bot).includes("my own words"));
    });

    test("what is delivered twice has the same id both times", async () => {
      await using bot = await connectBot(platform);
      const { world, intake } = bot;
      for (const place of [world.dm(1), world.group(1)]) {
        const said = world.say(place, "once", { mentionsBot: place.chatType !== "dm" });
        said.redeliver();
        await untilHeard(bot, place);
        const heard = intake.messages.filter((message) => message.text === "once" && isFrom(message, said.place));
        assert.ok(heard.length > 0);
        assert.deepEqual(new Set(heard.map(({ messageId }) => messageId)), new Set([said.messageId]));
      }
      await untilConfirmed(bot);
    });

    test("it is confirmed only when it is stored, and its chat keeps its order", async () => {
      await using bot = await connectBot(platform);
      const { world, intake } = bot;
      const stored = Promise.withResolvers<undefined>();
      intake.beforeAccept = ({ text }) => (text === "slow" ? stored.promise : undefined);
      world.say(world.dm(1), "slow");
      world.say(world.dm(1), "after it");
      world.say(world.dm(2), "beside it");
      await until("other chats are heard", () => textsOf(bot).includes("beside it"));
      const waiting = world.unconfirmed();
      assert.ok(waiting === null || waiting > 0);
      stored.resolve(undefined);
      await until("the rest is heard", () => textsOf(bot).includes("after it"));
      await untilConfirmed(bot);
      // The core keeps the order of the calls, whether or not it is waited for in between.
      const inChat = intake.messages.filter((message) => isFrom(message, world.dm(1))).map(({ text }) => text);
      assert.deepEqual([...new Set(inChat)], ["slow", "after it"]);
    });

    test("what can't be stored is not lost", async () => {
      await using bot = await connectBot(platform);
      const { world, intake } = bot;
      let refusals = 2;
      const stored: string[] = [];
      intake.beforeAccept = ({ text }) => {
        if (refusals-- > 0) throw new Error("disk full");
        if (!stored.includes(text)) stored.push(text);
        return undefined;
      };
      world.say(world.dm(1), "first");
      await until("it is stored at last", () => stored.length > 0);
      world.say(world.dm(1), "second");
      await until("the next one is stored", () => stored.length === 2);
      assert.deepEqual(stored, ["first", "second"]);
      await untilConfirmed(bot);
    });

    test("what is not taken since the daemon stops is left for the next process", async () => {
      await using bot = await connectBot(platform);
      const { world, intake, adapter } = bot;
      const heard = world.say(world.dm(1), "before");
      await until("it is heard", () => intake.messages.length === 1);
      intake.beforeAccept = () => ({ kind: "refused", reason: "stopping", message: "I am shutting down." });
      world.say(world.dm(1), "left");
      await until("it is refused", () => textsOf(bot).includes("left"));
      await adapter.stop();
      await adapter.close?.();
      assert.ok((world.unconfirmed() ?? 1) > 0);
      assert.deepEqual(world.posts(), [], "nobody is told to say it again: the next process answers it");

      const next = world.openAdapter({ events: { connected() {}, disconnected() {}, ignored() {}, warning() {} } });
      intake.beforeAccept = () => undefined;
      intake.messages.length = 0;
      const { chatId, threadId } = heard.place;
      intake.places = [{ chatType: "dm", chatId, threadId, lastHeardAtMs: Date.now() - 1_000 }];
      await next.start(intake);
      await until("the next one takes it", () => textsOf(bot).includes("left"));
      await untilConfirmed(bot);
      await next.stop();
      await next.close?.();
    });

    test("what is refused for another reason is confirmed to, and telling its sender is left to the core", async () => {
      await using bot = await connectBot(platform);
      const { world, intake } = bot;
      intake.beforeAccept = ({ text }) =>
        text === "one too many" ? { kind: "refused", reason: "queue_full", message: "Too many." } : undefined;
      world.say(world.dm(1), "one too many");
      await untilHeard(bot, world.dm(1));
      await untilConfirmed(bot);
      assert.deepEqual(world.posts(), []);
      assert.ok(intake.arrivals.every(({ answersSender }) => answersSender === undefined));
    });

    test("who uses a command as the platform offers it is answered by the adapter when it is refused", async () => {
      await using bot = await connectBot(platform);
      const { world, intake } = bot;
      intake.beforeAccept = () => ({ kind: "refused", reason: "queue_full", message: "Too many." });
      world.useCommand(world.group(1), "new");
      await until("it is heard", () => intake.messages.length > 0);
      await untilConfirmed(bot);
      // Telegram's commands are messages.
      const isMessage = platform === "telegram";
      assert.deepEqual(intake.arrivals, [isMessage ? {} : { answersSender: true }]);
    });

    test("edits and deletions start no turn; an edit is told", async () => {
      await using bot = await connectBot(platform);
      const { world, intake } = bot;
      const said = world.say(world.dm(1), "teh");
      await until("it is heard", () => intake.messages.length === 1);
      said.edit("the");
      await until("the edit is told", () => intake.edits.length === 1);
      said.remove();
      await untilHeard(bot, world.dm(1));
      assert.equal(intake.messages.length, 2);
      assert.partialDeepStrictEqual(intake.edits, [
        { chatId: world.dm(1).chatId, messageId: said.messageId, text: "the" },
      ]);
      await untilConfirmed(bot);
    });

    test("a pressed button is its command, said by who pressed it, where it was pressed", async () => {
      await using bot = await connectBot(platform);
      const { world, intake, adapter } = bot;
      world.say(world.dm(3), "hi", { person: 3 });
      await until("it is heard", () => intake.messages.length === 1);
      const buttons = [
        { label: "Back", command: "/resume 2" },
        { label: "Yes", command: "/yes", style: "primary" },
      ] as const;
      const postId = await adapter.send(outbound(world, world.dm(3), { text: "Which?", buttons }));
      const post = world.posts().find((each) => each.postId === postId);
      assert.deepEqual(post?.buttons, ["/resume 2", "/yes"]);
      if (post !== undefined) world.press(post, "/resume 2", 3);
      await until("the press is heard", () => intake.messages.length === 2);
      const [, press] = intake.messages;
      assert.ok(press !== undefined && isFrom(press, world.dm(3)));
      assert.partialDeepStrictEqual(press, { text: "/resume 2", source: { userId: world.userId(3) } });
      await until("the press is acknowledged", () => world.pressesConfirmed() === 1);
      await untilConfirmed(bot);
    });

    test("a command used as the platform offers it is the same as typed", async () => {
      await using bot = await connectBot(platform);
      const { world, intake } = bot;
      for (const place of [world.dm(1), world.group(1)]) world.useCommand(place, "new");
      await until("both are heard", () => intake.messages.length === 2);
      assert.deepEqual(textsOf(bot), ["/new", "/new"]);
      assert.ok(intake.messages.every(({ addressed = "yes" }) => addressed === "yes"));
      assert.equal(new Set(intake.messages.map(({ source }) => source.chatId)).size, 2);
      await untilConfirmed(bot);
    });

    test("a file comes with its message and can be read", async () => {
      await using bot = await connectBot(platform);
      const { world, intake, adapter } = bot;
      const bytes = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from("not really a picture")]);
      world.say(world.dm(1), "look", { file: { name: "view.jpg", mimeType: "image/jpeg", bytes } });
      await until("it is heard", () => intake.messages.length === 1);
      const [message] = intake.messages;
      const [file] = message?.attachments ?? [];
      assert.equal(message?.text, "look");
      assert.ok(file !== undefined);
      assert.partialDeepStrictEqual(file, { kind: "image", mimeType: "image/jpeg", sizeBytes: bytes.byteLength });
      const parts: Uint8Array[] = [];
      const reading = await adapter.fetchFile?.(file.reference, AbortSignal.timeout(5_000));
      for await (const part of reading ?? []) parts.push(part);
      assert.deepEqual(Buffer.concat(parts), bytes);
    });

    test("events that nobody knows, or that make no sense, are confirmed and harm nothing", async () => {
      await using bot = await connectBot(platform);
      const { world, adapter, intake } = bot;
      world.sendOddEvents();
      await untilHeard(bot, world.dm(1));
      assert.equal(intake.messages.length, 1);
      await untilConfirmed(bot);
      assert.ok(adapter.health().connected);
    });
  });
}
