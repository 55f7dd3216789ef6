import type { OutboundMessage } from "../../src/message/message.ts";
import type { Adapter } from "../../src/platform/adapter.ts";

/** A platform in memory: keeps what was posted, and fails when it is told to. */
export interface MemoryAdapter extends Adapter {
  readonly posts: OutboundMessage[];
  /** Texts posted in a chat, in order. */
  textsIn(chatId: string): string[];
  /** Called before each post; what it throws, `send` throws. */
  beforePost: (message: OutboundMessage) => void | Promise<void>;
}

/** Makes an empty one. */
export function memoryAdapter(overrides: Partial<Adapter> = {}): MemoryAdapter {
  const posts: OutboundMessage[] = [];
  const adapter: MemoryAdapter = {
    platform: "memory",
    account: "default",
    async start() {},
    async stop() {},
    health: () => ({ connected: true, lastEventAtMs: null, detail: "in memory" }),
    async send(message) {
      await adapter.beforePost(message);
      posts.push(message);
      return `post-${message.outboxId}`;
    },
    posts,
    textsIn: (chatId) => posts.filter((post) => post.chatId === chatId).map((post) => post.text),
    beforePost() {},
    ...overrides,
  };
  return adapter;
}
