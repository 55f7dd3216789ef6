import assert from "node:assert/strict";
import { test } from "node:test";
import { claimRange } from "../../src/memory/claim-range.ts";
import { assembleContext } from "../../src/memory/context-slots.ts";
import { decideClaims, type Known } from "../../src/memory/decide-claims.ts";
import { extractiveSummary } from "../../src/memory/extractive-summary.ts";
import { fingerprint } from "../../src/memory/fingerprint.ts";
import { mayReach } from "../../src/memory/promotion.ts";
import { summaryPrompt } from "../../src/memory/prompts/summary-prompt.ts";
import type { LogLine } from "../../src/memory/summary.ts";
import { DEFAULT_THRESHOLDS, dueAt } from "../../src/memory/thresholds.ts";
import { messageTokens } from "../../src/memory/tokens.ts";
import { visibleScopes } from "../../src/memory/visible-scopes.ts";
import { claimOf, logLine } from "../support/fake-memory.ts";
import { logOf } from "./log-of.ts";

const BUDGET_TOKENS = 1000;

/** Messages of ten tokens each, a person first. */
function talk(count: number): readonly LogLine[] {
  return Array.from({ length: count }, (_, index) => {
    return logLine(index + 1, index % 2 === 0 ? "user" : "assistant", `m${index + 1} `.padEnd(24, "x"));
  });
}

function rangeOf(lines: readonly LogLine[]): string {
  const range = claimRange(lines);
  return range === null ? "empty" : `${range.fromSeq}-${range.toSeq}, ${range.tail.map(({ seq }) => seq).join(" ")}`;
}

/** What is due as a window of so many messages grows to the next size, in one cycle. */
function dueWhileGrowing(sizes: readonly number[]): string {
  let softCycle: number | null = null;
  return sizes
    .map((size) => {
      const tokens = talk(size).reduce((sum, { text }) => sum + messageTokens(text), 0);
      const due = dueAt({ ratio: tokens / BUDGET_TOKENS, cycle: 0, softCycle, pending: size }, DEFAULT_THRESHOLDS);
      if (due.refresh) softCycle = 0;
      return [...(due.refresh ? ["refresh"] : []), ...(due.commit ? ["commit"] : [])].join(" then ") || "-";
    })
    .join(", ");
}

function decided(text: string, known: readonly Known[]): string {
  return decideClaims([claimOf(text)], known)
    .map(({ kind }) => kind)
    .join();
}

const dm = { platform: "telegram", account: "default", chatType: "dm", chatId: "u1", userId: "u1" } as const;
const promoted: Known = { addr: "a", fingerprint: fingerprint("Uses Go."), state: "active", isOfThisSession: false };

/** what is given, what comes of it, what was expected: the rows of the specification that need no store */
const rows: readonly (readonly [given: string, () => unknown, expected: unknown])[] = [
  ["12 messages, commit", () => rangeOf(talk(12)), "1-7, 8 9 10 11 12"],
  ["3 messages, compact", () => rangeOf(talk(3)), "empty"],
  ["an empty session", () => rangeOf([]), "empty"],
  [
    "border inside assistant(calls a, b) + tool a + tool b",
    () => rangeOf(logOf("u a u a u a:a,b t:a t:b u a u a")),
    "1-5, 6 7 8 9 10 11 12",
  ],
  ["ratio .61, .65, .70 in one cycle", () => dueWhileGrowing([61, 65, 70]), "refresh, -, -"],
  ["jump .5 to .85", () => dueWhileGrowing([50, 85]), "-, refresh then commit"],
  [
    "the summariser throws three times",
    () => {
      const { overview, abstract } = extractiveSummary({
        earlier: [],
        lines: talk(12),
        instructions: null,
        maxTokens: 500,
      });
      return [abstract.length <= 100, /user: "m1 x/.test(overview), /assistant: "m12 x/.test(overview)];
    },
    [true, true, true],
  ],
  [
    "second compaction: the first summary is part of its input",
    () =>
      summaryPrompt({
        earlier: [{ overview: "S1", abstract: "S1" }],
        lines: talk(8),
        instructions: null,
        maxTokens: 99,
      }).text.includes("> S1"),
    true,
  ],
  ["Uses Go. / uses go", () => decided("uses go", [promoted]), "reinforce"],
  ["the target stashed it", () => decided("uses go", [{ ...promoted, state: "stashed" }]), "refuse"],
  ["a member superseded", () => decided("uses go", [{ ...promoted, state: "superseded" }]), "refuse"],
  ["a DM's fact to a chat scope", () => mayReach("chat:telegram:default:-100", claimOf("x"), dm), false],
  [
    "a claim in session A is invisible to B's recall",
    () =>
      visibleScopes(dm, { sessionId: "B", agentId: "main", userId: "u1" }).some(({ scope }) => scope === "session:A"),
    false,
  ],
  [
    "getContext(200)",
    () => {
      const pieces = {
        prompt: "You are Parley.",
        memory: [],
        archives: [],
        windowState: null,
        messages: talk(60),
        scale: 1,
      };
      const { tokens, messages, slots } = assembleContext(pieces, 200);
      return [tokens <= 200, messages.at(-1)?.seq, slots.messages.isTruncated];
    },
    [true, 60, true],
  ],
];

for (const [given, run, expected] of rows) {
  test(given, () => {
    assert.deepEqual(run(), expected);
  });
}
