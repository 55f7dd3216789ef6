import { formatDeliveryTarget } from "../session/delivery-target.ts";
import { putHome } from "../store/homes.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";

/** `/sethome [here | off | default]`: where the output of jobs and tools for this platform goes. */
export const sethomeCommand: Command = {
  name: "sethome",
  usage: "[here | off | default]",
  summary: "Make this the platform's home channel; off: none; default: the configured one.",
  group: "place",
  access: "admin",
  run(call) {
    const { platform } = call.message.source;
    if (platform === "local") return says("The terminal has no home channel: nobody reads it when you are gone.");
    switch (call.argument.toLowerCase()) {
      case "":
      case "here":
        return settle(call);
      case "off":
        putHome(call.tx, platform, { kind: "off" });
        return says(`${platform} has no home channel any more. /sethome default takes the configured one again.`);
      case "default":
        putHome(call.tx, platform, null);
        return says(`The home channel of ${platform} is the configured one again, if there is one.`);
      default:
        return says("/sethome: expected `here`, `off` or `default`, or nothing for `here`.");
    }
  },
};

function settle({ tx, message: { source } }: CommandCall): CommandResult {
  const { platform, account, chatId, threadId, chatName: name } = source;
  putHome(tx, platform, { kind: "place", account, chatId, threadId, name });
  const bot = account === "default" ? null : account;
  const target = formatDeliveryTarget({ kind: "chat", platform, account: bot, chatId, threadId }).replace(
    /[`\p{Cc}]/gu,
    "",
  );
  const what = threadId === null ? "This chat" : "This thread";
  return says(`${what} (\`${target}\`) is the home channel of ${platform} now.`);
}
