import type { InboundMessage } from "../../src/message/message.ts";
import type { Adapter, AdapterEvents } from "../../src/platform/adapter.ts";
import type { ChatType } from "../../src/session/source.ts";
import { openDiscordWorld } from "./discord-world.ts";
import { openSlackWorld } from "./slack-world.ts";
import { openTelegramWorld } from "./telegram-world.ts";

/** A platform that is built in. */
export type PlatformName = "telegram" | "discord" | "slack";
/** All of them, in the order in which tests go through them. */
export const platformNames: readonly PlatformName[] = ["telegram", "discord", "slack"];

/** A conversation, by the ids the core knows it by. */
export interface Place {
  readonly chatType: ChatType;
  readonly chatId: string;
  readonly threadId: string | null;
}

/** How something is said. */
export interface SaidHow {
  /** The person's number. Absent: 1, in a direct chat that chat's person. */
  readonly person?: number;
  readonly mentionsBot?: boolean;
  readonly file?: { readonly name: string; readonly mimeType: string; readonly bytes: Buffer };
}

/** Something that was said. */
export interface Said {
  readonly messageId: string;
  /** The conversation it belongs to: where a mention opens a thread, that thread. */
  readonly place: Place;
  /** The platform delivers it once more. */
  redeliver(): void;
  edit(text: string): void;
  /** Its author deletes it; Telegram tells bots nothing of that. */
  remove(): void;
}

/** A post of the bot, as people see it now. */
export interface SeenPost {
  readonly postId: string;
  readonly chatId: string;
  readonly threadId: string | null;
  /** What people read. */
  readonly text: string;
  /** The same with the platform's own markup. */
  readonly markup: string;
  readonly replyTo: string | null;
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | null;
  /** The commands of the buttons under it. */
  readonly buttons: readonly string[];
}

/** What goes wrong with the bot's next post, in a chat or anywhere. */
export type PostFault =
  /** Refused as one too many for this chat; whole seconds, as Telegram counts. */
  | { readonly kind: "rate_limited"; readonly retryAfterSeconds: number }
  /** Done, and the connection is cut instead of an answer. */
  | { readonly kind: "unanswered" }
  /** Not done, and the connection is cut. */
  | { readonly kind: "cut" }
  /** Not done: the server has trouble of its own. */
  | { readonly kind: "server_error" };

/** A chat platform of our own on 127.0.0.1, spoken of in the same words whichever it is: one bot, and people who write to it. */
export interface ChatWorld extends AsyncDisposable {
  readonly platform: PlatformName;
  /** What the configuration says of it, besides rules. */
  readonly section: Readonly<Record<string, string>>;
  /** What must be seen nowhere. */
  readonly secrets: readonly string[];
  /** Its adapter, over the real client; `token` replaces the right one. */
  openAdapter(options: { readonly events: AdapterEvents; readonly account?: string; readonly token?: string }): Adapter;

  /** The direct chat of a person with the bot. */
  dm(person: number): Place;
  group(number: number): Place;
  thread(number: number): Place;
  /** A group in which the bot is not. */
  outside(): Place;
  /** What the platform calls a person. */
  userId(person: number): string;
  say(place: Place, text: string, how?: SaidHow): Said;
  /** A bot that is another one says something. */
  botSays(place: Place, text: string, how?: { readonly mentionsBot?: boolean }): void;
  /** Somebody uses a command as the platform offers it, without arguments. */
  useCommand(place: Place, name: string, person?: number): void;
  /** Somebody presses the button of this command under a post. */
  press(post: SeenPost, command: string, person?: number): void;
  /** Presses that were acknowledged. */
  pressesConfirmed(): number;
  /** An event of a kind no adapter knows, and one that makes no sense. */
  sendOddEvents(): void;

  /** What the bot showed to one person each, by their id where the platform tells. */
  privatePosts(): readonly { readonly text: string; readonly userId: string | null }[];
  /** The bot's posts, as everybody in the place sees them, the earliest first. */
  posts(): readonly SeenPost[];
  /** How often a post was changed. */
  editCount(): number;
  /** Places in which the bot has shown that it is at work. */
  typingCount(): number;
  /** How many answers were shown as drafts. */
  draftCount(): number;

  fault(fault: PostFault, place?: Place): void;
  /** The platform does not take the markup of the next post; false where none can be wrong. */
  refuseMarkup(): boolean;
  /** Every connection for events breaks off. */
  dropConnections(): void;
  /** What is said while nobody is connected is from now on only to be had from history, where there is one. */
  forgetsWhileDown(): void;
  /** Whether a bot is connected and hears what is said. */
  isConnected(): boolean;
  /** Deliveries that wait for the bot's confirmation; null where nothing is confirmed. */
  unconfirmed(): number | null;
}

/** Starts one; `nth` tells two of one platform apart. */
export async function openWorld(platform: PlatformName, nth = 1): Promise<ChatWorld> {
  switch (platform) {
    case "telegram":
      return await openTelegramWorld(nth);
    case "discord":
      return await openDiscordWorld(nth);
    case "slack":
      return await openSlackWorld(nth);
  }
}

/** Posts of a conversation, in order. */
export function postsIn(world: ChatWorld, { chatId, threadId }: Place): readonly SeenPost[] {
  return world.posts().filter((post) => post.chatId === chatId && post.threadId === threadId);
}

/** Whether a message was said in this conversation. */
export function isFrom({ source }: InboundMessage, { chatId, threadId }: Place): boolean {
  return source.chatId === chatId && source.threadId === threadId;
}
