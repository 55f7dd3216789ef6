import type { InboundMessage, OutboundMessage, PostEdit } from "../message/message.ts";
import type { ChatType } from "../session/source.ts";

/** What became of a message that an adapter handed over. It resolves when what had to be stored is on disk. */
export type Acceptance =
  | { readonly kind: "accepted"; readonly inboxId: number; readonly sessionKey: string }
  /** The platform delivered it before; it is being answered, or was. */
  | { readonly kind: "duplicate"; readonly inboxId: number; readonly sessionKey: string }
  /** It starts no turn: it was not meant for the bot (and is kept as context), or its sender may not speak here. */
  | { readonly kind: "ignored"; readonly reason: "not_addressed" | "not_allowed" }
  /** Not taken, and why, in words for the sender. After `stopping` the platform must not be confirmed to: the next process takes it. Otherwise the sender has been told, unless the adapter `answersSender`. */
  | { readonly kind: "refused"; readonly reason: "queue_full" | "too_long" | "stopping"; readonly message: string };

/** How a message came. */
export interface Arrival {
  /**
   * True when whoever sent it waits for an answer to this very call (a slash command, a pressed button, an HTTP request): the adapter
   * tells them there why it was refused, and it is not delivered again. Absent: the core tells them, by a post, once in a while.
   */
  readonly answersSender?: true;
}

/** Hands one message to the core; rejects only when it could not be stored (disk full), or must wait for one of its conversation that could not: then the platform must not be confirmed to. */
export type Accept = (message: InboundMessage, arrival?: Arrival) => Promise<Acceptance>;

/** A place the bot has heard of lately: what catch-up reads. */
export interface RecentPlace {
  readonly chatType: ChatType;
  readonly chatId: string;
  readonly threadId: string | null;
  /** When it was last heard of, milliseconds since 1970 UTC by our clock. What was said before may be read again: duplicates are dropped. */
  readonly lastHeardAtMs: number;
}

/** What an adapter tells the core. */
export interface Intake {
  readonly accept: Accept;
  /** A message's text was changed: it takes effect while the message waits for its turn, and is nothing otherwise. */
  edited(change: { readonly chatId: string; readonly messageId: string; readonly text: string }): Promise<void>;
  /** A chat got another id (a Telegram group became a supergroup): its sessions follow. */
  chatMoved(change: { readonly fromChatId: string; readonly toChatId: string }): Promise<void>;
  /** The adapter's places heard of since then, the latest first. */
  recentPlaces(sinceMs: number): readonly RecentPlace[];
}

/** How an adapter's connection stands. A socket that is open but deaf is not connected. */
export interface AdapterHealth {
  readonly connected: boolean;
  /** When the platform was last heard of, milliseconds since 1970 UTC; null before the first time. */
  readonly lastEventAtMs: number | null;
  /** One line for operators. */
  readonly detail: string;
}

/** What happens to an adapter between its start and its stop, for the log and the metrics. */
export interface AdapterEvents {
  /** Connected again after `disconnected`. */
  connected(): void;
  /** The connection is lost, or was refused; the adapter goes on trying. `detail` says what an operator can do, if anything. */
  disconnected(detail: string, error?: unknown): void;
  /** An event of the platform became no message: counted, by a short reason of a fixed set. */
  ignored(why: string): void;
  /** Something an operator should know, said once: a missing permission, a fallback that was taken. */
  warning(detail: string, error?: unknown): void;
}

/** What an adapter found of a post that may have arrived. `unknown`: it could not be told for certain. */
export type FoundPost =
  | { readonly kind: "found"; readonly postId: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown" };

/** A conversation on the adapter's platform. */
export interface ChatPlace {
  readonly chatId: string;
  readonly threadId: string | null;
}

/** A command as platforms publish it. */
export interface PublishedCommand {
  /** Lower-case letters. */
  readonly name: string;
  /** What follows the name; empty when nothing does. */
  readonly usage: string;
  readonly summary: string;
  /** True when its answer is for whoever gave it alone, outside direct chats. Absent: false. */
  readonly isPrivate?: true;
}

/** One bot of one platform, connected to the core. Every adapter has the required part; the rest are capabilities the core asks for. */
export interface Adapter {
  readonly platform: string;
  readonly account: string;
  /**
   * Connects. Rejects only for what an operator must mend (a wrong token), saying what; what may pass (no network) it goes on trying,
   * and resolves.
   */
  start(intake: Intake): Promise<void>;
  /** Posts one outbox row and returns the platform's message id; throws a `DeliveryError`. One attempt: repeating is the core's business. */
  send(message: OutboundMessage): Promise<string>;
  /** Stops reading and waits for what is being accepted; posts may still be sent. */
  stop(): Promise<void>;
  /** Disconnects for good, after the last post; absent where `stop` leaves nothing open. */
  close?(): Promise<void>;
  health(): AdapterHealth;

  /** True when whoever reads this platform reads our store: a stored outbox row counts as delivered and `send` is never called. */
  readonly deliversOnStore?: true;
  /** Cuts an answer into posts the platform takes, in order; absent: an answer is one post. */
  split?(markdown: string): readonly string[];
  /** Changes a post; throws a `DeliveryError`. An edit that changes nothing succeeds. */
  edit?(edit: PostEdit): Promise<void>;
  /** Shows an answer as it grows without posting it; false when this place has no such thing. Errors are `DeliveryError`s. */
  draft?(place: ChatPlace, draftId: number, markdown: string): Promise<boolean>;
  /** Looks for a post of an earlier attempt that may have arrived; throws a `DeliveryError` when the platform can't be asked now. */
  findPost?(message: OutboundMessage): Promise<FoundPost>;
  /** Shows that the answer to a message is being worked on; called again every few seconds while it is. */
  typing?(place: ChatPlace & { readonly messageId: string }): Promise<void>;
  /** Takes back what `typing` showed, where it does not fade by itself. */
  typingDone?(place: ChatPlace & { readonly messageId: string }): Promise<void>;
  /**
   * Asks whether the bot can post in a place, before something is to be posted there for the first time: null when it can, or when nobody
   * can tell (no network, an answer that says nothing); else why not and what to do, as a sentence for whoever named the place. Never rejects.
   */
  canPost?(place: ChatPlace, signal: AbortSignal): Promise<string | null>;
  /** Publishes the commands where the platform lists them. */
  publishCommands?(commands: readonly PublishedCommand[]): Promise<void>;
  /** Opens an attachment for reading; throws when it is gone. The reader bounds its size. */
  fetchFile?(reference: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Takes the platform's calls over HTTP, which the console mounts at `/webhooks/<platform>/<account>`; it authenticates them itself. */
  webhook?(request: Request): Promise<Response>;
  /** What an agent must know about this platform, for the context prompt: the same text for the adapter's whole life. */
  readonly notes?: string;
  /** True when mentions on this platform don't need raw ids, so that prompts may carry hashes instead. */
  readonly redactsPii?: true;
}
