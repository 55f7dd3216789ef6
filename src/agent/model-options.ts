import type { Clock } from "../clock/clock.ts";
import type { Prices } from "./price.ts";

/** How a language model is asked; `config/model-agents.ts` has the same fields for operators, and their defaults. */
export interface ModelOptions {
  /** Its name under `agents`: operators read it in failures. */
  readonly name: string;
  /** Without a slash at the end; for OpenAI-compatible endpoints up to and including `/v1`, for Anthropic without it. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: string | null;
  readonly instructions: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for the model's own. */
  readonly temperature: number | null;
  /** Null for what the endpoint allows. */
  readonly maxOutputTokens: number | null;
  /** Most lines of the conversation before the message. */
  readonly historyMessages: number;
  /** Most tokens of them, and of what stands for earlier ones, estimated. */
  readonly historyTokens: number;
  /** Most tokens of all that the model is shown, its instructions included; takes the place of `historyTokens`. Null: that counts. */
  readonly contextTokens: number | null;
  /** How long an answer may take to begin; at most 300,000, where Node's own `fetch` gives up. */
  readonly firstByteTimeoutMs: number;
  /** Most calls of the model in one turn: one more than the rounds of tools. */
  readonly maxSteps: number;
  /** Of `model`; null when they are not known. */
  readonly prices: Prices | null;
  /** Another agent answers when this one fails: it gives up fast. */
  readonly hasFallback: boolean;
  readonly clock: Clock;
}
