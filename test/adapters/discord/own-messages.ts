import { BOT, bob, bot, type Case, dm, GUILD, guild, mention } from "./payload-parts.ts";

const [yes, no] = ["yes", "no"] as const;

/** Cases beyond the recorded payloads: texts, whom they are meant for, and where. */
export const ownMessages: readonly Case[] = [
  [
    "a direct message",
    "MESSAGE_CREATE",
    dm,
    {
      message: { text: "hi", addressed: yes, messageId: "1", attachments: [] },
      source: { chatType: "dm", workspaceId: null, threadId: null, userName: "Ada L" },
    },
  ],
  [
    "a direct message of a channel that nobody told of",
    "MESSAGE_CREATE",
    { ...dm, channel_type: undefined },
    { message: { addressed: yes }, source: { chatType: "dm" } },
  ],
  [
    "a message that is not for the bot",
    "MESSAGE_CREATE",
    guild,
    {
      message: { addressed: no, roleIds: ["7", "8"] },
      source: { chatType: "channel", workspaceId: GUILD, chatName: "general", chatTopic: "everything" },
      mayOpenThread: false,
    },
  ],
  ["a leading mention", "MESSAGE_CREATE", mention, { message: { text: "hi", addressed: yes }, mayOpenThread: true }],
  [
    "the old form of a mention",
    "MESSAGE_CREATE",
    { ...mention, content: `<@!${BOT}>, hi` },
    { message: { text: "hi", addressed: yes } },
  ],
  [
    "a mention in the middle",
    "MESSAGE_CREATE",
    { ...mention, content: `well <@${BOT}> what now?` },
    { message: { text: "well @harnessbot what now?", addressed: yes } },
  ],
  [
    "a mention and nothing else",
    "MESSAGE_CREATE",
    { ...mention, content: `<@${BOT}>` },
    { message: { text: "@harnessbot", addressed: yes } },
  ],
  [
    "a mention of somebody else",
    "MESSAGE_CREATE",
    { ...guild, content: `<@${bob.id}> hi`, mentions: [{ ...bob, member: { nick: "Bobby", roles: [] } }] },
    { message: { text: "@Bobby hi", addressed: no } },
  ],
  [
    "a leading mention of somebody else and then of the bot",
    "MESSAGE_CREATE",
    { ...guild, content: `<@${bob.id}> <@${BOT}> hi`, mentions: [bob, bot] },
    { message: { text: "@bob @harnessbot hi", addressed: yes } },
  ],
  [
    "channels, roles, emoji and commands in the text",
    "MESSAGE_CREATE",
    { ...dm, content: "see <#400000000000000001> <#4> <@&55> <a:wave:66> </help:77> <t:1:R> a < b" },
    { message: { text: "see #general <#4> @role :wave: /help <t:1:R> a < b" } },
  ],
  [
    "@everyone",
    "MESSAGE_CREATE",
    { ...guild, content: "@everyone hi", mention_everyone: true },
    { message: { addressed: no } },
  ],
  [
    "a reply to the bot that pings it",
    "MESSAGE_CREATE",
    {
      ...guild,
      type: 19,
      mentions: [bot],
      message_reference: { message_id: "77" },
      referenced_message: { id: "77", author: bot, content: "it is 4" },
    },
    {
      message: { addressed: yes, replyTo: { messageId: "77", userName: "harnessbot", text: "it is 4" } },
      mayOpenThread: false,
    },
  ],
  [
    "a reply to somebody",
    "MESSAGE_CREATE",
    {
      ...guild,
      type: 19,
      message_reference: { message_id: "77" },
      referenced_message: { id: "77", author: bob, content: "" },
    },
    { message: { addressed: no, replyTo: { messageId: "77", userName: "bob", text: null } } },
  ],
  [
    "a message in a thread",
    "MESSAGE_CREATE",
    { ...guild, channel_id: "400000000000000003", channel_type: 11 },
    {
      message: { addressed: "if_taking_part" },
      source: {
        chatType: "thread",
        chatId: "400000000000000003",
        threadId: "400000000000000003",
        parentChatId: "400000000000000001",
        chatName: "topic",
      },
    },
  ],
  [
    "a forum post whose type only the channel tells",
    "MESSAGE_CREATE",
    { ...guild, channel_id: "400000000000000003", channel_type: undefined },
    { message: { addressed: "if_taking_part" }, source: { chatType: "thread" } },
  ],
  [
    "a mention in a thread",
    "MESSAGE_CREATE",
    { ...mention, channel_id: "400000000000000003", channel_type: 11 },
    { message: { addressed: yes }, mayOpenThread: false },
  ],
  [
    "a voice channel's chat",
    "MESSAGE_CREATE",
    { ...guild, channel_id: "4", channel_type: 2 },
    { message: { addressed: no }, source: { chatType: "channel", chatName: null } },
  ],
];
