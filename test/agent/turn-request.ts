import type { TurnRequest } from "../../src/agent/backend.ts";

/** A turn's request with the usual in it. */
export function turnRequest(changes: Partial<TurnRequest> = {}): TurnRequest {
  const history = changes.history ?? (() => []);
  return {
    sessionId: "20260101_000000_00000001",
    sessionKey: "agent:main:test:dm:1",
    prompt: () => "You are in a test.",
    message: { text: "Hello", attachments: [] },
    isFirst: changes.history === undefined,
    history,
    context: async ({ messages }) => ({ earlier: "", remembered: "", lines: history(messages) }),
    shorten: async () => null,
    attempt: 1,
    model: null,
    tools: [],
    askApproval: async () => false,
    takeSteering: () => [],
    ...changes,
  };
}
