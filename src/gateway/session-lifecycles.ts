import type { AgentBackend } from "../agent/backend.ts";
import type { Extract } from "../memory/claims.ts";
import type { Lifecycle } from "../memory/lifecycle.ts";
import { extractionPrompt } from "../memory/prompts/extraction-prompt.ts";
import { summaryPrompt } from "../memory/prompts/summary-prompt.ts";
import { readClaims } from "../memory/read-claims.ts";
import { readSummary } from "../memory/read-summary.ts";
import type { Summarise } from "../memory/summary.ts";
import { recordUsageAside } from "../store/record-usage.ts";
import { sessionOf } from "../store/session.ts";
import { selectSession, selectSessionRow } from "../store/sessions.ts";
import type { TurnSession } from "./begin-turn.ts";
import type { MemoryParts } from "./memory-work.ts";

/** Who answers a session, as far as its memory asks. */
export type AnsweredSession = Pick<TurnSession, "row" | "sessionId" | "agentId" | "answeredBy">;

/** What sessions are compacted with, each by its own agent or the one that is named for it. */
export interface SessionLifecycles {
  of(session: AnsweredSession): Lifecycle;
  /** Of the session with this public id; null when there is none. */
  ofId(sessionId: string): Lifecycle | null;
  /** Of the session with this row. */
  ofRow(row: number): Lifecycle;
  /** Without a model. */
  readonly none: Lifecycle;
}

/** Beside the summary: models that think before they write spend of it too. */
const ROOM_TO_THINK_TOKENS = 3_000;
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
    owner,
    maxSummaryTokens,
    failed: (what, error) => events.memoryFailed({ what, error }),
  };
  const of = (session: AnsweredSession): Lifecycle => {
    const agent = parts.agentOf(rules.agent ?? session.answeredBy ?? session.agentId);
    if (agent.complete === undefined) return none;
    const ask = asking(parts, agent, session.row);
    return {
      ...none,
      summarise: summariser(ask),
      extract: rules.extracts ? extractor(ask) : null,
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

function summariser(ask: Ask): Summarise {
  return async (input, signal) => {
    const answer = await ask(summaryPrompt(input), input.maxTokens + ROOM_TO_THINK_TOKENS, signal);
    const summary = readSummary(answer);
    if (summary === null) throw new Error("the answer is no summary");
    return summary;
  };
}

function extractor(ask: Ask): Extract {
  return async ({ lines, known }, signal) => {
    const answer = await ask(extractionPrompt(lines, known), MAX_CLAIMS_TOKENS, signal);
    const claims = readClaims(answer, { lines, known });
    if (claims === null) throw new Error("the answer lists no claims");
    return claims;
  };
}
