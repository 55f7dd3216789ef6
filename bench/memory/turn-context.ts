import { type AssembledContext, assembleContext } from "../../src/memory/context-slots.ts";
import { logLineOf } from "../../src/memory/log-line.ts";
import { recall } from "../../src/memory/recall.ts";
import { placeOf } from "../../src/memory/source-place.ts";
import type { LogLine } from "../../src/memory/summary.ts";
import { messageTokens } from "../../src/memory/tokens.ts";
import { visibleScopes } from "../../src/memory/visible-scopes.ts";
import { selectLiveArchives, windowStart } from "../../src/store/archives.ts";
import { selectMessagesBefore } from "../../src/store/messages.ts";
import type { Session } from "../../src/store/session.ts";
import type { Reader } from "../../src/store/sqlite.ts";
import { selectWindow } from "../../src/store/windows.ts";

/** What a turn's context is made for. */
export interface AskedTurn {
  readonly session: Session;
  readonly who: string;
  readonly text: string;
  readonly nowMs: number;
  readonly budgetTokens: number;
}

const PAGE = 64;
const MEMORY_SHARE = 0.2;
const MAX_MEMORY_TOKENS = 5_000;

/** What the agent is given for a turn: recalled memory, archives, state and the newest messages that can fit, read from the store. */
export function turnContext(db: Reader, { session, who, text, nowMs, budgetTokens }: AskedTurn): AssembledContext {
  const place = placeOf(session.source);
  const scopes = visibleScopes(place, { sessionId: session.sessionId, agentId: session.agentId, userId: who });
  const memory = recall(db, {
    text,
    scopes,
    place,
    nowMs,
    budgetTokens: Math.min(MAX_MEMORY_TOKENS, budgetTokens * MEMORY_SHARE),
  });
  const { calibration, state } = selectWindow(db, session.row);
  return assembleContext(
    {
      prompt: "You are a helpful assistant in a chat.",
      memory: memory.map(({ content, scope, validFromMs }) => ({
        content,
        about: scope.startsWith("chat:") ? "this place" : "this person",
        sinceMs: validFromMs,
      })),
      archives: selectLiveArchives(db, session.row),
      windowState: state,
      messages: newestLines(db, session.row, budgetTokens),
      scale: calibration ?? 1,
    },
    budgetTokens,
  );
}

/** The window's newest lines, some more than can fit. */
export function newestLines(db: Reader, row: number, budgetTokens: number): LogLine[] {
  const start = windowStart(db, row);
  const pages: LogLine[][] = [];
  let tokens = 0;
  for (let before = Number.MAX_SAFE_INTEGER; tokens <= budgetTokens; ) {
    const page = selectMessagesBefore(db, row, before, PAGE)
      .filter(({ seq }) => seq > start)
      .map(logLineOf);
    pages.unshift(page);
    tokens += page.reduce((sum, line) => sum + messageTokens(line.text), 0);
    before = page[0]?.seq ?? 0;
    if (page.length < PAGE) break;
  }
  return pages.flat();
}
