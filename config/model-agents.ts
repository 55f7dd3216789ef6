import { z } from "zod";
import { agentName, fieldFacts, httpAddress, secretText, text, wholeNumber } from "./field.ts";

/** Where the official API of each provider is. */
export const OPENAI_BASE_URL = "https://api.openai.com/v1";
/** The models used when none is named; both are names the providers keep for their current small models. */
export const DEFAULT_MODELS = { openai: "gpt-5-mini", anthropic: "claude-haiku-4-5" };
const ANTHROPIC_BASE_URL = "https://api.anthropic.com";

/** Most tokens of one answer that may be asked for; above what any model gives today. */
const MAX_OUTPUT_TOKENS = 1_000_000;
/** Highest temperature that providers take (platform.openai.com/docs/api-reference/chat/create); Anthropic ends at 1. */
const MAX_TEMPERATURE = 2;
/** Most lines of history that are read for a turn: beyond it the reading itself is felt. */
const MAX_HISTORY_MESSAGES = 2_000;
/** Where Node's `fetch` gives up on a silent server by itself. */
const MAX_FIRST_BYTE_SECONDS = 300;
/** Most rounds of tools: each is a call that costs money. */
const MAX_STEPS = 100;
/** US dollars for a million tokens; above it somebody gave the price of a token. */
const MAX_PRICE = 10_000;

const instructions = text()
  .nullable()
  .default(null)
  .describe("What the model is told about its task, before everything else. Default nothing.");
const headers = z
  .record(z.string(), z.string().register(fieldFacts, { secret: true }))
  .default({})
  .describe("HTTP headers sent with every request; their values are kept secret. Default none.");
const maxOutputTokens = wholeNumber(1, MAX_OUTPUT_TOKENS)
  .nullable()
  .default(null)
  .describe("Longest answer, in tokens. Default what the endpoint allows.");
const temperature = z
  .number()
  .min(0)
  .max(MAX_TEMPERATURE)
  .nullable()
  .default(null)
  .describe("How freely the model words its answers, 0 to 2. Default the model's own; some models take no other.");
const historyMessages = wholeNumber(0, MAX_HISTORY_MESSAGES)
  .default(100)
  .describe("Most earlier messages of the conversation the model is shown. Default 100.");
const historyTokens = wholeNumber(0, MAX_OUTPUT_TOKENS)
  .default(50_000)
  .describe(
    "Most tokens of them and of what stands for earlier ones, estimated; lower it for models with a small context. Default 50000.",
  );
const contextTokens = wholeNumber(1, MAX_OUTPUT_TOKENS)
  .nullable()
  .default(null)
  .describe(
    "Most tokens of all that the model is shown, its instructions and the message included; takes the place of historyTokens. Default none.",
  );
const firstByteTimeoutSeconds = wholeNumber(1, MAX_FIRST_BYTE_SECONDS)
  .default(60)
  .describe("How long the model may take to begin its answer; one that is loaded first needs longer. Default 60.");
const maxSteps = wholeNumber(1, MAX_STEPS)
  .default(10)
  .describe("Most calls of the model in one turn, one more than its rounds of tools. Default 10.");
const price = () => z.number().min(0).max(MAX_PRICE);
const prices = z
  .object({
    inputPerMillion: price().describe("Of tokens the model reads."),
    outputPerMillion: price().describe("Of tokens the model writes."),
    cachedInputPerMillion: price()
      .nullable()
      .default(null)
      .describe("Of tokens it reads from the provider's cache. Default as inputPerMillion."),
    cacheWritePerMillion: price()
      .nullable()
      .default(null)
      .describe("Of tokens the provider puts into its cache. Default as inputPerMillion."),
  })
  .nullable()
  .default(null)
  .describe("What the model costs, in US dollars for a million tokens. Default unknown: costs are not shown.");
const fallback = agentName()
  .nullable()
  .default(null)
  .describe("The agent under agents that answers when this one can't begin to. Default none.");
/** What both kinds are told in the same way. */
const modelFields = {
  instructions,
  headers,
  temperature,
  maxOutputTokens,
  historyMessages,
  historyTokens,
  contextTokens,
  firstByteTimeoutSeconds,
  maxSteps,
  prices,
  fallback,
};

/** An OpenAI-compatible endpoint. */
export const openaiAgent = z.object({
  kind: z.literal("openai").describe("Any endpoint that speaks the OpenAI API."),
  baseUrl: httpAddress()
    .default(OPENAI_BASE_URL)
    .describe(`Address of the API, up to and including /v1. Default ${OPENAI_BASE_URL}.`),
  model: text()
    .default(DEFAULT_MODELS.openai)
    .describe(`Name of the model; must be given with a baseUrl of your own. Default ${DEFAULT_MODELS.openai}.`),
  apiKey: secretText({ advice: "Give it as OPENAI_API_KEY." })
    .nullable()
    .default(null)
    .describe("API key. Default none, as local endpoints have it."),
  ...modelFields,
});

/** The Anthropic API. */
export const anthropicAgent = z.object({
  kind: z.literal("anthropic").describe("The Anthropic Messages API."),
  baseUrl: httpAddress()
    .default(ANTHROPIC_BASE_URL)
    .describe(`Address of the API, without /v1. Default ${ANTHROPIC_BASE_URL}.`),
  model: text().default(DEFAULT_MODELS.anthropic).describe(`Name of the model. Default ${DEFAULT_MODELS.anthropic}.`),
  apiKey: secretText({ advice: "Give it as ANTHROPIC_API_KEY." })
    .nullable()
    .default(null)
    .describe("API key. Default none."),
  ...modelFields,
});
