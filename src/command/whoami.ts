import { formatDeliveryTarget } from "../session/delivery-target.ts";
import { participantOf } from "../session/source.ts";
import { type Command, says } from "./command.ts";

/** `/whoami`: how the bot knows this person and this chat: what an operator needs for allow lists and home channels. */
export const whoamiCommand: Command = {
  name: "whoami",
  usage: "",
  summary: "Show your id and this chat's id, for access lists and home channels.",
  group: "place",
  answer: "private",
  run({ message: { source } }) {
    const user = participantOf(source);
    return says(
      [
        user === null ? "I don't know your id here." : `You: \`${inCode(`${source.platform}:${user}`)}\``,
        `This chat: \`${inCode(formatDeliveryTarget({ kind: "chat", ...source, account: null }))}\` (${source.chatType})`,
        ...(source.account === "default" ? [] : [`Account: \`${inCode(source.account)}\``]),
      ].join("\n"),
    );
  },
};

function inCode(text: string): string {
  return text.replace(/[`\p{Cc}]/gu, "");
}
