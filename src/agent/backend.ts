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

/** How much of a conversation an agent is shown. */
export interface ContextLimits {
  /** Most lines. */
  readonly messages: number;
  /** Most tokens of all of it, estimated; the prompt and the message to answer do not count. */
  readonly tokens: number;
}

/** What an agent is shown of the conversation before the message to answer. */
export interface TurnContext {
  /** What stands for lines that are not shown, quoted as data; it changes seldom, so that a provider's prompt cache holds. Empty for nothing. */
  readonly earlier: string;
  /** What is remembered, and where the conversation stands, quoted as data; it rides with the message, since it changes with each. Empty for nothing. */
  readonly remembered: string;
  /** The newest lines, oldest first. */
  readonly lines: readonly AgentMessage[];
}

/** What an agent is given for one turn. */
export interface TurnRequest {
  readonly sessionId: string;
  readonly sessionKey: string;
  /** The context prompt, made when asked for: byte-stable for a session, so that a provider's prompt cache holds. */
  readonly prompt: () => string;
  /** The message to answer. */
  readonly message: { readonly text: string; readonly attachments: readonly Attachment[] };
  /** Whether nothing was said in this conversation before; known without reading it. */
  readonly isFirst: boolean;
  /** The newest `limit` messages before this one as they were said, oldest first. Agents that are to know more than fits take `context`. */
  readonly history: (limit: number) => readonly AgentMessage[];
  /** The conversation before this message within limits: what was archived or remembered of it, and its newest lines. Who asks has it compacted as it fills. */
  readonly context: (limits: ContextLimits) => Promise<TurnContext>;
  /** The provider finds it too long: archives older lines, waiting a minute at most, and gives what `context` gives then; null when nothing got shorter. Once a turn. */
  readonly shorten: () => Promise<TurnContext | null>;
  /** 1 at the first try; above 1 the process died, or failed, in an earlier one: outside effects may have happened already. */
  readonly attempt: number;
  /** The model that was chosen for this session by `/model`; null for the agent's own. */
  readonly model: string | null;
  /** What Parley offers to agents that can call tools; what a tool says is already what this turn's people may know and do. */
  readonly tools: readonly AgentTool[];
  /** Asks the people of the chat to allow something, by buttons; false when they refuse, when nobody answers in time, or when the turn ends. */
  readonly askApproval: (question: ApprovalQuestion) => Promise<boolean>;
  /** Takes what was said since the turn began, oldest first; only agents with `takesSteering` are given anything, and ask between their steps. */
  readonly takeSteering: () => readonly string[];
}

/** Something an agent may call while it works. */
export interface AgentTool {
  /** `[a-z_]+`. */
  readonly name: string;
  /** For the model. */
  readonly description: string;
  /** JSON Schema of its input, an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Runs it; resolves with what the model is told, errors included. It never rejects. */
  run(input: unknown): Promise<string>;
}

/** What a person is asked to allow. */
export interface ApprovalQuestion {
  /** One line. */
  readonly title: string;
  /** The command, the change: shown as code. Empty for none. */
  readonly detail: string;
}

/** What an agent says while it works. A turn ends with exactly one `done` or `failed`; failing is an event, never a throw. */
export type AgentEvent =
  | { readonly kind: "text"; readonly delta: string }
  /** Something it does besides writing; `summary` is one line for people, or empty. */
  | {
      readonly kind: "tool";
      readonly name: string;
      readonly phase: "started" | "finished" | "failed";
      readonly summary?: string;
    }
  /** A file that goes out with the answer. */
  | { readonly kind: "file"; readonly name: string; readonly mimeType: string; readonly data: Uint8Array }
  | { readonly kind: "usage"; readonly usage: Usage }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly failure: AgentFailure };

/** Why a turn failed: `message` is for the person in the chat, `detail` for the operator's log. */
export interface AgentFailure {
  readonly reason:
    | "stopped"
    | "timeout"
    /** It could not be reached, or is overloaded. */
    | "unavailable"
    /** The provider or the model declined to answer this. */
    | "refused"
    /** A wrong key, an unknown model, a program that is not there: an operator has to mend it. */
    | "misconfigured"
    /** The account has no quota or money left. */
    | "quota"
    /** The conversation is longer than the model takes. */
    | "too_long"
    | "error";
  readonly message: string;
  readonly detail: string;
  /** Whether the same request may succeed soon. */
  readonly retryable: boolean;
}

/** One prompt that stands for itself, such as "give this a title" or "sum this up". */
export interface CompletionRequest {
  /** What is to be done with the text; ours, never a person's words. */
  readonly instructions: string;
  /** What it is done with; people's words are data in it. */
  readonly text: string;
  /** The agent's own limit counts where it is lower. Models that think before they write spend of it too. */
  readonly maxOutputTokens: number;
}

/** What came of a `CompletionRequest`; the text is as little to be trusted as any answer. */
export interface Completion {
  /** Empty when it failed. */
  readonly text: string;
  readonly usage: Usage | null;
  /** Null when it came to its end. */
  readonly failure: AgentFailure | null;
}

/** What an agent is told that may answer at once. */
export interface InstantRequest {
  readonly sessionId: string;
  readonly sessionKey: string;
  /** As `TurnRequest` has it. */
  readonly text: string;
  readonly isFirst: boolean;
}

/** A language model, a program or a function that answers turns, many at a time. */
export interface AgentBackend {
  readonly name: string;
  /**
   * The whole answer in markdown, from these words alone; null where `run` is to be asked. For what takes no time and has no effects outside: it is called within
   * the transaction that stores the message (twice, should that be repeated), which begins and ends the turn, so that a crash finds all of it or nothing.
   */
  answerAtOnce?(request: InstantRequest): string | null;
  /** True when it asks `takeSteering` while it works. */
  readonly takesSteering?: true;
  /** Runs one turn; after `signal` aborts it ends with `failed` (`stopped`) within a second. */
  run(request: TurnRequest, signal: AbortSignal): AsyncIterable<AgentEvent>;
  /** One text for one prompt, without history, tools or transcript; only agents that can have it. It never rejects, and after `signal` aborts it resolves with the failure `stopped`. */
  complete?(request: CompletionRequest, signal: AbortSignal): Promise<Completion>;
  /** Ends what it started; the gateway calls it once, after the last turn. */
  close?(): Promise<void>;
}
