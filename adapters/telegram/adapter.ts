import type { Clock } from "../../src/clock/clock.ts";
import type { Adapter, AdapterEvents, Intake } from "../../src/platform/adapter.ts";
import { canPost } from "./can-post.ts";
import { openClient } from "./client.ts";
import { openConnection } from "./connection.ts";
import { openDraft } from "./draft.ts";
import { deliveryErrorOf, movedTo } from "./errors.ts";
import { fetchFile } from "./fetch-file.ts";
import { splitForTelegram } from "./format.ts";
import { telegramNotes } from "./notes.ts";
import { publishCommands } from "./publish-commands.ts";
import { openReader } from "./reader.ts";
import { receiveWebhook } from "./receive-webhook.ts";
import { editText, sendText } from "./send.ts";
import { openSendFile } from "./send-file.ts";

/** What a Telegram bot is connected with. */
export interface TelegramOptions {
  /** Which bot this is, when there are several; `default` when there is one. */
  readonly account: string;
  /** As @BotFather gave it. */
  readonly token: string;
  /** `https://api.telegram.org`, or a server of one's own. */
  readonly apiRoot: string;
  readonly mode: "polling" | "webhook";
  /** Where Telegram reaches `webhook`: https, and public. Only read in webhook mode. */
  readonly webhookUrl: string;
  /** What Telegram's calls prove themselves by: 1 to 256 of `A-Z a-z 0-9 _ -`. Only read in webhook mode. */
  readonly webhookSecret: string;
  readonly clock: Clock;
  readonly events: AdapterEvents;
}

/** The adapter of one Telegram bot. */
export function telegramAdapter(options: TelegramOptions): Adapter {
  const { account, token, clock, events } = options;
  const apiRoot = options.apiRoot.replace(/\/+$/, "");
  const client = openClient({ token, apiRoot, clock });
  const connection = openConnection(clock, events);
  const mode =
    options.mode === "webhook"
      ? ({ kind: "webhook", url: options.webhookUrl, secret: options.webhookSecret } as const)
      : ({ kind: "polling" } as const);
  const reader = openReader({ client, account, mode, clock, events, connection });
  const sendFile = openSendFile(client);
  const draft = openDraft(client);
  let intake: Intake | null = null;

  /** Makes a call for a chat, in the supergroup it has become where Telegram says so. */
  const inChat = async <T>(chatId: string, call: (chatId: string) => Promise<T>): Promise<T> => {
    try {
      return await call(chatId).catch(async (error: unknown) => {
        const toChatId = movedTo(error);
        if (toChatId === null) throw error;
        await intake?.chatMoved({ fromChatId: chatId, toChatId }).catch((failure: unknown) => {
          events.warning(
            "a group became a supergroup, and that could not be stored; it is tried at the next post",
            failure,
          );
        });
        return await call(toChatId);
      });
    } catch (error) {
      throw deliveryErrorOf(error);
    }
  };

  return {
    platform: "telegram",
    account,
    notes: telegramNotes,
    redactsPii: true,
    split: splitForTelegram,
    health: () => connection.health(),
    async start(core) {
      intake = core;
      await reader.start(core);
    },
    stop: () => reader.stop(),
    async close() {
      client.close();
    },
    send: (message) =>
      inChat(message.chatId, (chatId) => {
        const there = { ...message, chatId };
        return message.file === null ? sendText(client, there) : sendFile(there, message.file);
      }),
    edit: (edit) => inChat(edit.chatId, (chatId) => editText(client, { ...edit, chatId })),
    draft,
    async typing({ chatId, threadId }) {
      // Unlike posts, this is shown in the General topic only when that is named by its id.
      const topic = threadId === null ? {} : { message_thread_id: Number(threadId) };
      await inChat(chatId, (there) => client.api.sendChatAction(there, "typing", topic));
    },
    canPost: (place, signal) => canPost(client, place, signal),
    publishCommands: (commands) => publishCommands(client, commands),
    fetchFile: (reference, signal) => fetchFile(client, { apiRoot, token }, reference, signal),
    webhook: (request) => receiveWebhook(request, options.webhookSecret, reader.webhookTake()),
  };
}
