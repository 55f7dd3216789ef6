import type { SessionSource } from "../../src/session/source.ts";
import type { ConversationKind } from "./known-names.ts";
import type { ReadOptions } from "./read.ts";

/** Slack's `channel_type`s (docs.slack.dev/reference/events/message); `group` is its old word for a private channel. */
const kinds: Readonly<Record<string, ConversationKind>> = {
  im: "dm",
  app_home: "dm",
  mpim: "group",
  channel: "channel",
  group: "channel",
};

/** What sort of conversation a channel type names; null for one that is not known. */
export function conversationKindOf(channelType: string | null | undefined): ConversationKind | null {
  return channelType ? (kinds[channelType] ?? null) : null;
}

/** The same for interactions, which name the place instead: `directmessage`, `mpdm-ada--bob-1`. */
export function conversationKindOfName(chatId: string, name: string | null | undefined): ConversationKind {
  if (name === "directmessage" || chatId.startsWith("D")) return "dm";
  return name?.startsWith("mpdm-") ? "group" : "channel";
}

/** A channel's name where an interaction gives one; Slack writes what it is instead of a name for places that have none. */
export function chatNameOf(name: string | null | undefined): string | null {
  return !name || name === "directmessage" || name === "privategroup" ? null : name;
}

/** Where something was said. `threadTs` is Slack's own: a thread's first message carries its own `ts`. */
export function sourceOf(
  place: {
    readonly kind: ConversationKind;
    readonly chatId: string;
    readonly ts: string | null;
    readonly threadTs: string | null | undefined;
    readonly opensThread: boolean;
    readonly userId: string;
    readonly userName?: string | null | undefined;
    readonly chatName?: string | null | undefined;
    readonly teamId: string | null | undefined;
  },
  { account, names }: ReadOptions,
): SessionSource {
  const { kind, chatId, ts, threadTs } = place;
  const known = names.chat(chatId);
  const openThread = place.opensThread ? ts : null;
  const threadId = threadTs && threadTs !== ts ? threadTs : openThread;
  return {
    platform: "slack",
    account,
    chatType: threadId === null || kind === "dm" ? kind : "thread",
    chatId,
    threadId,
    userId: place.userId,
    userIdAlt: null,
    workspaceId: place.teamId ?? null,
    parentChatId: null,
    userName: names.user(place.userId) ?? place.userName ?? null,
    chatName: kind === "dm" ? null : (known?.name ?? place.chatName ?? null),
    chatTopic: known?.topic ?? null,
    chatIdAlt: null,
  };
}
