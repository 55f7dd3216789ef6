import { z } from "zod";
import { lifecycleEventKinds } from "../src/store/lifecycle-rules.ts";
import { agentName, fieldFacts, httpAddress, patternText, secretText, text, wholeNumber } from "./field.ts";

/** More than any conversation's end is worth word for word. */
const MAX_TAIL_MESSAGES = 200;
/** Above it, what is recalled would crowd out what is being said. */
const MAX_RECALL_TOKENS = 5_000;
/** Ten years. */
const MAX_PURGE_DAYS = 3_650;
/** Most hooks: each is told of every event it asks for. */
const MAX_HOOKS = 20;

const part = (description: string, usual: number) =>
  z
    .number()
    .min(0.05)
    .max(1)
    .register(fieldFacts, { expected: "a part of the budget, 0.05 to 1" })
    .default(usual)
    .describe(description);

const hook = z.object({
  name: patternText(
    /^(?!memory$)[a-z][a-z0-9_-]{0,63}$/,
    "lower-case letters, digits, - and _, and not memory",
  ).describe("The hook's name, once in the list; what is still to be delivered is kept under it."),
  events: z
    .array(z.enum(lifecycleEventKinds))
    .min(1)
    .default(["session.ended"])
    .describe(`What it is told of: ${lifecycleEventKinds.join(", ")}. Default [session.ended].`),
  module: text()
    .exactOptional()
    .describe(
      "A TypeScript or JavaScript file whose default export is a function of the event; either this or url. Default none.",
    ),
  url: httpAddress()
    .exactOptional()
    .describe("Where the event is posted to as JSON; either this or module. Default none."),
  secret: secretText({ advice: 'Make one with "openssl rand -hex 32".' })
    .nullable()
    .default(null)
    .describe("Signs each post (X-Parley-Signature). Default no signature."),
});

/** What is kept of conversations that get long, or end. */
export const memorySection = z.object({
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether conversations are compacted as they fill, and what is remembered is recalled. Default true."),
  agent: agentName()
    .nullable()
    .default(null)
    .describe(
      "The agent under agents that sums up and learns, one that is a language model. Default each conversation's own.",
    ),
  soft: part(
    "The part of its room at which a conversation's window is learned from, once until it is compacted. Default 0.6.",
    0.6,
  ),
  hard: part("The part of its room at which a conversation is compacted. Default 0.8.", 0.8),
  tailMessages: wholeNumber(5, MAX_TAIL_MESSAGES)
    .default(20)
    .describe("Most messages that a compaction leaves as they are; never more than a quarter of the room. Default 20."),
  extraction: z
    .enum(["model", "off"])
    .default("model")
    .describe(
      "Whether a language model looks for what is worth remembering; off: only what people ask to be remembered is. Default model.",
    ),
  hygiene: z
    .enum(["strict", "compat"])
    .default("strict")
    .describe(
      "How what a model found is cleaned; compat: byte for byte as the session package before Parley did, its slips included (-5 loses its minus). Default strict.",
    ),
  recallTokens: wholeNumber(0, MAX_RECALL_TOKENS)
    .default(1_500)
    .describe("Most tokens of what is recalled for one message; 0: nothing. Default 1500."),
  purgeAfterDays: z
    .union([wholeNumber(1, MAX_PURGE_DAYS), z.literal("never")])
    .register(fieldFacts, { expected: "days, such as 30, or never" })
    .default(30)
    .describe(
      "How long an ended conversation is kept, in days, or never to keep all; what was remembered of it stays. Default 30.",
    ),
  exportPurged: text()
    .nullable()
    .default(null)
    .describe(
      "Folder that a conversation is written to before it is purged, relative to this file; where that fails it is kept. Default none.",
    ),
  hooks: z.array(hook).max(MAX_HOOKS).default([]).describe("What of yours is told when sessions change. Default none."),
});

/** The parsed section. */
export type MemorySection = Readonly<z.output<typeof memorySection>>;
