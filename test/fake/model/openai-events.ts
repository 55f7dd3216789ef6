import type { ModelReply } from "./model-reply.ts";

type Answer = Extract<ModelReply, { kind: "answer" }>;

/** OpenAI's chat completion chunks (platform.openai.com/docs/api-reference/chat-streaming). */
export const openaiEvents = {
  beginning: (deltas: readonly string[], reasoning?: string) =>
    chunk({ role: "assistant", content: "" }) +
    (reasoning === undefined ? "" : chunk({ reasoning_content: reasoning })) +
    deltas.map((content) => chunk({ content })).join(""),
  error: (error: unknown) => data({ error }),
  end({ calls = [], finish, tokens }: Answer): string {
    const reason = finish ?? (calls.length > 0 ? "tool_calls" : "stop");
    const called = calls.map(({ id, name, input }, index) =>
      chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: input } }] }),
    );
    const usage =
      tokens === undefined
        ? ""
        : data({
            ...head,
            choices: [],
            usage: {
              prompt_tokens: tokens.input,
              completion_tokens: tokens.output,
              prompt_tokens_details: { cached_tokens: tokens.cached ?? 0 },
            },
          });
    return `${called.join("")}${chunk({}, reason)}${usage}data: [DONE]\n\n`;
  },
};

const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_700_000_000, model: "fake" };

function chunk(delta: object, finish: string | null = null): string {
  return data({ ...head, choices: [{ index: 0, delta, finish_reason: finish }] });
}

function data(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
