import type { AgentBackend } from "../agent/backend.ts";
import type { Extract } from "../memory/claims.ts";
import type { Lifecycle } from "../memory/lifecycle.ts";
import { extractionPrompt } from "../memory/prompts/extraction-prompt.ts";
import { summaryPrompt } from "../memory/prompts/summary-prompt.ts";
import { readClaims } from "../memory/read-claims.ts";
import { readSummary } from "../memory/read-summary.ts";
import type { LogLine, Summarise } from "../memory/summary.ts";
import { messageTokens } from "../memory/tokens.ts";
import { cutText } from "../session/untrusted-text.ts";
import { recordUsageAside } from "../store/record-usage.ts";
import { sessionOf } from "../store/session.ts";
import { selectSession, selectSessionRow } from "../store/sessions.ts";
import type { TurnSession } from "./begun-turn.ts";
import type { MemoryParts } from "./memory-work.ts";

/** Who answers a session, as far as its memory asks. */
export type AnsweredSession = Pick<TurnSession, "row" | "sessionId" | "agentId" | "answeredBy">;

/** What sessions are compacted with, each by its own agent or the one that is named for it. */
export interface SessionLifecycles {
  /** `inputTokens` is what its model takes at a time, about; a modest model's where nobody knows. */
  of(session: AnsweredSession, inputTokens?: number): Lifecycle;
  /** Of the session with this public id; null when there is none. */
  ofId(sessionId: string): Lifecycle | null;
  /** Of the session with this row. */
  ofRow(row: number): Lifecycle;
  /** Without a model. */
  readonly none: Lifecycle;
}

/** Beside the summary: models that think before they write spend of it too. */
const ROOM_TO_THINK_TOKENS = 3_000;
/** What a model is given to sum up where nobody knows what it takes: most take more. */
const USUAL_INPUT_TOKENS = 24_000;
/** UTF-16 units of a token, about. */
const UNITS_PER_TOKEN = 4;
/** A line is not cut shorter than this, in UTF-16 units: less says nothing. */
const MIN_LINE_LENGTH = 60;
/** Most tokens of an extraction's answer, thoughts included. */
const MAX_CLAIMS_TOKENS = 5_000;

/** Opens them. */
export function sessionLifecycles(
  parts: Pick<MemoryParts, "store" | "clock" | "events" | "rules" | "agentOf"> &
    Pick<Lifecycle, "owner" | "maxSummaryTokens">,
): SessionLifecycles {
  const { store, clock, events, rules, owner, maxSummaryTokens } = parts;
  const none: Lifecycle = {
    store,
    clock,
    summarise: null,
    extract: null,
    hygiene: rules.hygiene,
    owner,
    maxSummaryTokens,
    failed: (what, error) => events.memoryFailed({ what, error }),
  };
  const of = (session: AnsweredSession, inputTokens = USUAL_INPUT_TOKENS): Lifecycle => {
    const agent = parts.agentOf(rules.agent ?? session.answeredBy ?? session.agentId);
    if (agent.complete === undefined) return none;
    const ask = asking(parts, agent, session.row);
    return {
      ...none,
      summarise: summariser(ask, inputTokens),
      extract: rules.extracts ? extractor(ask, inputTokens) : null,
      failed: (what, error) => events.memoryFailed({ what, error, sessionId: session.sessionId }),
    };
  };
  return {
    of,
    none,
    ofId(sessionId) {
      const row = selectSession(store.reader, sessionId);
      return row === null ? null : of(sessionOf(row));
    },
    ofRow(row) {
      const session = selectSessionRow(store.reader, row);
      return session === null ? none : of(sessionOf(session));
    },
  };
}

type Ask = (
  prompt: { readonly instructions: string; readonly text: string },
  maxOutputTokens: number,
  signal: AbortSignal,
) => Promise<string>;

/** Asks the agent aside of its turns; what that takes is counted with the session. Rejects where it fails. */
function asking({ store }: Pick<MemoryParts, "store">, agent: AgentBackend, row: number): Ask {
  return async (prompt, maxOutputTokens, signal) => {
    const done = await agent.complete?.({ ...prompt, maxOutputTokens }, signal);
    const usage = done?.usage ?? null;
    if (usage !== null) await store.write((tx) => recordUsageAside(tx, row, usage));
    if (done === undefined) throw new Error(`${agent.name} can't be asked aside`);
    if (done.failure !== null) throw new Error(`${done.failure.reason}: ${done.failure.detail}`);
    return done.text;
  };
}

/** Lines that take more than a model does are cut, all of them alike: each has a part in what is said of them. */
function within(lines: readonly LogLine[], inputTokens: number): readonly LogLine[] {
  if (lines.reduce((sum, { text }) => sum + messageTokens(text), 0) <= inputTokens) return lines;
  const most = Math.max(MIN_LINE_LENGTH, Math.floor((inputTokens * UNITS_PER_TOKEN) / lines.length));
  return lines.map((line) => ({ ...line, text: cutText(line.text, most) }));
}

function summariser(ask: Ask, inputTokens: number): Summarise {
  return async (input, signal) => {
    const given = { ...input, lines: within(input.lines, inputTokens) };
    const answer = await ask(summaryPrompt(given), input.maxTokens + ROOM_TO_THINK_TOKENS, signal);
    const summary = readSummary(answer);
    if (summary === null) throw new Error("the answer is no summary");
    return summary;
  };
}

function extractor(ask: Ask, inputTokens: number): Extract {
  return async ({ lines, known }, signal) => {
    const answer = await ask(extractionPrompt(within(lines, inputTokens), known), MAX_CLAIMS_TOKENS, signal);
    const claims = readClaims(answer, { lines, known });
    if (claims === null) throw new Error("the answer lists no claims");
    return claims;
  };
}
