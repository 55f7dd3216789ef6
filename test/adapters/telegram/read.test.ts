import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type Reading, readUpdate } from "../../../adapters/telegram/read.ts";
import type { InboundMessage } from "../../../src/message/message.ts";
import { ada, bot, botUser, dm, forum, group, message, replied, team } from "./update.ts";

const channel = { id: -1003333333333, title: "News", username: "harness_news", type: "channel" };
const anonymous = { id: 1087968824, is_bot: true, first_name: "Group", username: "GroupAnonymousBot" };
const channelBot = { id: 136817688, is_bot: true, first_name: "Channel", username: "Channel_Bot" };

function read(chat: object, fields: Readonly<Record<string, unknown>>): Reading {
  return readUpdate(message(chat, fields), bot);
}

function said(chat: object, fields: Readonly<Record<string, unknown>>): InboundMessage {
  const reading = read(chat, fields);
  assert.ok(reading.kind === "message", JSON.stringify(reading));
  return reading.message;
}

suite("where it was said", () => {
  const creation = { message_id: 77, forum_topic_created: { name: "Plans", icon_color: 1 } };
  const topic = { message_thread_id: 77, is_topic_message: true };
  const table: readonly [string, object, object, readonly [string, string, string | null, string | null]][] = [
    ["a private chat", dm, {}, ["dm", "1001", null, null]],
    ["a group", group, {}, ["group", "-4001", null, null]],
    ["a topic", forum, topic, ["thread", "-1002222222222", "77", null]],
    ["the General topic", forum, {}, ["thread", "-1002222222222", "1", null]],
    ["replies within the General topic", forum, { message_thread_id: 50 }, ["thread", "-1002222222222", "1", null]],
    ["a chain of replies", team, { message_thread_id: 50 }, ["group", "-1001111111111", null, null]],
    ["a topic of a private chat", dm, topic, ["dm", "1001", "77", null]],
    [
      "a topic that tells its name",
      forum,
      { ...topic, reply_to_message: replied(ada, creation) },
      ["thread", "-1002222222222", "77", "Plans"],
    ],
  ];
  for (const [name, chat, fields, expected] of table) {
    test(name, () => {
      const { chatType, chatId, threadId, chatTopic } = said(chat, { text: "hi", ...fields }).source;
      assert.deepEqual([chatType, chatId, threadId, chatTopic], expected);
    });
  }

  test("the account and the names of chat and person are told", () => {
    const { source, messageId } = said(group, { text: "hi" });
    assert.deepEqual(
      [source.platform, source.account, source.chatName, source.userName, source.userId, messageId],
      ["telegram", "default", "Small group", "ada", "1001", "5"],
    );
  });
});

suite("who said it", () => {
  const table: readonly [string, object, readonly [string | null, string | null, boolean]][] = [
    ["somebody without a username", { from: { id: 7, first_name: "Bo", last_name: "Li" } }, ["7", "Bo Li", true]],
    ["somebody without any name", { from: { id: 7 } }, ["7", null, true]],
    ["an anonymous admin is the group", { from: anonymous, sender_chat: team }, ["-1001111111111", "Team", false]],
    ["a channel is itself", { from: channelBot, sender_chat: channel }, ["-1003333333333", "News", false]],
    ["somebody by way of an inline bot", { via_bot: { id: 9, is_bot: true } }, ["1001", "ada", true]],
  ];
  for (const [name, fields, expected] of table) {
    test(name, () => {
      const { source, isPerson = true } = said(team, { text: "hi", ...fields });
      assert.deepEqual([source.userId, source.userName, isPerson], expected);
    });
  }
});

suite("what is ignored", () => {
  const table: readonly [string, unknown, string][] = [
    ["own messages", message(group, { text: "hi", from: botUser }), "own_message"],
    ["other bots", message(group, { text: "hi", from: { id: 2, is_bot: true } }), "other_bot"],
    ["nobody's messages", message(group, { text: "hi", from: undefined }), "no_sender"],
    [
      "posts copied from the linked channel",
      message(team, { text: "hi", from: { id: 777000 }, sender_chat: channel, is_automatic_forward: true }),
      "channel_copy",
    ],
    ["a command for another bot", message(group, { text: "/new@other_bot" }), "other_bots_command"],
    ["one in a private chat", message(dm, { text: "/new@other_bot now" }), "other_bots_command"],
    ["one in a caption", message(group, { caption: "/new@other_bot", photo: [] }), "other_bots_command"],
    ["pinned messages", message(team, { pinned_message: { message_id: 1, date: 0, chat: team } }), "service_message"],
    ["somebody leaves", message(team, { left_chat_member: ada }), "service_message"],
    ["the group's old id", message(team, { migrate_from_chat_id: -4001 }), "service_message"],
    ["an album of nothing", message(dm, { photo: [] }), "service_message"],
    ["a forwarded service message", message(dm, { forward_origin: { type: "hidden_user" } }), "service_message"],
    ["a channel's post of nobody", message(channel, { text: "hi", from: undefined }), "no_sender"],
    [
      "a channel's changed post that is none",
      { update_id: 1, edited_channel_post: { message_id: 1 } },
      "not_understood",
    ],
    ["a changed service message", edited({ left_chat_member: ada }), "unread_edit"],
    ["other bots' changes", edited({ text: "hi", from: { id: 2, is_bot: true } }), "unread_edit"],
    ["a button without a command", { update_id: 1, callback_query: { id: "1", from: ada } }, "unknown_button"],
    ["polls", { update_id: 1, poll: { id: "1" } }, "other_update"],
    ["what comes next year", { update_id: 1, thought: { id: 1 } }, "other_update"],
    ["an unknown sort of chat", message({ id: 1, type: "dream" }, { text: "hi" }), "not_understood"],
    ["no update", 42, "not_understood"],
  ];
  for (const [name, update, why] of table) {
    test(name, () => assert.deepEqual(readUpdate(update, bot), { kind: "ignored", why }));
  }

  test("whatever comes is read without an error", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => readUpdate(value, bot).kind !== undefined));
    const fields = fc.dictionary(
      fc.constantFrom("text", "entities", "photo", "dice", "reply_to_message", "from", "poll", "quote"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fields, (made) => {
        const sent = { message_id: 1, chat: dm, from: ada, ...made };
        return readUpdate({ update_id: 1, message: sent }, bot).kind !== undefined;
      }),
    );
  });
});

suite("what else is told", () => {
  test("a changed message", () => {
    assert.deepEqual(readUpdate(edited({ text: "@harness_bot hi again" }), bot), {
      kind: "edited",
      chatId: "1001",
      messageId: "5",
      text: "hi again",
    });
  });

  test("a channel's post is the channel's own word: meant for the bot where it names it, and no person's", () => {
    const post = (text: string) => {
      const { message: sent } = message(channel, { text, from: undefined, sender_chat: channel });
      return readUpdate({ update_id: 1, channel_post: sent }, bot);
    };
    const reading = post("@harness_bot what is new?");
    assert.ok(reading.kind === "message");
    const { source, text, addressed, isPerson } = reading.message;
    assert.deepEqual([source.chatType, source.chatId, source.userId], ["channel", "-1003333333333", "-1003333333333"]);
    assert.deepEqual([text, addressed, isPerson], ["what is new?", "yes", false]);
    const plain = post("news");
    assert.ok(plain.kind === "message");
    assert.equal(plain.message.addressed, "no");
    const { message: sent } = message(channel, { text: "newer", from: undefined, sender_chat: channel });
    assert.partialDeepStrictEqual(readUpdate({ update_id: 1, edited_channel_post: sent }, bot), {
      kind: "edited",
      chatId: "-1003333333333",
      text: "newer",
    });
  });

  test("a group that became a supergroup", () => {
    assert.deepEqual(read(group, { migrate_to_chat_id: -1004001 }), {
      kind: "moved",
      fromChatId: "-4001",
      toChatId: "-1004001",
    });
  });

  test("a topic that got a name, and one that got another", () => {
    const topic = { message_thread_id: 77, is_topic_message: true };
    for (const field of ["forum_topic_created", "forum_topic_edited"]) {
      assert.deepEqual(read(forum, { ...topic, [field]: { name: "Plans" } }), {
        kind: "topic",
        chatId: "-1002222222222",
        threadId: "77",
        name: "Plans",
      });
    }
  });

  test("a pressed button is its command, by whoever pressed it, where the post is", () => {
    const post = { message_id: 60, date: 1, chat: forum, message_thread_id: 77, is_topic_message: true, from: botUser };
    const reading = readUpdate(
      { update_id: 1, callback_query: { id: "abc", from: ada, message: post, data: "/resume 2" } },
      bot,
    );
    assert.ok(reading.kind === "callback");
    const { source, text, messageId, addressed } = reading.message;
    assert.deepEqual(
      [source.chatType, source.chatId, source.threadId, source.userId, text, messageId, addressed],
      ["thread", "-1002222222222", "77", "1001", "/resume 2", "callback-abc", "yes"],
    );
    assert.deepEqual([reading.callbackId, reading.postId], ["abc", "60"]);
  });

  test("a button under a post that is out of reach still counts", () => {
    const gone = { message_id: 60, date: 0, chat: dm };
    const query = { id: "abc", from: ada, message: gone, data: "/new" };
    assert.equal(readUpdate({ update_id: 1, callback_query: query }, bot).kind, "callback");
  });
});

function edited(fields: Readonly<Record<string, unknown>>) {
  return { update_id: 1, edited_message: { ...message(dm, fields).message, edit_date: 2 } };
}
