import { z } from "zod";
import { fieldFacts, httpAddress, secretText, text, wholeNumber } from "./field.ts";

/** Where the official API of each provider is. */
export const OPENAI_BASE_URL = "https://api.openai.com/v1";
/** The models used when none is named; both are names the providers keep for their current small models. */
export const DEFAULT_MODELS = { openai: "gpt-5-mini", anthropic: "claude-haiku-4-5" };
const ANTHROPIC_BASE_URL = "https://api.anthropic.com";

/** Most tokens of one answer that may be asked for; above what any model gives today. */
const MAX_OUTPUT_TOKENS = 1_000_000;

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
  instructions,
  headers,
  maxOutputTokens,
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
  instructions,
  headers,
  maxOutputTokens,
});
