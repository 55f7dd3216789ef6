import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readUpdate } from "../../../adapters/telegram/read.ts";
import { ada, bot, botUser, dm, forum, group, message, replied, team } from "./update.ts";

function said(chat: object, fields: Readonly<Record<string, unknown>>) {
  const reading = readUpdate(message(chat, fields), bot);
  assert.ok(reading.kind === "message", JSON.stringify(reading));
  return reading.message;
}

suite("whom it is meant for, and what is left of the text", () => {
  const topic = { message_thread_id: 77, is_topic_message: true };
  const creation = { message_id: 77, forum_topic_created: { name: "Plans", icon_color: 1 } };
  const forwarded = { forward_origin: { type: "user", date: 1, sender_user: { id: 3, first_name: "Eve" } } };
  const photo = [{ file_id: "p", width: 1, height: 1 }];
  const emojiFirst = "🙂 @harness_bot hi";
  const table: readonly [string, object, Readonly<Record<string, unknown>>, "yes" | "no", string][] = [
    ["whatever is said to it alone", dm, { text: "hi" }, "yes", "hi"],
    ["chatter", group, { text: "hi" }, "no", "hi"],
    ["a mention", group, { text: "hi @harness_bot" }, "yes", "hi @harness_bot"],
    ["a mention in other letters", group, { text: "@Harness_BOT: hi" }, "yes", "hi"],
    ["a leading mention with a comma", group, { text: "@harness_bot, what's up?" }, "yes", "what's up?"],
    ["what only looks like punctuation", group, { text: "@harness_bot :-)" }, "yes", ":-)"],
    ["a longer name", group, { text: "@harness_bot2 hi" }, "no", "@harness_bot2 hi"],
    ["a name in code", group, { text: "`@harness_bot`", entities: [] }, "no", "`@harness_bot`"],
    ["an emoji before the mention", group, { text: emojiFirst }, "yes", emojiFirst],
    ["a mention and no word more", group, { text: "@harness_bot" }, "yes", "@harness_bot"],
    ["a mention as a caption", group, { caption: "@harness_bot", photo }, "yes", ""],
    [
      "a mention by name",
      group,
      { text: "Harness, hi", entities: [{ type: "text_mention", offset: 0, length: 7, user: botUser }] },
      "yes",
      "hi",
    ],
    [
      "somebody else by name",
      group,
      { text: "Ada, hi", entities: [{ type: "text_mention", offset: 0, length: 3, user: ada }] },
      "no",
      "Ada, hi",
    ],
    ["a command", group, { text: "/new" }, "yes", "/new"],
    ["a command for it by name", group, { text: "/new@Harness_Bot now" }, "yes", "/new now"],
    ["a command behind a mention", group, { text: "@harness_bot /new@harness_bot x" }, "yes", "/new x"],
    ["a path", group, { text: "look at /etc" }, "no", "look at /etc"],
    ["its command within a text", group, { text: "try /new@harness_bot" }, "yes", "try /new@harness_bot"],
    ["another's command within a text", group, { text: "try /new@other_bot" }, "no", "try /new@other_bot"],
    ["a command as a caption", group, { caption: "/new", photo }, "yes", "/new"],
    ["a reply to it", team, { text: "why?", reply_to_message: replied(botUser) }, "yes", "why?"],
    ["a reply to somebody", team, { text: "why?", reply_to_message: replied(ada) }, "no", "why?"],
    [
      "the first words of a topic that it opened",
      forum,
      { ...topic, text: "hi", reply_to_message: replied(botUser, creation) },
      "no",
      "hi",
    ],
    [
      "the same where the topic is told by its id alone",
      forum,
      { ...topic, text: "hi", reply_to_message: replied(botUser, { message_id: 77 }) },
      "no",
      "hi",
    ],
    [
      "a reply to it in a topic",
      forum,
      { ...topic, text: "hi", reply_to_message: replied(botUser, { message_id: 80, text: "answer" }) },
      "yes",
      "hi",
    ],
    ["a forwarded command", group, { ...forwarded, text: "/reset" }, "no", "[Forwarded from Eve]\n/reset"],
    ["a forwarded mention", group, { ...forwarded, text: "@harness_bot" }, "no", "[Forwarded from Eve]\n@harness_bot"],
    ["what is forwarded to it", dm, { ...forwarded, text: "/reset" }, "yes", "[Forwarded from Eve]\n/reset"],
    [
      "a forwarded command of another bot's",
      dm,
      { ...forwarded, text: "/reset@other_bot" },
      "yes",
      "[Forwarded from Eve]\n/reset@other_bot",
    ],
  ];
  for (const [name, chat, fields, addressed, text] of table) {
    test(name, () => {
      const read = said(chat, fields);
      assert.deepEqual([read.addressed, read.text], [addressed, text]);
    });
  }
});

suite("what it replies to", () => {
  test("its beginning, and who said it", () => {
    const { replyTo } = said(team, { text: "x", reply_to_message: replied(ada, { text: "y".repeat(2_000) }) });
    assert.deepEqual([replyTo?.messageId, replyTo?.userName, replyTo?.text?.length], ["50", "ada", 1_024]);
  });

  test("what was quoted by hand", () => {
    const { replyTo } = said(team, { text: "x", reply_to_message: replied(ada), quote: { text: "lie" } });
    assert.equal(replyTo?.text, "lie");
  });

  test("a channel, a picture without words", () => {
    const news = { id: -7, type: "channel", title: "News" };
    const picture = replied(ada, { sender_chat: news, photo: [{ file_id: "p", width: 1, height: 1 }] });
    assert.deepEqual(said(team, { text: "x", reply_to_message: picture }).replyTo, {
      messageId: "50",
      userName: "News",
      text: null,
    });
  });

  test("something in another chat, whose id is not mistaken for one of this chat", () => {
    const origin = { type: "channel", date: 1, chat: { id: -7, type: "channel", title: "News" }, message_id: 9 };
    const fields = { text: "x", external_reply: { origin, message_id: 9 }, quote: { text: "great news" } };
    assert.deepEqual(said(dm, fields).replyTo, { messageId: "external-9", userName: "News", text: "great news" });
  });

  test("nothing, where a topic's message only belongs to the topic", () => {
    const creation = replied(ada, { message_id: 77, forum_topic_created: { name: "Plans" } });
    const fields = { text: "x", message_thread_id: 77, is_topic_message: true, reply_to_message: creation };
    assert.equal(said(forum, fields).replyTo, undefined);
  });
});
