import { telegramAdapter } from "../../adapters/telegram/adapter.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { fakeTelegram } from "../fake/telegram/fake-telegram.ts";
import { type Fault, faults } from "../fake/telegram/faults.ts";
import type { Post } from "../fake/telegram/records.ts";
import type { ChatWorld, Place, PostFault, SaidHow } from "./chat-world.ts";

/** A forum has so many topics. */
const TOPICS_A_FORUM = 10;

/** Telegram by long polling. */
export async function openTelegramWorld(nth: number): Promise<ChatWorld> {
  const token = `12345678${nth}:secret-of-the-telegram-bot`;
  const telegram = await fakeTelegram({ token, username: `harness${nth}_bot` });
  let files = 0;
  let oddEvents = 0;

  const fileFields = (text: string, file: NonNullable<SaidHow["file"]>) => {
    const file_id = `file-${++files}`;
    telegram.offerFile(file_id, file.bytes);
    const size = file.bytes.byteLength;
    return file.mimeType.startsWith("image/")
      ? { caption: text, photo: [{ file_id, width: 1, height: 1, file_size: size }] }
      : { caption: text, document: { file_id, file_name: file.name, mime_type: file.mimeType, file_size: size } };
  };
  const chatIdOf = (place: Place) => Number(place.chatId);

  const world: ChatWorld = {
    platform: "telegram",
    section: { token, apiRoot: telegram.url },
    secrets: [token],
    openAdapter: ({ events, account = "default", token: other = token }) =>
      telegramAdapter({
        account,
        token: other,
        apiRoot: telegram.url,
        mode: "polling",
        webhookUrl: "",
        webhookSecret: "",
        clock: systemClock,
        events,
      }),
    dm: (person) => ({ chatType: "dm", chatId: String(1_000 + person), threadId: null }),
    group: (number) => ({ chatType: "group", chatId: String(-5_000 - number), threadId: null }),
    thread: (number) => ({
      chatType: "thread",
      chatId: String(-7_000 - Math.floor(number / TOPICS_A_FORUM)),
      threadId: String(10 + number),
    }),
    outside: () => ({ chatType: "group", chatId: "-9999", threadId: null }),
    userId: (person) => String(1_000 + person),
    say(place, text, { person = 1, mentionsBot = false, file } = {}) {
      const said = {
        chatId: chatIdOf(place),
        ...(place.chatType === "dm" ? {} : { userId: 1_000 + person }),
        ...(place.threadId === null ? {} : { threadId: Number(place.threadId) }),
      };
      const written = mentionsBot ? `@${telegram.bot.username} ${text}` : text;
      const content = file === undefined ? { text: written } : { extra: fileFields(written, file) };
      const { messageId } = telegram.say({ ...said, ...content });
      return {
        messageId: String(messageId),
        place,
        redeliver: () => void telegram.say({ ...said, ...content, messageId }),
        edit: (changed) => void telegram.change({ ...said, text: changed, messageId }),
        remove() {},
      };
    },
    botSays(place, text, { mentionsBot = false } = {}) {
      telegram.say({
        chatId: chatIdOf(place),
        ...(place.threadId === null ? {} : { threadId: Number(place.threadId) }),
        text: mentionsBot ? `@${telegram.bot.username} ${text}` : text,
        extra: { from: { id: 777, is_bot: true, first_name: "Other bot", username: "other_bot" } },
      });
    },
    useCommand(place, name, person = 1) {
      world.say(place, place.chatType === "dm" ? `/${name}` : `/${name}@${telegram.bot.username}`, { person });
    },
    press(post, command, person = 1) {
      const found = telegram.posts.find((each) => String(each.messageId) === post.postId);
      if (found === undefined) throw new Error(`expected a post ${post.postId}`);
      telegram.press(found, command, 1_000 + person);
    },
    pressesConfirmed: () => telegram.callbackAnswers.length,
    sendOddEvents() {
      telegram.push({ [`new_kind_${++oddEvents}`]: { id: 1 } });
      telegram.push({ message: { message_id: "?" } });
      telegram.push({ message: null });
    },
    privatePosts: () => [],
    posts: () => telegram.posts.map(seen),
    editCount: () => telegram.edits.length,
    typingCount: () => telegram.actions.length,
    draftCount: () => telegram.drafts.length,
    fault(fault, place) {
      telegram.fault("sendMessage", faultOf(fault), place === undefined ? {} : { chatId: place.chatId });
    },
    refuseMarkup() {
      telegram.fault("sendMessage", faults.markupRefused);
      return true;
    },
    // Posts have connections of their own, which stay.
    dropConnections: () => telegram.fault("getUpdates", faults.closed),
    forgetsWhileDown() {},
    isConnected: () => telegram.isPolled(),
    unconfirmed: () => telegram.unconfirmed(),
    [Symbol.asyncDispose]: () => telegram.close(),
  };
  return world;
}

function seen(post: Post) {
  return {
    postId: String(post.messageId),
    chatId: post.chatId,
    threadId: post.threadId,
    text: post.text,
    markup: post.html ?? post.text,
    replyTo: post.replyTo === null ? null : String(post.replyTo),
    file: post.file === null ? null : { name: post.file.name, bytes: post.file.data },
    buttons: post.buttons.flat().map(({ callback_data }) => callback_data),
  };
}

function faultOf(fault: PostFault): Fault {
  switch (fault.kind) {
    case "rate_limited":
      return faults.rateLimited(fault.retryAfterSeconds);
    case "unanswered":
      return faults.unanswered;
    case "cut":
      return faults.closed;
    case "server_error":
      return faults.serverError;
  }
}
