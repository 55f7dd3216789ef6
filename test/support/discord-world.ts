import { discordAdapter } from "../../adapters/discord/adapter.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { fakeDiscord } from "../fake/discord/fake-discord.ts";
import type { Fault } from "../fake/discord/faults.ts";
import type { FakePost } from "../fake/discord/record.ts";
import type { FakeUser } from "../fake/discord/world.ts";
import type { ChatWorld, PostFault, SaidHow, SeenPost } from "./chat-world.ts";

/** Discord over its gateway, with one guild. */
export async function openDiscordWorld(nth: number): Promise<ChatWorld> {
  const token = `secret-of-the-discord-bot-${nth}`;
  const discord = await fakeDiscord({ token });
  const guildId = discord.world.addGuild("guild");
  const people = new Map<number, FakeUser>();
  const channels = new Map<string, string>();
  let files = 0;

  const personOf = (number: number): FakeUser => {
    const known = people.get(number) ?? discord.world.addUser(`person${number}`, `Person ${number}`);
    people.set(number, known);
    return known;
  };
  const channelOf = (name: string, open: () => string): string => {
    const id = channels.get(name) ?? open();
    channels.set(name, id);
    return id;
  };
  const dmOwners = new Map<string, number>();
  const attachment = (file: NonNullable<SaidHow["file"]>) => {
    const url = discord.putFile(`${++files}-${file.name}`, file.bytes);
    const { name: filename, mimeType: content_type } = file;
    return [{ id: discord.world.newId(), filename, content_type, size: file.bytes.byteLength, url, proxy_url: url }];
  };
  const seen = (post: FakePost): SeenPost => ({
    postId: post.id,
    chatId: post.channelId,
    threadId: discord.world.channels.get(post.channelId)?.type === 11 ? post.channelId : null,
    text: post.content,
    markup: post.content,
    replyTo: post.replyTo,
    file: post.files[0] ?? null,
    buttons: post.components.flatMap(commandsOf),
  });

  return {
    platform: "discord",
    section: { token, apiUrl: discord.url },
    secrets: [token],
    openAdapter: ({ events, account = "default", token: other = token }) =>
      discordAdapter({
        account,
        token: other,
        apiUrl: discord.url,
        autoThread: false,
        clock: systemClock,
        events,
        nonceSeed: "salt",
      }),
    dm(person) {
      const chatId = discord.openDm(personOf(person));
      dmOwners.set(chatId, person);
      return { chatType: "dm", chatId, threadId: null };
    },
    group(number) {
      const chatId = channelOf(`channel-${number}`, () =>
        discord.addTextChannel({ guildId, name: `channel-${number}` }),
      );
      return { chatType: "channel", chatId, threadId: null };
    },
    thread(number) {
      const parent = channelOf("threads", () => discord.addTextChannel({ guildId, name: "threads" }));
      const id = channelOf(`thread-${number}`, () => discord.addThread(parent, `thread-${number}`));
      return { chatType: "thread", chatId: id, threadId: id };
    },
    outside: () => ({ chatType: "channel", chatId: "999999999999999999", threadId: null }),
    userId: (person) => personOf(person).id,
    say(place, text, { person = dmOwners.get(place.chatId) ?? 1, mentionsBot = false, file } = {}) {
      const message = discord.say(place.chatId, mentionsBot ? `<@${discord.bot.id}> ${text}` : text, {
        user: personOf(person),
        ...(file === undefined ? {} : { more: { attachments: attachment(file) } }),
      });
      return {
        messageId: message.id,
        place,
        redeliver: () => discord.gateway.dispatch("MESSAGE_CREATE", discord.world.asEvent(message)),
        edit: (changed) => discord.edit(message, changed),
        remove() {
          discord.world.removeMessage(place.chatId, message.id);
          discord.gateway.dispatch("MESSAGE_DELETE", { id: message.id, channel_id: place.chatId });
        },
      };
    },
    botSays(place, text, { mentionsBot = false } = {}) {
      const user = { ...discord.world.addUser("other_bot"), bot: true } as const;
      discord.say(place.chatId, mentionsBot ? `<@${discord.bot.id}> ${text}` : text, { user });
    },
    useCommand: (place, name, person = dmOwners.get(place.chatId) ?? 1) =>
      void discord.useCommand(place.chatId, name, {}, personOf(person)),
    press: (post, command, person = dmOwners.get(post.chatId) ?? 1) =>
      void discord.press(post.chatId, command, personOf(person)),
    pressesConfirmed: () => discord.callbacks.length,
    sendOddEvents() {
      discord.gateway.dispatch("NEW_KIND_OF_EVENT", { id: "1" });
      discord.gateway.dispatch("MESSAGE_CREATE", { id: 7 });
      discord.gateway.dispatch("MESSAGE_CREATE", null);
    },
    privatePosts: () =>
      [...discord.posts, ...discord.followups]
        .filter(({ isPrivate }) => isPrivate)
        .map(({ content }) => ({ text: content, userId: null })),
    posts: () => discord.posts.filter(({ isPrivate }) => !isPrivate).map(seen),
    editCount: () => discord.edits.length,
    typingCount: () => discord.typing.length,
    draftCount: () => 0,
    fault(fault, place) {
      discord.faults.add(new RegExp(`^POST /channels/${place?.chatId ?? "\\d+"}/messages$`), faultOf(fault));
    },
    refuseMarkup: () => false,
    dropConnections: () => discord.gateway.drop(),
    forgetsWhileDown: () => discord.gateway.drop({ forget: true }),
    isConnected: () => discord.gateway.connectionCount() > 0,
    unconfirmed: () => null,
    [Symbol.asyncDispose]: () => discord[Symbol.asyncDispose](),
  };
}

function commandsOf(row: unknown): readonly string[] {
  const { components } = row as { readonly components: readonly { readonly custom_id: string }[] }; // checked by the server
  return components.map(({ custom_id }) => custom_id);
}

function faultOf(fault: PostFault): Fault {
  switch (fault.kind) {
    case "rate_limited":
      return { kind: "rate_limit", retryAfterMs: fault.retryAfterSeconds * 1_000 };
    case "unanswered":
      return { kind: "done_unanswered" };
    case "cut":
      return { kind: "cut" };
    case "server_error":
      return { kind: "status", status: 500 };
  }
}
