import type { InboundMessage } from "../message/message.ts";
import type { SessionRules } from "../store/resolve-session.ts";
import type { Tx } from "../store/writer.ts";

/** What a command is called with. It runs inside the transaction that ends its inbox row: all of it happens, or nothing. */
export interface CommandCall {
  readonly tx: Tx;
  readonly rules: SessionRules;
  readonly key: string;
  readonly agentId: string;
  readonly message: InboundMessage;
  /** What followed the command's name, trimmed; empty when nothing did. */
  readonly argument: string;
  readonly receivedAtMs: number;
  /** Every command there is, for `/help`. */
  readonly commands: readonly Command[];
  /** The time zone times are shown in. */
  readonly timeZone: string;
  /** The version, for `/status`. */
  readonly version: string;
}

/** Something that happened to a session in a transaction, to be told once it is on disk. */
export type SessionChange =
  | { readonly kind: "started"; readonly sessionId: string }
  | { readonly kind: "ended"; readonly sessionId: string; readonly reason: string }
  | { readonly kind: "renamed"; readonly sessionId: string };

/** What came of a command. */
export interface CommandResult {
  /** Markdown for the person who gave it. */
  readonly reply: string;
  /** A text that goes to the agent as the person's message, in the session that is live now; null when there is none. */
  readonly turnText: string | null;
  readonly changes: readonly SessionChange[];
}

/** Something a person can tell the bot by `/name`. */
export interface Command {
  /** Lower-case letters. */
  readonly name: string;
  /** What follows the name, as shown by `/help`; empty when nothing does. */
  readonly usage: string;
  /** One line: what it does. */
  readonly summary: string;
  run(call: CommandCall): CommandResult;
}

/** A reply that changed nothing. */
export function says(reply: string): CommandResult {
  return { reply, turnText: null, changes: [] };
}
