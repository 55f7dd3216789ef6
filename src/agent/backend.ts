import type { Attachment } from "../message/message.ts";

/** Tokens and money one turn took; a number the backend does not know is 0, an unknown cost is null. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** US dollars; null when no price is known. */
  readonly costUsd: number | null;
}

/** One line of the conversation as an agent sees it; in shared sessions `text` begins with `[name] `. */
export interface AgentMessage {
  readonly role: "user" | "assistant" | "system" | "tool";
  readonly text: string;
  /** When it was written, milliseconds since 1970 UTC. */
  readonly atMs: number;
}

/** What an agent is given for one turn. */
export interface TurnRequest {
  readonly sessionId: string;
  readonly sessionKey: string;
  /** The context prompt, made when asked for: byte-stable for a session, so that a provider's prompt cache holds. */
  readonly prompt: () => string;
  /** The message to answer. */
  readonly message: { readonly text: string; readonly attachments: readonly Attachment[] };
  /** The newest `limit` messages before this one, oldest first; read only by agents that want it. */
  readonly history: (limit: number) => readonly AgentMessage[];
  /** 1 at the first try; above 1 the process died, or failed, in an earlier one: outside effects may have happened already. */
  readonly attempt: number;
}

/** What an agent says while it works. A turn ends with exactly one `done` or `failed`; failing is an event, never a throw. */
export type AgentEvent =
  | { readonly kind: "text"; readonly delta: string }
  | { readonly kind: "tool"; readonly name: string; readonly phase: "started" | "finished" | "failed" }
  | { readonly kind: "usage"; readonly usage: Usage }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly failure: AgentFailure };

/** Why a turn failed: `message` is for the person in the chat, `detail` for the operator's log. */
export interface AgentFailure {
  readonly reason: "stopped" | "timeout" | "unavailable" | "refused" | "error";
  readonly message: string;
  readonly detail: string;
  /** Whether the same request may succeed soon. */
  readonly retryable: boolean;
}

/** A language model, a program or a function that answers turns, many at a time. */
export interface AgentBackend {
  readonly name: string;
  /** Runs one turn; after `signal` aborts it ends with `failed` (`stopped`) within a second. */
  run(request: TurnRequest, signal: AbortSignal): AsyncIterable<AgentEvent>;
  /** Ends what it started; the gateway calls it once, after the last turn. */
  close?(): Promise<void>;
}
