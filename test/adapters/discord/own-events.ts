import { ada, BOT, bob, bot, type Case, command, dm, GUILD, guild, image, mention } from "./payload-parts.ts";

const yes = "yes" as const;

/** Cases beyond the recorded payloads: what is in a message beside its text, what is ignored, edits and interactions. */
export const ownEvents: readonly Case[] = [
  [
    "an image without text",
    "MESSAGE_CREATE",
    { ...dm, content: "", attachments: [image] },
    {
      message: {
        text: "",
        attachments: [{ kind: "image", mimeType: "image/png", sizeBytes: 12, name: "a b.png", reference: image.url }],
      },
    },
  ],
  [
    "a file of a type with parameters",
    "MESSAGE_CREATE",
    { ...dm, attachments: [{ ...image, content_type: "text/plain; charset=utf-8" }] },
    {
      message: {
        attachments: [{ kind: "file", mimeType: "text/plain", sizeBytes: 12, name: "a b.png", reference: image.url }],
      },
    },
  ],
  [
    "a file of no type",
    "MESSAGE_CREATE",
    { ...dm, attachments: [{ ...image, content_type: null, size: undefined }] },
    {
      message: {
        attachments: [
          {
            kind: "file",
            mimeType: "application/octet-stream",
            sizeBytes: null,
            name: "a b.png",
            reference: image.url,
          },
        ],
      },
    },
  ],
  [
    "a voice message",
    "MESSAGE_CREATE",
    { ...dm, content: "", flags: 8192, attachments: [{ ...image, content_type: "audio/ogg", waveform: "AA==" }] },
    {
      message: {
        attachments: [{ kind: "voice", mimeType: "audio/ogg", sizeBytes: 12, name: "a b.png", reference: image.url }],
      },
    },
  ],
  [
    "a forwarded message",
    "MESSAGE_CREATE",
    {
      ...dm,
      content: "",
      message_reference: { type: 1, message_id: "5" },
      message_snapshots: [{ message: { content: "the news", attachments: [image] } }],
    },
    {
      message: {
        text: "[Forwarded]\nthe news",
        attachments: [{ kind: "image", mimeType: "image/png", sizeBytes: 12, name: "a b.png", reference: image.url }],
      },
    },
  ],
  [
    "a poll",
    "MESSAGE_CREATE",
    {
      ...dm,
      content: "",
      poll: { question: { text: "Tea?" }, answers: [{ poll_media: { text: "Yes" } }, { poll_media: { text: "No" } }] },
    },
    { message: { text: "[Poll] Tea?\n- Yes\n- No" } },
  ],
  [
    "a sticker beside a text",
    "MESSAGE_CREATE",
    { ...dm, sticker_items: [{ id: "1", name: "Wave", format_type: 1 }] },
    { message: { text: "hi\n[Sticker: Wave]" } },
  ],
  [
    "a text as long as can be",
    "MESSAGE_CREATE",
    { ...dm, content: "x".repeat(2000) },
    { message: { waitsForMore: true } },
  ],
  [
    "a nickname",
    "MESSAGE_CREATE",
    { ...guild, member: { nick: "Countess", roles: [] } },
    { message: {}, source: { userName: "Countess" } },
  ],
  [
    "an account without a display name",
    "MESSAGE_CREATE",
    { ...dm, author: bob },
    { message: {}, source: { userName: "bob", userId: bob.id } },
  ],
  [
    "optional parts that make no sense",
    "MESSAGE_CREATE",
    { ...dm, poll: 7, sticker_items: "x", mentions: [{}], attachments: null, embeds: 1 },
    { message: { text: "hi" } },
  ],
  ["an own message", "MESSAGE_CREATE", { ...guild, author: bot }, { ignored: "own_message" }],
  ["another bot", "MESSAGE_CREATE", { ...guild, author: { ...bob, bot: true } }, { ignored: "other_bot" }],
  [
    "a webhook",
    "MESSAGE_CREATE",
    { ...guild, webhook_id: "66", author: { ...bob, bot: true } },
    { ignored: "webhook" },
  ],
  [
    "a message of Discord itself",
    "MESSAGE_CREATE",
    { ...dm, author: { ...bob, system: true } },
    { ignored: "system_message" },
  ],
  ["a pin", "MESSAGE_CREATE", { ...guild, type: 6, content: "" }, { ignored: "system_message" }],
  ["a boost", "MESSAGE_CREATE", { ...guild, type: 8 }, { ignored: "system_message" }],
  ["the answer to somebody's slash command", "MESSAGE_CREATE", { ...guild, type: 20 }, { ignored: "system_message" }],
  [
    "a link whose text the intent hides",
    "MESSAGE_CREATE",
    { ...guild, content: "", embeds: [{ type: "rich" }] },
    { ignored: "empty" },
  ],
  ["nothing in a direct message", "MESSAGE_CREATE", { ...dm, content: "" }, { ignored: "empty" }],
  ["nothing in a guild", "MESSAGE_CREATE", { ...guild, content: "" }, { ignored: "no_content" }],
  ["a message without an author", "MESSAGE_CREATE", { ...dm, author: undefined }, { ignored: "unreadable" }],
  ["no message at all", "MESSAGE_CREATE", null, { ignored: "unreadable" }],
  [
    "an edit",
    "MESSAGE_UPDATE",
    { ...mention, content: `<@${BOT}> better`, edited_timestamp: "2026-01-01T00:00:09Z" },
    { edited: "better" },
  ],
  [
    "an own edit",
    "MESSAGE_UPDATE",
    { ...guild, author: bot, edited_timestamp: "2026-01-01T00:00:09Z" },
    { ignored: "own_message" },
  ],
  [
    "an update of a few fields",
    "MESSAGE_UPDATE",
    { id: "1", channel_id: "2", embeds: [] },
    { ignored: "embed_update" },
  ],
  ["a deletion", "MESSAGE_DELETE", { id: "1", channel_id: "2" }, { ignored: "deleted" }],
  ["a reaction", "MESSAGE_REACTION_ADD", { message_id: "1" }, { ignored: "other_event" }],
  [
    "a slash command in a direct message",
    "INTERACTION_CREATE",
    command,
    {
      kind: "command",
      message: { text: "/help", messageId: "interaction-700", addressed: yes },
      source: { chatType: "dm", userId: ada.id, workspaceId: null },
    },
  ],
  [
    "a slash command with a subcommand",
    "INTERACTION_CREATE",
    {
      ...command,
      data: {
        name: "jobs",
        type: 1,
        options: [
          {
            name: "add",
            type: 1,
            options: [
              { name: "text", type: 3, value: "tea at 4" },
              { name: "times", type: 4, value: 2 },
            ],
          },
        ],
      },
    },
    { kind: "command", message: { text: "/jobs add tea at 4 2" } },
  ],
  [
    "a button in a guild",
    "INTERACTION_CREATE",
    {
      ...command,
      type: 3,
      guild_id: GUILD,
      channel: undefined,
      channel_id: "400000000000000003",
      user: undefined,
      member: { user: ada, nick: "Countess", roles: ["7"] },
      data: { custom_id: "/resume 2", component_type: 2 },
    },
    {
      kind: "callback",
      message: { text: "/resume 2", roleIds: ["7"] },
      source: { chatType: "thread", threadId: "400000000000000003", userName: "Countess", workspaceId: GUILD },
    },
  ],
  [
    "a menu",
    "INTERACTION_CREATE",
    { ...command, type: 3, data: { custom_id: "x", component_type: 3 } },
    { ignored: "other_interaction" },
  ],
  [
    "a command of a context menu",
    "INTERACTION_CREATE",
    { ...command, data: { name: "Look up", type: 3 } },
    { ignored: "other_interaction" },
  ],
  ["an autocompletion", "INTERACTION_CREATE", { ...command, type: 4 }, { ignored: "other_interaction" }],
  ["no interaction at all", "INTERACTION_CREATE", { id: 5 }, { ignored: "unreadable" }],
];
