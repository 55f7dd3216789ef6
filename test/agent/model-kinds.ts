import { anthropicAgent } from "../../src/agent/anthropic.ts";
import type { ModelOptions } from "../../src/agent/model-options.ts";
import { openaiAgent } from "../../src/agent/openai.ts";
import type { Clock } from "../../src/clock/clock.ts";
import type { ModelReply } from "../fake/model/model-reply.ts";
import type { ModelServer } from "../fake/model/model-server.ts";
import { modelOptions } from "./model-turn.ts";

/** An answer in three deltas. */
export const hello = { kind: "answer", deltas: ["Hel", "lo ", "there."] } as const satisfies ModelReply;

/** Both APIs: what is true of one has to be true of the other. */
export const modelKinds = [
  {
    kind: "openai",
    agentAt: (url: string, changes?: Partial<ModelOptions>, clock?: Clock) =>
      openaiAgent(modelOptions(`${url}/v1`, changes, clock)),
    errorBody: (message: string, type: string) => ({ error: { message, type, param: null, code: type } }),
    overloaded: 503,
  },
  {
    kind: "anthropic",
    agentAt: (url: string, changes?: Partial<ModelOptions>, clock?: Clock) =>
      anthropicAgent(modelOptions(url, changes, clock)),
    errorBody: (message: string, type: string) => ({ type: "error", error: { type, message } }),
    overloaded: 529,
  },
] as const;

/** The body of a request, as it came. */
export function bodyOf(server: ModelServer, index: number): string {
  return server.requests[index]?.body ?? "";
}
