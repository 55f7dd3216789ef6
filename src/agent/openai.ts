import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { AgentBackend } from "./backend.ts";
import { modelAgent } from "./model-agent.ts";
import { modelFetch } from "./model-fetch.ts";
import type { ModelOptions } from "./model-options.ts";
import { rememberModels } from "./model-provider.ts";

const MB = 1024 * 1024;
/** Below the 50 MB of a whole request (platform.openai.com/docs/guides/images-vision), and what is fetched at most. */
const MAX_FILE_BYTES = 20 * MB;

/** A model behind any endpoint that speaks OpenAI's chat completions. Import it only where one is configured: the SDK takes memory. */
export function openaiAgent(options: ModelOptions): AgentBackend {
  const isOfficial = isOpenAi(options.baseUrl);
  const provider = createOpenAICompatible({
    name: "openaiCompatible",
    baseURL: options.baseUrl,
    ...(options.apiKey === null ? {} : { apiKey: options.apiKey }),
    headers: options.headers,
    fetch: modelFetch(options.clock, options.firstByteTimeoutMs),
    includeUsage: true,
    transformRequestBody: (body) => openaiBody(options.baseUrl, body),
  });
  return modelAgent(options, {
    languageModel: rememberModels((name) => provider.chatModel(name)),
    cacheMark: null,
    // Other servers refuse a whole request for a PDF; images are tried, and left out where the model refuses them.
    takes: { imageBytes: MAX_FILE_BYTES, pdfBytes: isOfficial ? MAX_FILE_BYTES : 0 },
  });
}

/**
 * The body of a request as the endpoint takes it: OpenAI's own reasoning models refuse `max_tokens`, and other servers know
 * nothing else (platform.openai.com/docs/api-reference/chat/create).
 */
export function openaiBody(baseUrl: string, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { max_tokens, ...rest } = body;
  return isOpenAi(baseUrl) && max_tokens !== undefined ? { ...rest, max_completion_tokens: max_tokens } : body;
}

function isOpenAi(baseUrl: string): boolean {
  return URL.parse(baseUrl)?.hostname === "api.openai.com";
}
