import type { PressBody } from "./payload.ts";
import { chatNameOf, conversationKindOfName, sourceOf } from "./place.ts";
import type { Reading, ReadOptions } from "./read.ts";

/** Reads a pressed button: its value is the command it stands for, said where the button hangs. */
export function readPress(press: PressBody, options: ReadOptions): Reading {
  const { channel, container, user } = press;
  const ts = press.message?.ts ?? container?.message_ts;
  const [action] = press.actions;
  // Buttons of a modal or of the app's home page belong to no conversation.
  if (!channel || !ts) return { kind: "ignored", why: "no_conversation" };
  if (action?.type !== "button" || !action.value || !action.action_ts) {
    return { kind: "ignored", why: "other_interaction" };
  }
  return {
    kind: "callback",
    message: {
      source: sourceOf(
        {
          kind: options.names.chat(channel.id)?.kind ?? conversationKindOfName(channel.id, channel.name),
          chatId: channel.id,
          ts,
          threadTs: press.message?.thread_ts ?? container?.thread_ts,
          opensThread: false,
          userId: user.id,
          userName: user.username ?? user.name,
          chatName: chatNameOf(channel.name),
          teamId: press.team?.id,
        },
        options,
      ),
      messageId: `action-${action.action_ts}-${user.id}`,
      text: action.value,
      attachments: [],
      addressed: "yes",
      ...(container?.is_ephemeral === true ? {} : { isOpenPress: true }),
    },
  };
}
