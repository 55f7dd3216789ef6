import type { InboundMessage } from "../message/message.ts";
import type { PlatformRules } from "./platform-rules.ts";

/** Whether a message wants an answer. `hasTakenPart` says whether the bot has spoken in the conversation the message belongs to. */
export function isAddressed(
  message: InboundMessage,
  rules: Pick<PlatformRules, "requireMention" | "freeChats">,
  hasTakenPart: () => boolean,
): boolean {
  const { addressed = "yes", source } = message;
  if (addressed === "yes" || source.chatType === "dm" || !rules.requireMention) return true;
  const { freeChats } = rules;
  if (freeChats.has(source.chatId) || (source.parentChatId !== null && freeChats.has(source.parentChatId))) return true;
  return addressed === "if_taking_part" && hasTakenPart();
}
