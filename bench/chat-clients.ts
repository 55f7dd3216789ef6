import { setTimeout as sleep } from "node:timers/promises";
import { messageTo } from "./chat-traffic.ts";
import { type HttpConnection, openHttpConnection } from "./http-connection.ts";

/** People who write to a daemon over HTTP and wait for their answers. */
export interface ChatClients extends Disposable {
  /** Sends so many messages over all connections at once, each chat waiting for its answer; resolves with how long it took. */
  rush(messages: number): Promise<number>;
  /** Sends a message every `everyMs` and resolves with how long each waited for its answer, counted from when it was due. */
  paced(messages: number, everyMs: number): Promise<readonly number[]>;
}

/** Opens the connections; chats are shared out among them, so that no chat writes twice at the same time. */
export async function openChatClients(port: number, chats: number, connections: number): Promise<ChatClients> {
  const open = await Promise.all(Array.from({ length: connections }, () => openHttpConnection(port)));
  const places = open.map((connection, place) => ({ connection, chat: place }));
  const nextChat = (place: { chat: number }, index: number) => {
    place.chat = place.chat + connections < chats ? place.chat + connections : index;
    return place.chat;
  };
  return {
    async rush(messages) {
      const startedMs = performance.now();
      let left = messages;
      await Promise.all(
        places.map(async (place, index) => {
          while (left-- > 0) await converse(place.connection, nextChat(place, index));
        }),
      );
      return performance.now() - startedMs;
    },
    async paced(messages, everyMs) {
      const idle = places.map((place, index) => ({ place, index }));
      const startMs = performance.now();
      const answers: Promise<number>[] = [];
      for (let count = 0; count < messages; count++) {
        const dueMs = startMs + count * everyMs;
        while (dueMs > performance.now()) await sleep(Math.max(1, dueMs - performance.now()));
        const free = idle.shift();
        if (free === undefined) throw new Error("the daemon falls so far behind that every connection waits for it");
        answers.push(
          converse(free.place.connection, nextChat(free.place, free.index)).then(() => {
            idle.push(free);
            return performance.now() - dueMs;
          }),
        );
      }
      return await Promise.all(answers);
    },
    [Symbol.dispose]() {
      for (const connection of open) connection[Symbol.dispose]();
    },
  };
}

async function converse(connection: HttpConnection, chat: number): Promise<void> {
  const { messageId, text } = messageTo(chat);
  const message = { chatId: `chat${chat}`, userId: `user${chat}`, userName: "Ann", messageId, text };
  const { status, body } = await connection.request("POST", "/api/messages?wait=30", JSON.stringify(message));
  if (status !== 200 || !body.includes(text)) throw new Error(`expected the echo of a message, got ${status}: ${body}`);
}
