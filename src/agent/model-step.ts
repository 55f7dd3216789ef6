import {
  type LanguageModelUsage,
  type ModelMessage,
  experimental_streamLanguageModelCall as streamLanguageModelCall,
  type ToolSet,
} from "ai";
import { type Conversation, messagesOf } from "./model-conversation.ts";
import type { ModelOptions } from "./model-options.ts";
import type { ModelProvider } from "./model-provider.ts";
import { replay } from "./model-replay.ts";

/** What the model wants to be done by one of the tools. */
export interface ModelToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  /** Why it can't be done (a tool that is not there, an input that is no JSON), for the model; null when all is well. */
  readonly problem: string | null;
}

/** What one call of the model came to. */
export interface StepEnd {
  readonly kind: "end";
  /** What it said, for the next call of the same turn. */
  readonly message: ModelMessage;
  readonly hasText: boolean;
  readonly calls: readonly ModelToolCall[];
  readonly finishReason: string;
  /** In the provider's own words. */
  readonly rawFinishReason: string | undefined;
  readonly usage: LanguageModelUsage;
}

/** A model of one agent, ready to be called. */
export interface ModelCall {
  readonly options: ModelOptions;
  readonly provider: ModelProvider;
  /** The model's name. */
  readonly model: string;
  readonly tools: ToolSet;
}

/**
 * One call of the model: the text as it comes, then the end. It throws what the SDK throws, for a stream that is cut as
 * well. The SDK's single call is used and not `streamText`, which cannot repeat one step without repeating its tools, and
 * takes twice the time for a delta.
 */
export async function* modelStep(
  { options, provider, model, tools }: ModelCall,
  conversation: Conversation,
  signal: AbortSignal,
): AsyncGenerator<{ readonly kind: "text"; readonly delta: string } | StepEnd, void, undefined> {
  const { stream } = await streamLanguageModelCall({
    model: provider.languageModel(model),
    instructions: conversation.instructions,
    messages: messagesOf(conversation, provider.cacheMark),
    ...(conversation.hasTools ? { tools } : {}),
    ...(options.temperature === null ? {} : { temperature: options.temperature }),
    ...(options.maxOutputTokens === null ? {} : { maxOutputTokens: options.maxOutputTokens }),
    abortSignal: signal,
  });
  const said = replay();
  const calls: ModelToolCall[] = [];
  let hasText = false;
  let end: Pick<StepEnd, "finishReason" | "rawFinishReason" | "usage"> | null = null;
  for await (const part of stream) {
    said.take(part);
    switch (part.type) {
      case "text-delta":
        if (part.text === "") break;
        hasText = true;
        yield { kind: "text", delta: part.text };
        break;
      case "tool-call":
        calls.push({
          id: part.toolCallId,
          name: part.toolName,
          input: part.input,
          problem: part.invalid === true ? problemOf(part.error) : null,
        });
        break;
      case "model-call-end":
        end = part;
        break;
      case "error":
        throw part.error;
      default:
        break;
    }
  }
  // Calls of a stream that was cut are not run either: their input may be half of what was meant.
  if (end === null || end.finishReason === "interrupted")
    throw new Error("the stream ended in the middle of the answer");
  const { finishReason, rawFinishReason, usage } = end;
  yield { kind: "end", message: said.message(), hasText, calls, finishReason, rawFinishReason, usage };
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : "the call is not valid";
}
