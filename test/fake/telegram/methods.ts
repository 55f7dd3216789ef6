import type { Chats } from "./chats.ts";
import { checkedButtons, checkedText } from "./post-rules.ts";
import { type Call, objectField, type SentFile, textField } from "./read-call.ts";
import type { Post, Records } from "./records.ts";
import { badRequest } from "./refusal.ts";

/** What the methods work on. */
export interface MethodState {
  readonly bot: Readonly<Record<string, unknown>>;
  readonly records: Records;
  readonly chats: Chats;
  /** Files that can be fetched, by `file_id`. */
  readonly files: ReadonlyMap<string, Buffer>;
  nextMessageId(): number;
  onPost(post: Post): void;
  onWebhook(): void;
  waitingUpdates(): number;
}

/** A method: from the parameters to the result; throws a `RefusalError`. */
export type Method = (state: MethodState, call: Call) => unknown;

/** The methods there are; `getUpdates` is the server's own. */
export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["getMe", ({ bot }) => bot],
  ["getChat", getChat],
  ["getChatMember", getChatMember],
  ["sendMessage", (state, call) => post(state, call, "sendMessage", null)],
  ...["Photo", "Animation", "Voice", "Audio", "Video", "Document"].map((what): [string, Method] => [
    `send${what}`,
    (state, call) => post(state, call, `send${what}`, sentFile(call, what.toLowerCase())),
  ]),
  ["editMessageText", editMessageText],
  ["editMessageReplyMarkup", editMessageReplyMarkup],
  ["sendMessageDraft", sendMessageDraft],
  ["sendChatAction", sendChatAction],
  ["answerCallbackQuery", answerCallbackQuery],
  ["setMyCommands", setMyCommands],
  ["getFile", getFile],
  ["setWebhook", setWebhook],
  ["deleteWebhook", deleteWebhook],
  ["getWebhookInfo", getWebhookInfo],
]);

function post(state: MethodState, call: Call, method: string, file: SentFile | null) {
  const chatId = state.chats.checked(call);
  const threadId = checkedThread(call);
  const { text, html } = checkedText(call, file === null ? "text" : "caption");
  const reply = objectField(call, "reply_parameters");
  const made: Post = {
    method,
    messageId: state.nextMessageId(),
    chatId,
    threadId,
    replyTo: reply === null ? null : Number(reply.message_id),
    file,
    text,
    html,
    buttons: checkedButtons(call),
  };
  state.records.posts.push(made);
  state.onPost(made);
  return asMessage(state, made);
}

function getChat({ chats }: MethodState, call: Call) {
  const chatId = chats.checked(call);
  return { id: Number(chatId), type: chats.typeOf(chatId), permissions: { can_send_messages: !chats.isMuted(chatId) } };
}

function getChatMember({ bot, chats }: MethodState, call: Call) {
  const chatId = chats.checked(call);
  return { user: bot, ...chats.membershipIn(chatId) };
}

function asMessage(state: MethodState, { messageId, chatId, text, file }: Post) {
  return {
    message_id: messageId,
    from: state.bot,
    date: Math.floor(Date.now() / 1_000),
    chat: { id: Number(chatId), type: Number(chatId) > 0 ? "private" : "supergroup" },
    ...(file === null ? { text } : { caption: text }),
  };
}

/** Telegram knows no topic 1 to post to: the General one has no id. */
function checkedThread(call: Call): string | null {
  const threadId = textField(call, "message_thread_id");
  if (threadId === "1") throw badRequest("message thread not found");
  return threadId;
}

function sentFile(call: Call, field: string): SentFile {
  const reference = textField(call, field) ?? "";
  const file = call.files.get(reference.replace("attach://", ""));
  if (file === undefined) throw badRequest("there is no file in the request");
  if (file.data.length === 0) throw badRequest("file must be non-empty");
  return file;
}

function postOf({ records, chats }: MethodState, call: Call): Post {
  const chatId = chats.checked(call);
  const messageId = Number(textField(call, "message_id"));
  // The latest are changed most often.
  const found = records.posts.findLast((made) => made.messageId === messageId && made.chatId === chatId);
  if (found === undefined) throw badRequest("message to edit not found");
  return found;
}

function editMessageText(state: MethodState, call: Call) {
  const found = postOf(state, call);
  const { text, html } = checkedText(call, "text");
  const buttons = checkedButtons(call);
  if (found.html === html && found.text === text && JSON.stringify(found.buttons) === JSON.stringify(buttons)) {
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  }
  Object.assign(found, { text, html, buttons });
  state.records.edits.push({ chatId: found.chatId, messageId: found.messageId, text, html });
  return asMessage(state, found);
}

function editMessageReplyMarkup(state: MethodState, call: Call) {
  const found = postOf(state, call);
  found.buttons = checkedButtons(call);
  return asMessage(state, found);
}

function sendMessageDraft(state: MethodState, call: Call) {
  const chatId = state.chats.checked(call);
  if (!(Number(chatId) > 0)) throw badRequest("TEXTDRAFT_PEER_INVALID");
  const { text } = checkedText(call, "text");
  const draftId = Number(textField(call, "draft_id"));
  if (!draftId) throw badRequest("draft_id must be non-zero");
  state.records.drafts.push({ chatId, threadId: checkedThread(call), draftId, text });
  return true;
}

function sendChatAction({ records, chats }: MethodState, call: Call) {
  const chatId = chats.checked(call);
  const action = textField(call, "action") ?? "";
  records.actions.push({ chatId, threadId: textField(call, "message_thread_id"), action });
  return true;
}

function answerCallbackQuery({ records }: MethodState, call: Call) {
  records.callbackAnswers.push({
    callbackId: textField(call, "callback_query_id") ?? "",
    text: textField(call, "text"),
  });
  return true;
}

function setMyCommands({ records }: MethodState, call: Call) {
  const commands = call.fields.commands;
  if (!Array.isArray(commands)) throw badRequest("commands expected");
  records.commands = commands.map((entry: { command: string; description: string }) => {
    if (!/^[a-z0-9_]{1,32}$/.test(entry.command)) throw badRequest("BOT_COMMAND_INVALID");
    if (entry.description === "" || entry.description.length > 256) {
      throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
    }
    return entry;
  });
  return true;
}

function getFile({ files }: MethodState, call: Call) {
  const fileId = textField(call, "file_id") ?? "";
  const data = files.get(fileId);
  if (data === undefined) throw badRequest("invalid file_id");
  if (data.length > 20 * 1024 * 1024) throw badRequest("file is too big");
  return { file_id: fileId, file_unique_id: fileId, file_size: data.length, file_path: `documents/${fileId}` };
}

function setWebhook({ records, onWebhook }: MethodState, call: Call) {
  const url = textField(call, "url") ?? "";
  if (!/^https?:\/\//.test(url)) throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  const allowedUpdates = call.fields.allowed_updates;
  records.webhook = {
    url,
    secret: textField(call, "secret_token"),
    allowedUpdates: Array.isArray(allowedUpdates) ? allowedUpdates : [],
  };
  onWebhook();
  return true;
}

function deleteWebhook({ records }: MethodState) {
  records.webhook = null;
  return true;
}

function getWebhookInfo({ records, waitingUpdates }: MethodState) {
  const { webhook, webhookTrouble: trouble } = records;
  return {
    url: webhook?.url ?? "",
    has_custom_certificate: false,
    pending_update_count: waitingUpdates(),
    ...(trouble === null ? {} : { last_error_date: trouble.atSeconds, last_error_message: trouble.message }),
  };
}
