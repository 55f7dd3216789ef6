import { z } from "zod";

// Only what is read of a payload is named here; what is not essential falls back instead of costing the message.

const user = z.object({
  id: z.string(),
  username: z.string().catch(""),
  global_name: z.string().nullish().catch(null),
  bot: z.boolean().optional().catch(undefined),
  system: z.boolean().optional().catch(undefined),
});
export type UserPayload = z.infer<typeof user>;

const member = z.object({
  nick: z.string().nullish().catch(null),
  roles: z.array(z.string()).catch([]),
});
export type MemberPayload = z.infer<typeof member>;

const attachment = z.object({
  filename: z.string().catch("file"),
  content_type: z.string().nullish().catch(null),
  size: z.number().nonnegative().nullish().catch(null),
  url: z.string(),
  waveform: z.string().nullish().catch(null),
});
export type AttachmentPayload = z.infer<typeof attachment>;

const mentioned = user.extend({ member: member.partial().nullish().catch(null) });
export type MentionedPayload = z.infer<typeof mentioned>;

const poll = z.object({
  question: z.object({ text: z.string().nullish() }),
  answers: z.array(z.object({ poll_media: z.object({ text: z.string().nullish() }) })).catch([]),
});

const said = z.object({
  content: z.string().nullish().catch(""),
  flags: z.number().optional().catch(undefined),
  attachments: z.array(attachment).optional().catch(undefined),
  mentions: z.array(mentioned).optional().catch(undefined),
  sticker_items: z
    .array(z.object({ name: z.string() }))
    .optional()
    .catch(undefined),
  embeds: z.array(z.unknown()).optional().catch(undefined),
  poll: poll.nullish().catch(null),
});
/** What a message says: of itself, or as the snapshot of one that was forwarded. */
export type SaidPayload = z.infer<typeof said>;

const reference = z.object({ type: z.number().optional(), message_id: z.string().nullish() });
const referenced = z.object({
  id: z.string(),
  author: user,
  content: z.string().nullish(),
  mentions: said.shape.mentions,
});

/** A message as the gateway and the history tell it (discord.com/developers/docs/resources/message#message-object). */
export const messagePayload = said.extend({
  id: z.string(),
  type: z.number(),
  channel_id: z.string(),
  channel_type: z.number().optional().catch(undefined),
  guild_id: z.string().nullish(),
  author: user,
  member: member.nullish().catch(null),
  webhook_id: z.string().nullish(),
  edited_timestamp: z.string().nullish(),
  message_reference: reference.nullish().catch(null),
  referenced_message: referenced.nullish().catch(null),
  message_snapshots: z
    .array(z.object({ message: said }))
    .nullish()
    .catch(null),
});
export type MessagePayload = z.infer<typeof messagePayload>;

/** One option of a slash command; a subcommand has options of its own. */
export interface OptionPayload {
  readonly name: string;
  readonly value?: string | number | boolean | undefined;
  readonly options?: readonly OptionPayload[] | undefined;
}
const option: z.ZodType<OptionPayload> = z.lazy(() =>
  z.object({
    name: z.string(),
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
    options: z.array(option).optional(),
  }),
);

/** A channel or thread (discord.com/developers/docs/resources/channel#channel-object). */
export const channelPayload = z.object({
  id: z.string(),
  type: z.number(),
  name: z.string().nullish().catch(null),
  topic: z.string().nullish().catch(null),
  parent_id: z.string().nullish().catch(null),
  guild_id: z.string().nullish().catch(null),
  last_message_id: z.string().nullish().catch(null),
});
export type ChannelPayload = z.infer<typeof channelPayload>;

/** A slash command or a pressed button (discord.com/developers/docs/interactions/receiving-and-responding#interaction-object). */
export const interactionPayload = z.object({
  id: z.string(),
  application_id: z.string(),
  type: z.number(),
  token: z.string(),
  guild_id: z.string().nullish(),
  channel_id: z.string().nullish(),
  channel: channelPayload.nullish().catch(null),
  member: member.extend({ user }).nullish().catch(null),
  user: user.nullish().catch(null),
  message: z.object({ flags: z.number().nullish() }).nullish().catch(null),
  data: z
    .object({
      name: z.string().optional(),
      type: z.number().optional(),
      options: z.array(option).optional(),
      custom_id: z.string().optional(),
      component_type: z.number().optional(),
    })
    .nullish(),
});
export type InteractionPayload = z.infer<typeof interactionPayload>;

/** What READY says about the bot itself. */
export const readyPayload = z.object({
  user: z.object({ id: z.string() }),
  application: z.object({ id: z.string() }),
});

/** A member, asked for by REST. */
export const memberPayload = member;

/** A message the bot posted, as the answer to a post or in the history. */
export const postPayload = z.object({
  id: z.string(),
  content: z.string().nullish(),
  author: z.object({ id: z.string() }).optional(),
  attachments: z.array(z.object({ filename: z.string(), size: z.number() })).catch([]),
});
export type PostPayload = z.infer<typeof postPayload>;
