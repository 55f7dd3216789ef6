import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { openWebhookCaller } from "./call-webhook.ts";
import { type Chats, openChats } from "./chats.ts";
import { type Fault, type FaultScope, openFaultBook } from "./faults.ts";
import { type MethodState, methods } from "./methods.ts";
import { type Call, readCall, textField } from "./read-call.ts";
import { emptyRecords, type Post, type Records } from "./records.ts";
import { type Refusal, RefusalError } from "./refusal.ts";
import { chatOf, messageOf, type Said } from "./said.ts";
import { openUpdateQueue } from "./update-queue.ts";

/** Telegram's Bot API on 127.0.0.1, for one bot: it refuses what Telegram refuses, and fails when it is told to. */
export interface FakeTelegram extends Records, AsyncDisposable {
  /** What `apiRoot` has to be; the port is a free one. */
  readonly url: string;
  readonly bot: { readonly id: number; readonly username: string };
  /** Somebody says something: an update waits for the bot, who may answer in that chat from now on. */
  say(said: Said): { readonly updateId: number; readonly messageId: number };
  /** Somebody changes what they said. */
  change(said: Said & { readonly messageId: number }): number;
  /** Somebody presses a button under a post; returns the id of the press. */
  press(post: Post, command: string, userId?: number): string;
  /** Any other update, without its number; returns the number. */
  push(update: Readonly<Record<string, unknown>>): number;
  /** Lets the bot write to a chat in which nobody has spoken. */
  know(chatId: number): void;
  /** What the bot is in a chat from now on. */
  standing: Chats["standing"];
  /** Refuses the bot in a chat from now on, as after a block. */
  block(chatId: number): void;
  /** A group became a supergroup: both service messages are sent, and posts to the old id are told the new one. */
  move(fromChatId: number, toChatId: number): void;
  /** Puts up a file that `getFile` finds. */
  offerFile(fileId: string, data: Buffer): void;
  /** Makes the next calls of a method (`*`: of any) fail. Faults of one method are used up in order. */
  fault(method: string, fault: Fault, scope?: FaultScope): void;
  clearFaults(): void;
  /** Cuts every connection there is, whatever is under way on it. */
  cutConnections(): void;
  /** How often a method was called, refused calls and those that went wrong included. */
  callCount(method: string): number;
  /** Updates that the bot has not confirmed. */
  unconfirmed(): number;
  /** Whether a poll waits for updates right now. */
  isPolled(): boolean;
  /** Called for each post as it is made. */
  onPost(listener: (post: Post) => void): void;
  close(): Promise<void>;
}

/** How the server is made. */
export interface FakeTelegramOptions {
  readonly token: string;
  /** Absent: `harness_bot`, with the id 123456789. */
  readonly username?: string;
  /** Methods this server has never heard of, as older servers and those of other people. */
  readonly unknownMethods?: readonly string[];
}

const FIRST_UPDATE_ID = 900_000_001;

/** Starts a server; it listens when this resolves. */
export async function fakeTelegram(options: FakeTelegramOptions): Promise<FakeTelegram> {
  const bot = { id: 123456789, is_bot: true, first_name: "Harness Bot", username: options.username ?? "harness_bot" };
  const records = emptyRecords();
  const queue = openUpdateQueue(FIRST_UPDATE_ID);
  const chats = openChats();
  const book = openFaultBook();
  const caller = openWebhookCaller(records, queue);
  const unknown = new Set(options.unknownMethods);
  const files = new Map<string, Buffer>();
  const counts = new Map<string, number>();
  const listeners: ((post: Post) => void)[] = [];
  let lastMessageId = 1_000;
  let lastPress = 0;

  const state: MethodState = {
    bot,
    records,
    chats,
    files,
    nextMessageId: () => ++lastMessageId,
    onPost: (post) => {
      for (const listener of listeners) listener(post);
    },
    onWebhook: caller.wake,
    waitingUpdates: queue.size,
  };

  const prefix = `/bot${options.token}/`;
  const filePrefix = `/file${prefix}documents/`;
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    if (path.startsWith(filePrefix)) return serveFile(response, decodeURIComponent(path.slice(filePrefix.length)));
    const call = await readCall(request);
    if (!path.startsWith(prefix)) return refuse(response, { code: 401, description: "Unauthorized" });
    const method = path.slice(prefix.length);
    counts.set(method, (counts.get(method) ?? 0) + 1);
    const fault = book.take(method, textField(call, "chat_id"));
    switch (fault?.kind) {
      case "refused":
        return refuse(response, fault.refusal);
      case "hang":
        return;
      case "closed":
        response.destroy();
        return;
      case "garbage":
        response.writeHead(fault.status, { "content-type": "text/html" }).end("<html>Bad Gateway</html>");
        return;
      case "unanswered":
      case undefined:
        break;
    }
    try {
      const json = await carryOut(method, call, response);
      if (fault?.kind === "unanswered") response.destroy();
      else answer(response, 200, json);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      refuse(response, error.refusal);
    }
  }

  async function carryOut(method: string, call: Call, response: ServerResponse): Promise<string> {
    if (method === "getUpdates") return await poll(call, response);
    const known = unknown.has(method) ? undefined : methods.get(method);
    if (known === undefined) throw new RefusalError({ code: 404, description: "Not Found: method not found" });
    return `{"ok":true,"result":${JSON.stringify(known(state, call))}}`;
  }

  async function poll(call: Call, response: ServerResponse): Promise<string> {
    if (records.webhook !== null) {
      const description =
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
      throw new RefusalError({ code: 409, description });
    }
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    return await queue.poll({
      offset: Number(call.fields.offset ?? 0),
      limit: Number(call.fields.limit ?? 100),
      timeoutMs: Number(call.fields.timeout ?? 0) * 1_000,
      signal: gone.signal,
    });
  }

  function serveFile(response: ServerResponse, fileId: string): void {
    const data = files.get(fileId);
    if (data === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-length": data.length }).end(data);
  }

  const push = (update: Readonly<Record<string, unknown>>) => {
    const updateId = queue.push(update);
    if (records.webhook !== null) caller.wake();
    return updateId;
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a port");

  const fake: Omit<FakeTelegram, keyof Records> = {
    url: `http://127.0.0.1:${address.port}`,
    bot,
    say(said) {
      const messageId = said.messageId ?? ++lastMessageId;
      chats.know(said.chatId);
      return { updateId: push({ message: messageOf(said, messageId) }), messageId };
    },
    change: (said) => push({ edited_message: { ...messageOf(said, said.messageId), edit_date: 1 } }),
    press(post, command, userId = Number(post.chatId)) {
      const id = String(++lastPress);
      const from = { id: userId, is_bot: false, first_name: `User ${userId}`, username: `user${userId}` };
      const topic = post.threadId === null ? {} : { message_thread_id: Number(post.threadId), is_topic_message: true };
      const chat = chatOf(Number(post.chatId), from, post.threadId !== null);
      const message = { message_id: post.messageId, date: 1, chat, from: bot, text: post.text, ...topic };
      push({ callback_query: { id, from, message, chat_instance: "1", data: command } });
      return id;
    },
    push,
    know: chats.know,
    standing: chats.standing,
    block: chats.block,
    move(fromChatId, toChatId) {
      chats.move(fromChatId, toChatId);
      const from = { chatId: fromChatId, extra: { migrate_to_chat_id: toChatId } };
      const to = { chatId: toChatId, extra: { migrate_from_chat_id: fromChatId } };
      for (const said of [from, to]) push({ message: messageOf(said, ++lastMessageId) });
    },
    offerFile: (fileId, data) => void files.set(fileId, data),
    fault: (method, fault, scope = {}) => book.add(method, fault, scope),
    clearFaults: book.clear,
    cutConnections: () => server.closeAllConnections(),
    callCount: (method) => counts.get(method) ?? 0,
    unconfirmed: queue.size,
    isPolled: queue.isPolled,
    onPost: (listener) => void listeners.push(listener),
    close,
    [Symbol.asyncDispose]: close,
  };
  return Object.assign(records, fake);

  async function close(): Promise<void> {
    caller.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}

function refuse(response: ServerResponse, { code, description, parameters }: Refusal): void {
  answer(response, code, JSON.stringify({ ok: false, error_code: code, description, parameters }));
}

function answer(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(json) });
  response.end(json);
}
