import { z } from "zod";
import { randomHex } from "../clock/clock.ts";

/** What became of a question. */
export type Answer =
  | { readonly kind: "answered"; readonly inboxId: number; readonly text: string }
  /** The daemon does not take it; in words for the person. */
  | { readonly kind: "refused"; readonly message: string }
  /** Nobody waits for it any more; it is answered all the same. */
  | { readonly kind: "left" };

/** A message of the person at the terminal. */
export interface Question {
  readonly text: string;
  /** Sent again after trouble, it is the same message and is answered once. */
  readonly messageId: string;
}

/** Who talks, and where. */
export interface Speaker {
  readonly chatId: string;
  readonly userId: string;
  readonly userName: string;
}

/** 128 bits: no two messages get the same id. */
const MESSAGE_ID_BYTES = 16;

/** A text as a message with an id of its own. */
export function questionOf(text: string): Question {
  return { text, messageId: `chat-${randomHex(MESSAGE_ID_BYTES)}` };
}

/** Something that happens in the conversation, seen as it happens: nothing depends on it. */
export const chatEvent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("message"),
    inboxId: z.number(),
    messageId: z.string(),
    userName: z.string().nullable(),
    text: z.string(),
  }),
  z.object({ kind: z.literal("turn_started"), inboxId: z.number() }),
  z.object({ kind: z.literal("delta"), inboxId: z.number(), text: z.string() }),
  z.object({
    kind: z.literal("post"),
    inboxId: z.number().nullable(),
    outboxId: z.number(),
    postKind: z.enum(["reply", "notice", "command", "failure", "message"]),
    text: z.string(),
  }),
]);
/** One such event. */
export type ChatEvent = z.output<typeof chatEvent>;

/** The way to the agent: a running daemon, or one inside this process. */
export interface ChatDoor extends AsyncDisposable {
  /** For the person: whom they talk to. */
  readonly description: string;
  /** Asks and waits for the whole answer, until `signal` aborts; `onTrouble` is told once when the daemon cannot be reached, and that it can again. */
  ask(question: Question, signal: AbortSignal, onTrouble: (words: string) => void): Promise<Answer>;
  /** Tells what happens in the conversation, until the door is closed. */
  watch(onEvent: (event: ChatEvent) => void): void;
}
