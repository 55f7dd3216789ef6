import type { Claim, Extract } from "../../src/memory/claims.ts";
import type { LogLine, Summarise, Summary, SummaryInput } from "../../src/memory/summary.ts";

/** A summary that says nothing but its words. */
export function summaryOf(words: string): Summary {
  return { overview: words, abstract: words, decisions: [], openLoops: [], constraints: [], activeTask: null };
}

/** A summariser whose n-th answer is `S<n>`, with what it was given. */
export function fakeSummariser(): { readonly summarise: Summarise; readonly inputs: readonly SummaryInput[] } {
  const inputs: SummaryInput[] = [];
  const summarise: Summarise = async (input) => summaryOf(`S${inputs.push(input)}`);
  return { summarise, inputs };
}

/** An extractor that answers with these claims, and the lines it was given each time. */
export function fakeExtract(claims: readonly Claim[]): {
  readonly extract: Extract;
  readonly batches: readonly (readonly LogLine[])[];
} {
  const batches: (readonly LogLine[])[] = [];
  const extract: Extract = async ({ lines }) => {
    batches.push(lines);
    return claims;
  };
  return { extract, batches };
}

/** A line of a log; a second apart from its neighbours. */
export function logLine(seq: number, role: LogLine["role"], text: string, more: Partial<LogLine> = {}): LogLine {
  return { seq, role, text, atMs: seq * 1000, senderId: role === "user" ? "u1" : null, ...more };
}

/** A claim that a model might make. */
export function claimOf(content: string, more: Partial<Claim> = {}): Claim {
  return {
    kind: "new",
    content,
    bucket: "project_fact",
    about: "user",
    author: "u1",
    confidence: 0.9,
    replaces: null,
    isExplicit: false,
    ...more,
  };
}
