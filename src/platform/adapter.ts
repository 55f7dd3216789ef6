import type { InboundMessage, OutboundMessage } from "../message/message.ts";

/** What became of a message that an adapter handed over. It resolves when the inbox row is on disk. */
export type Acceptance =
  | { readonly kind: "accepted"; readonly inboxId: number; readonly sessionKey: string }
  /** The platform delivered it before; it is being answered, or was. */
  | { readonly kind: "duplicate"; readonly inboxId: number; readonly sessionKey: string }
  /** Not taken, and why, in words for the sender; the platform is confirmed to all the same. */
  | { readonly kind: "refused"; readonly reason: "queue_full" | "too_long" | "stopping"; readonly message: string };

/** Hands one message to the core; rejects only when the row could not be stored (disk full): then the platform must not be confirmed to. */
export type Accept = (message: InboundMessage) => Promise<Acceptance>;

/** How an adapter's connection stands. A socket that is open but deaf is not connected. */
export interface AdapterHealth {
  readonly connected: boolean;
  /** When the platform was last heard of, milliseconds since 1970 UTC; null before the first time. */
  readonly lastEventAtMs: number | null;
  /** One line for operators. */
  readonly detail: string;
}

/** One bot of one platform, connected to the core. Every adapter has the required part; the rest are capabilities the core asks for. */
export interface Adapter {
  readonly platform: string;
  readonly account: string;
  start(accept: Accept): Promise<void>;
  /** Posts one outbox row and returns the platform's message id; throws a `DeliveryError`. */
  send(message: OutboundMessage): Promise<string>;
  /** Stops reading, waits for what is being accepted, and disconnects. */
  stop(): Promise<void>;
  health(): AdapterHealth;

  /** True when whoever reads this platform reads our store: a stored outbox row counts as delivered and `send` is never called. */
  readonly deliversOnStore?: true;
  /** Cuts an answer into posts the platform takes, in order; absent: an answer is one post. */
  split?(markdown: string): readonly string[];
  /** Shows that an answer is being worked on; called again every few seconds while it is. */
  typing?(place: { readonly chatId: string; readonly threadId: string | null }): Promise<void>;
  /** What an agent must know about this platform, for the context prompt: the same text for the adapter's whole life. */
  readonly notes?: string;
  /** True when mentions on this platform don't need raw ids, so that prompts may carry hashes instead. */
  readonly redactsPii?: true;
}
