import type { ModelReply } from "./model-reply.ts";

type Answer = Extract<ModelReply, { kind: "answer" }>;

/** Anthropic's message events (docs.anthropic.com/en/docs/build-with-claude/streaming). */
export const anthropicEvents = {
  beginning: (deltas: readonly string[], reasoning?: string) =>
    event("message_start", {
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "fake",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    }) +
    (reasoning === undefined ? "" : thought(reasoning)) +
    (deltas.length === 0 ? "" : event("content_block_start", { index: 1, content_block: { type: "text", text: "" } })) +
    deltas.map((text) => event("content_block_delta", { index: 1, delta: { type: "text_delta", text } })).join(""),
  error: (error: unknown) => event("error", { error }),
  end({ deltas, calls = [], finish, tokens }: Answer): string {
    const stopReason = finish ?? (calls.length > 0 ? "tool_use" : "end_turn");
    const called = calls.map(({ id, name, input }, at) => {
      const index = at + 2;
      return (
        event("content_block_start", { index, content_block: { type: "tool_use", id, name, input: {} } }) +
        event("content_block_delta", { index, delta: { type: "input_json_delta", partial_json: input } }) +
        event("content_block_stop", { index })
      );
    });
    return (
      (deltas.length === 0 ? "" : event("content_block_stop", { index: 1 })) +
      called.join("") +
      event("message_delta", {
        delta: { stop_reason: stopReason, stop_sequence: null },
        usage: {
          input_tokens: tokens?.input ?? 1,
          output_tokens: tokens?.output ?? 1,
          cache_read_input_tokens: tokens?.cached ?? 0,
          cache_creation_input_tokens: tokens?.written ?? 0,
        },
      }) +
      event("message_stop", {})
    );
  },
};

function thought(thinking: string): string {
  return (
    event("content_block_start", { index: 0, content_block: { type: "thinking", thinking: "", signature: "" } }) +
    event("content_block_delta", { index: 0, delta: { type: "thinking_delta", thinking } }) +
    event("content_block_delta", { index: 0, delta: { type: "signature_delta", signature: "signed" } }) +
    event("content_block_stop", { index: 0 })
  );
}

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
