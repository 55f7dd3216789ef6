import type { Extract } from "../../src/memory/claims.ts";
import { extractionPrompt } from "../../src/memory/prompts/extraction-prompt.ts";
import { summaryPrompt } from "../../src/memory/prompts/summary-prompt.ts";
import { readClaims } from "../../src/memory/read-claims.ts";
import { readSummary } from "../../src/memory/read-summary.ts";
import type { Summarise } from "../../src/memory/summary.ts";
import type { RuleModel } from "./rule-model.ts";

/** Asks for claims by the real prompt, and reads the answer as the daemon does. */
export function extractBy(model: RuleModel): Extract {
  return async (input) => {
    const claims = readClaims(model.extraction(extractionPrompt(input.lines, input.known).text), input);
    if (claims === null) throw new Error("the answer is no list of claims");
    return claims;
  };
}

/** Asks for a summary by the real prompt. */
export function summariseBy(model: RuleModel): Summarise {
  return async (input) => {
    const summary = readSummary(model.summary(summaryPrompt(input).text, input.maxTokens));
    if (summary === null) throw new Error("the answer is no summary");
    return summary;
  };
}
