/** One line of a session's log as memory sees it. */
export interface LogLine {
  readonly seq: number;
  readonly role: "user" | "assistant" | "system" | "tool";
  readonly text: string;
  /** Milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** The platform's id of who wrote it; null for what no person wrote. */
  readonly senderId: string | null;
  /** The calls an assistant's line makes. */
  readonly toolCallIds?: readonly string[];
  /** The call a tool's line answers. */
  readonly toolCallId?: string | null;
}

/** What an archive says of the lines it holds. */
export interface Summary {
  /** Topics, decisions, outcomes and actions. */
  readonly overview: string;
  /** At most 100 characters. */
  readonly abstract: string;
  readonly decisions: readonly string[];
  readonly openLoops: readonly string[];
  readonly constraints: readonly string[];
  /** What is being worked on at the end; null when nothing is. */
  readonly activeTask: string | null;
}

/** What a summary is made from. */
export interface SummaryInput {
  /** The archives to be fused with, oldest first; usually the last one alone. */
  readonly earlier: readonly { readonly overview: string; readonly abstract: string }[];
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** What a person asked for (`/compact focus on the invoices`); null for nothing. */
  readonly instructions: string | null;
  /** Most tokens of the whole summary, estimated. */
  readonly maxTokens: number;
}

/** Makes a summary; rejects when it can't. */
export type Summarise = (input: SummaryInput, signal: AbortSignal) => Promise<Summary>;
