import { fakeTelegram } from "../test/fake/telegram/fake-telegram.ts";
import type { PlatformRig } from "./platform-rig.ts";
import { untilTrue } from "./until-true.ts";

/** Telegram by long polling: each chat is a private one. */
export async function startTelegramRig(): Promise<PlatformRig> {
  const token = "123456789:bench";
  const telegram = await fakeTelegram({ token });
  return {
    platform: "telegram",
    section: { token, apiRoot: telegram.url },
    untilConnected: () => untilTrue("a bot polls Telegram", () => telegram.isPolled()),
    say: (chat, text) => void telegram.say({ chatId: 1_000 + chat, text }),
    onPost: (listener) => telegram.onPost(({ text }) => listener(text)),
    [Symbol.asyncDispose]: () => telegram.close(),
  };
}
