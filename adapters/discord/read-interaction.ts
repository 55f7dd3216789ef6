import { ApplicationCommandType, ComponentType, InteractionType, MessageFlags } from "discord.js";
import { channelOf, chatTypeOf } from "./channel.ts";
import type { InteractionPayload, OptionPayload } from "./payload.ts";
import type { ReadContext, Reading } from "./read.ts";
import { sourceOf } from "./read-message.ts";

/** What has to be known to answer an interaction; the token is good for 15 minutes and is a secret. */
export interface InteractionRef {
  /** The id of the message it became: `interaction-<id>`. */
  readonly messageId: string;
  readonly id: string;
  readonly applicationId: string;
  readonly token: string;
  readonly kind: "command" | "callback";
}

const PREFIX = "interaction-";

/** Whether a message id is that of an interaction, which nothing can be a reply to. */
export function isInteractionId(messageId: string): boolean {
  return messageId.startsWith(PREFIX);
}

/** Reads a slash command or a pressed button as the message it stands for. */
export function readInteraction(payload: InteractionPayload, context: ReadContext): Reading {
  const author = payload.member?.user ?? payload.user;
  const channelId = payload.channel?.id ?? payload.channel_id;
  const read = commandOf(payload);
  if (read === null || !author || !channelId) return { kind: "ignored", why: "other_interaction" };
  const guildId = payload.guild_id ?? null;
  const told = payload.channel ? channelOf(payload.channel, guildId) : undefined;
  const channel = context.channel(channelId) ?? told;
  const chatType = chatTypeOf(channel?.type ?? null, guildId !== null);
  const messageId = `${PREFIX}${payload.id}`;
  return {
    kind: read.kind,
    message: {
      source: sourceOf({ channelId, channel, chatType, guildId, author, member: payload.member, context }),
      messageId,
      text: read.text,
      attachments: [],
      addressed: "yes",
      ...(read.kind === "callback" && !isEphemeral(payload) ? { isOpenPress: true } : {}),
      ...(payload.member ? { roleIds: payload.member.roles } : {}),
    },
    interaction: {
      messageId,
      id: payload.id,
      applicationId: payload.application_id,
      token: payload.token,
      kind: read.kind,
    },
  };
}

/** Whether the post under which a button was pressed is shown to its presser alone. */
function isEphemeral({ message }: InteractionPayload): boolean {
  return ((message?.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
}

function commandOf({ type, data }: InteractionPayload): { kind: "command" | "callback"; text: string } | null {
  const isSlashCommand =
    type === InteractionType.ApplicationCommand && (data?.type ?? 1) === ApplicationCommandType.ChatInput;
  if (isSlashCommand && data?.name) {
    return { kind: "command", text: [`/${data.name}`, ...valuesOf(data.options ?? [])].join(" ") };
  }
  const isButton = type === InteractionType.MessageComponent && data?.component_type === ComponentType.Button;
  return isButton && data.custom_id ? { kind: "callback", text: data.custom_id } : null;
}

/** The values of options in order; a subcommand is told by its name, before its own. */
function valuesOf(options: readonly OptionPayload[]): string[] {
  return options.flatMap((option) =>
    option.value === undefined ? [option.name, ...valuesOf(option.options ?? [])] : [String(option.value)],
  );
}
