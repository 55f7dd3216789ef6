import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { APICallError } from "ai";
import { FirstByteTimeout } from "../../src/agent/first-byte-timeout.ts";
import { readModelError } from "../../src/agent/model-error.ts";
import { isTransient, type ModelErrorKind, modelErrorKind } from "../../src/agent/model-error-kind.ts";

const NOW_MS = Date.parse("2026-01-01T00:00:00Z");

function httpError(
  statusCode: number,
  responseBody: string,
  responseHeaders: Record<string, string> = {},
): APICallError {
  return new APICallError({
    message: "Status text",
    url: "u",
    requestBodyValues: {},
    statusCode,
    responseBody,
    responseHeaders,
  });
}

/** Who says it, the status, the body, what it means. The bodies are the providers' own. */
const bodies: readonly (readonly [who: string, status: number, body: string, kind: ModelErrorKind])[] = [
  [
    "OpenAI",
    401,
    '{"error":{"message":"Incorrect API key provided: sk-x.","type":"invalid_request_error","code":"invalid_api_key"}}',
    "wrong_key",
  ],
  [
    "OpenAI",
    403,
    '{"error":{"message":"Country, region, or territory not supported","code":"unsupported_country_region_territory"}}',
    "wrong_key",
  ],
  [
    "OpenAI",
    404,
    '{"error":{"message":"The model `gpt-9` does not exist or you do not have access to it.","code":"model_not_found"}}',
    "unknown_model",
  ],
  [
    "OpenAI",
    429,
    '{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","code":"insufficient_quota"}}',
    "no_quota",
  ],
  [
    "OpenAI",
    429,
    '{"error":{"message":"Rate limit reached for gpt-5","type":"requests","code":"rate_limit_exceeded"}}',
    "overloaded",
  ],
  [
    "OpenAI",
    429,
    '{"error":{"message":"Request too large for gpt-4o on tokens per min (TPM)","type":"tokens","code":"rate_limit_exceeded"}}',
    "too_long",
  ],
  [
    "OpenAI",
    400,
    '{"error":{"message":"This model\'s maximum context length is 128000 tokens.","code":"context_length_exceeded"}}',
    "too_long",
  ],
  [
    "OpenAI",
    400,
    '{"error":{"message":"Unsupported value: \'temperature\' does not support 0.2 with this model.","code":"unsupported_value"}}',
    "rejected",
  ],
  [
    "OpenAI",
    400,
    '{"error":{"message":"max_tokens is too large: 200000. This model supports at most 16384 completion tokens","code":null}}',
    "rejected",
  ],
  [
    "OpenAI",
    400,
    '{"error":{"message":"Invalid content type. image_url is only supported by certain models.","code":null}}',
    "unwanted_file",
  ],
  [
    "Azure",
    400,
    '{"error":{"message":"The response was filtered due to the prompt triggering content management policy.","code":"content_filter"}}',
    "refused",
  ],
  [
    "Anthropic",
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}',
    "too_long",
  ],
  [
    "Anthropic",
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000"}}',
    "too_long",
  ],
  [
    "Anthropic",
    413,
    '{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}',
    "too_long",
  ],
  [
    "Anthropic",
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}',
    "no_quota",
  ],
  [
    "Anthropic",
    404,
    '{"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}',
    "unknown_model",
  ],
  [
    "Anthropic",
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"messages.0.content.1.image.source.base64: Could not process image"}}',
    "unwanted_file",
  ],
  ["Anthropic", 529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', "overloaded"],
  [
    "Ollama",
    404,
    '{"error":{"message":"model \\"qwen9\\" not found, try pulling it first","type":"api_error"}}',
    "unknown_model",
  ],
  [
    "Ollama",
    500,
    '{"error":{"message":"this model is missing data required for image input","type":"api_error"}}',
    "unwanted_file",
  ],
  [
    "llama.cpp",
    400,
    '{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error"}}',
    "too_long",
  ],
  [
    "llama.cpp",
    500,
    '{"error":{"code":500,"message":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj","type":"server_error"}}',
    "unwanted_file",
  ],
  ["llama.cpp", 503, '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}', "overloaded"],
  [
    "vLLM",
    400,
    '{"object":"error","message":"This model\'s maximum context length is 4096 tokens.","type":"BadRequestError","code":400}',
    "too_long",
  ],
  [
    "vLLM",
    404,
    '{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404}',
    "unknown_model",
  ],
  ["LM Studio", 400, '{"error":"Trying to keep the first 5000 tokens when context the overflows."}', "too_long"],
  ["OpenRouter", 402, '{"error":{"message":"This request requires more credits","code":402}}', "no_quota"],
  ["FastAPI", 404, '{"detail":"Not Found"}', "unknown_model"],
  ["a proxy", 502, "<html><body>Bad Gateway</body></html>", "overloaded"],
  ["a proxy", 301, "", "redirected"],
  ["a server", 500, '{"error":{"message":"The server had an error while processing your request"}}', "overloaded"],
  [
    "Ollama",
    400,
    '{"error":{"message":"registry.ollama.ai/library/gemma3:4b does not support tools","type":"api_error"}}',
    "no_tools",
  ],
  [
    "vLLM",
    400,
    '{"object":"error","message":"\\"auto\\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set","type":"BadRequestError","code":400}',
    "no_tools",
  ],
  [
    "llama.cpp",
    500,
    '{"error":{"code":500,"message":"tools param requires --jinja flag","type":"server_error"}}',
    "no_tools",
  ],
  ["OpenRouter", 404, '{"error":{"message":"No endpoints found that support tool use.","code":404}}', "no_tools"],
];

describe("what a provider's error means", () => {
  for (const [who, status, body, kind] of bodies)
    test(`${who} ${status}: ${body.slice(0, 90)}`, () => {
      assert.equal(modelErrorKind(readModelError(httpError(status, body), NOW_MS)), kind);
    });

  const streamed: readonly (readonly [what: string, error: unknown, kind: ModelErrorKind])[] = [
    ["an overload inside a stream", Object.assign(new Error("Overloaded"), { statusCode: 529 }), "overloaded"],
    ["an error of a stream without a status", { message: "busy", type: "overloaded_error" }, "overloaded"],
    [
      "a lost connection",
      new Error("x", { cause: Object.assign(new Error("closed"), { code: "UND_ERR_SOCKET" }) }),
      "unreachable",
    ],
    [
      "a refused one",
      new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) }),
      "unreachable",
    ],
    [
      "a strange certificate",
      new Error("x", { cause: Object.assign(new Error("y"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }) }),
      "untrusted_certificate",
    ],
    ["a late start", new Error("x", { cause: new FirstByteTimeout(5) }), "slow_start"],
    ["garbage", new Error("Unexpected token"), "broken"],
    ["a text", "boom", "broken"],
    ["nothing", undefined, "broken"],
  ];
  for (const [what, error, kind] of streamed)
    test(what, () => assert.equal(modelErrorKind(readModelError(error, NOW_MS)), kind));

  test("only what may pass by itself is tried again", () => {
    const kinds: readonly ModelErrorKind[] = [
      "wrong_key",
      "unknown_model",
      "no_quota",
      "too_long",
      "refused",
      "slow_start",
      "rejected",
      "redirected",
    ];
    assert.deepEqual(kinds.filter(isTransient), []);
    assert.ok(isTransient("overloaded") && isTransient("unreachable"));
  });
});

describe("how long a provider asks to wait", () => {
  const headers: readonly (readonly [headers: Record<string, string>, ms: number | null])[] = [
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "Thu, 01 Jan 2026 00:00:10 GMT" }, 10_000],
    [{ "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, null],
    [{ "retry-after-ms": "250", "retry-after": "1" }, 250],
    [{}, null],
  ];
  for (const [given, ms] of headers)
    test(JSON.stringify(given), () =>
      assert.equal(readModelError(httpError(429, "{}", given), NOW_MS).retryAfterMs, ms),
    );
});
