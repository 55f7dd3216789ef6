import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { DeliveryError, isRetryable } from "../../src/platform/delivery-error.ts";
import { platformNames, postsIn } from "../support/chat-world.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";
import { type ConnectedBot, connectBot, outbound } from "./connected-bot.ts";
import { failsOnUnhandledRejections } from "./unhandled-rejections.ts";

/** Has the bot's people speak, so that it may answer there. */
async function introduce({ world, intake }: ConnectedBot): Promise<void> {
  for (const place of [world.dm(1), world.dm(2), world.group(1), world.thread(1)]) {
    world.say(place, "hi", { mentionsBot: place.chatType !== "dm" });
  }
  await until("they are heard", () => intake.messages.length >= 4);
}

async function failureOf(sending: Promise<unknown> | undefined): Promise<DeliveryError> {
  try {
    await sending;
  } catch (error) {
    assert.ok(error instanceof DeliveryError, String(error));
    return error;
  }
  return assert.fail("expected it to fail");
}

for (const platform of platformNames) {
  suite(`${platform}: what the bot posts`, () => {
    failsOnUnhandledRejections();

    test("a post goes where it is meant to, and its id is the platform's", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter } = bot;
      for (const place of [world.dm(1), world.group(1), world.thread(1)]) {
        const postId = await adapter.send(outbound(world, place, { text: `in the ${place.chatType}` }));
        assert.deepEqual(
          postsIn(world, place).map((post) => [post.text, post.postId]),
          [[`in the ${place.chatType}`, postId]],
        );
      }
      assert.equal(world.posts().length, 3);
    });

    test("a long answer is several posts that the platform takes, and no word is lost", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter } = bot;
      const words = Array.from({ length: 2_500 }, (_, n) => `**word${n}**${n % 60 === 59 ? "\n\n" : " "}`).join("");
      const pieces = adapter.split?.(words) ?? [];
      assert.ok(pieces.length > 1);
      for (const text of pieces) await adapter.send(outbound(world, world.dm(1), { text }));
      const seen = postsIn(world, world.dm(1)).flatMap(({ text }) => text.match(/word\d+/g) ?? []);
      assert.equal(postsIn(world, world.dm(1)).length, pieces.length);
      assert.deepEqual(seen, words.match(/word\d+/g));
    });

    test("where the markup is refused the same words go out plain", async (t) => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter } = bot;
      if (!world.refuseMarkup()) return t.skip("this platform refuses no markup");
      await adapter.send(outbound(world, world.dm(1), { text: "a **bold** word" }));
      assert.match(postsIn(world, world.dm(1))[0]?.text ?? "", /a \**bold\** word/);
      assert.equal(world.posts().length, 1);
    });

    test("one post too many is told with the time to wait, and other chats go on", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter } = bot;
      world.fault({ kind: "rate_limited", retryAfterSeconds: 30 }, world.dm(1));
      const failure = await failureOf(adapter.send(outbound(world, world.dm(1))));
      assert.deepEqual([failure.kind, failure.certain, failure.scope], ["rate_limited", true, "chat"]);
      const { retryAfterMs } = failure;
      assert.ok(retryAfterMs !== null && retryAfterMs >= 30_000 && retryAfterMs < 31_000, String(retryAfterMs));
      await adapter.send(outbound(world, world.dm(2)));
      await adapter.send(outbound(world, world.group(1)));
      assert.equal(world.posts().length, 2);
    });

    test("a post that is done but not answered is in doubt, and the doubt can be resolved where the platform allows it", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter } = bot;
      const message = outbound(world, world.dm(1), { text: "once **only**" });
      world.fault({ kind: "unanswered" }, world.dm(1));
      const failure = await failureOf(adapter.send(message));
      assert.equal(failure.certain, false);
      assert.ok(isRetryable(failure.kind));
      const [post] = postsIn(world, world.dm(1));
      assert.ok(post !== undefined);
      const again = { ...message, attempt: 2 };
      // Telegram can't be asked: there the outbox resends once.
      assert.equal(adapter.findPost === undefined, platform === "telegram");
      if (adapter.findPost === undefined) return;
      // Absent also stands for: the platform itself will not take it twice.
      const found = await adapter.findPost(again);
      assert.equal(found.kind === "found" ? found.postId : await adapter.send(again), post.postId);
      assert.equal(world.posts().length, 1);
      const other = outbound(world, world.dm(1), { text: "once **only**" });
      assert.notDeepEqual(await adapter.findPost(other), { kind: "found", postId: post.postId });
    });

    test("a post that got lost on its way is in doubt, and found to be absent where the platform can be asked", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter } = bot;
      const message = outbound(world, world.thread(1), { text: "never there" });
      world.fault({ kind: "cut" }, world.thread(1));
      const failure = await failureOf(adapter.send(message));
      assert.equal(failure.certain, false);
      assert.ok(isRetryable(failure.kind));
      const again = { ...message, attempt: 2 };
      if (adapter.findPost !== undefined) assert.deepEqual(await adapter.findPost(again), { kind: "absent" });
      await adapter.send(again);
      assert.equal(postsIn(world, world.thread(1)).length, 1);
    });

    test("a server in trouble is tried again later; a chat that is not there is not", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter } = bot;
      world.fault({ kind: "server_error" });
      assert.ok(isRetryable((await failureOf(adapter.send(outbound(world, world.dm(1))))).kind));
      const nowhere = { ...world.dm(1), chatId: "4040404040404" };
      const failure = await failureOf(adapter.send(outbound(world, nowhere)));
      assert.ok(["gone", "forbidden"].includes(failure.kind), failure.kind);
      assert.equal(failure.certain, true);
      for (const secret of world.secrets) assert.ok(!failure.message.includes(secret));
    });

    test("a post is changed, its buttons with it; a change that changes nothing succeeds, one of what is gone says so", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter } = bot;
      const { chatId, threadId } = world.thread(1);
      const buttons = [{ label: "Stop", command: "/stop" }];
      const postId = await adapter.send(outbound(world, world.thread(1), { text: "Thinking…", buttons }));
      const edit = { chatId, threadId, postId, text: "The answer is `42`", buttons: [], isFinal: true };
      for (let times = 0; times < 2; times++) await adapter.edit?.(edit);
      assert.partialDeepStrictEqual(postsIn(world, world.thread(1)), [{ postId, buttons: [] }]);
      assert.match(postsIn(world, world.thread(1))[0]?.text ?? "", /^The answer is `?42`?$/);
      const missing = { telegram: "999999", discord: "999999999999999999", slack: "999999999.000001" }[platform];
      const failure = await failureOf(adapter.edit?.({ ...edit, postId: missing }));
      assert.equal(failure.kind, "gone");
    });

    test("it shows that it is at work, and takes that back", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter, intake } = bot;
      for (const { source, messageId } of intake.messages.slice(0, 4)) {
        const { chatId, threadId } = source;
        const before = world.typingCount();
        await adapter.typing?.({ chatId, threadId, messageId });
        await until("it is shown", () => world.typingCount() > before);
        await adapter.typingDone?.({ chatId, threadId, messageId });
      }
      assert.equal(world.posts().length, 0);
    });

    test("a file arrives whole, with its name and its caption, in its place", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter } = bot;
      using folder = tempDir();
      const bytes = Buffer.from("a,b\n1,2\n");
      const path = join(folder.path, "stored-under-a-name-of-ours");
      writeFileSync(path, bytes);
      const file = {
        kind: "file",
        mimeType: "text/csv",
        sizeBytes: bytes.byteLength,
        name: "table.csv",
        path,
      } as const;
      await adapter.send(outbound(world, world.thread(1), { text: "the table", file }));
      const [post] = postsIn(world, world.thread(1));
      assert.deepEqual([post?.text, post?.file?.name], ["the table", "table.csv"]);
      assert.deepEqual(Buffer.from(post?.file?.bytes ?? []), bytes);
    });

    test("an answer for the asker alone is seen by nobody else, where the platform can show such a thing", async () => {
      await using bot = await connectBot(platform);
      await introduce(bot);
      const { world, adapter, intake } = bot;
      await adapter.publishCommands?.([{ name: "whoami", usage: "", summary: "Who you are.", isPrivate: true }]);
      world.useCommand(world.group(1), "whoami", 2);
      await until("it is heard", () => intake.messages.some(({ text }) => text === "/whoami"));
      const asked = intake.messages.find(({ text }) => text === "/whoami");
      assert.ok(asked !== undefined && asked.source.userId !== null);
      const { messageId } = asked;
      const before = world.posts().length;
      const about = { replyToMessageId: messageId, privateTo: { userId: asked.source.userId, messageId } };
      for (const text of ["you", "and more"]) await adapter.send(outbound(world, world.group(1), { ...about, text }));
      const canShow = platform !== "telegram";
      assert.deepEqual(
        world.privatePosts().map(({ text }) => text),
        canShow ? ["you", "and more"] : [],
      );
      assert.equal(world.posts().length - before, canShow ? 0 : 2);
      assert.ok(world.privatePosts().every(({ userId }) => userId === null || userId === world.userId(2)));
    });

    test("commands are published where the platform lists them", async () => {
      await using bot = await connectBot(platform);
      const commands = [
        { name: "new", usage: "[text]", summary: "Start a new conversation." },
        { name: "help", usage: "", summary: "What I understand." },
      ];
      assert.equal(bot.adapter.publishCommands === undefined, platform === "slack");
      await bot.adapter.publishCommands?.(commands);
    });
  });
}
