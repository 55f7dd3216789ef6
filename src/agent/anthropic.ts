import { createAnthropic } from "@ai-sdk/anthropic";
import type { AgentBackend } from "./backend.ts";
import { modelAgent } from "./model-agent.ts";
import { modelFetch } from "./model-fetch.ts";
import type { ModelOptions } from "./model-options.ts";
import { rememberModels } from "./model-provider.ts";

const MB = 1024 * 1024;
/** 5 MB as base64, which takes four bytes for three (docs.anthropic.com/en/docs/build-with-claude/vision). */
const MAX_IMAGE_BYTES = 3.75 * MB;
/** Within the 32 MB of a request, as base64 (docs.anthropic.com/en/docs/build-with-claude/pdf-support). */
const MAX_PDF_BYTES = 20 * MB;

/** A model behind Anthropic's Messages API. Import it only where one is configured: the SDK takes memory. */
export function anthropicAgent(options: ModelOptions): AgentBackend {
  const provider = createAnthropic({
    baseURL: options.baseUrl.endsWith("/v1") ? options.baseUrl : `${options.baseUrl}/v1`,
    // Never left out: the SDK would take the key of our own environment and send it to this address.
    apiKey: options.apiKey ?? "",
    headers: options.headers,
    fetch: modelFetch(options.clock, options.firstByteTimeoutMs),
  });
  return modelAgent(options, {
    languageModel: rememberModels((name) => provider.languageModel(name)),
    cacheMark: { anthropic: { cacheControl: { type: "ephemeral" } } },
    takes: { imageBytes: MAX_IMAGE_BYTES, pdfBytes: MAX_PDF_BYTES },
  });
}
