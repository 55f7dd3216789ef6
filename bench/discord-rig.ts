import { fakeDiscord } from "../test/fake/discord/fake-discord.ts";
import type { PlatformRig } from "./platform-rig.ts";
import { untilTrue } from "./until-true.ts";

/** Discord: each chat is a person who writes directly. */
export async function startDiscordRig(): Promise<PlatformRig> {
  const discord = await fakeDiscord();
  const dms = new Map<number, { readonly channelId: string; readonly user: typeof discord.ada }>();
  const dmOf = (chat: number) => {
    const known = dms.get(chat);
    if (known !== undefined) return known;
    const user = discord.world.addUser(`person${chat}`, `Person ${chat}`);
    const dm = { channelId: discord.openDm(user), user };
    dms.set(chat, dm);
    return dm;
  };
  return {
    platform: "discord",
    section: { token: discord.token, apiUrl: discord.url },
    untilConnected: () => untilTrue("a bot is connected to Discord", () => discord.gateway.connectionCount() > 0),
    say(chat, text) {
      const { channelId, user } = dmOf(chat);
      discord.say(channelId, text, { user });
    },
    onPost: (listener) => discord.onPost(listener),
    [Symbol.asyncDispose]: () => discord[Symbol.asyncDispose](),
  };
}
