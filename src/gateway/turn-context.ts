import type { AgentMessage, ContextLimits, TurnContext } from "../agent/backend.ts";
import { calibrated } from "../memory/calibration.ts";
import { anchored } from "../memory/context-messages.ts";
import type { RememberedPiece } from "../memory/context-pieces.ts";
import { assembleContext } from "../memory/context-slots.ts";
import { logLineOf } from "../memory/log-line.ts";
import { recall } from "../memory/recall.ts";
import { placeOf } from "../memory/source-place.ts";
import type { LogLine } from "../memory/summary.ts";
import { messageTokens } from "../memory/tokens.ts";
import { isSharedSession, type KeyOptions } from "../session/key.ts";
import { selectLiveArchives, windowStart } from "../store/archives.ts";
import { selectMessagesBefore } from "../store/messages.ts";
import type { Reader } from "../store/sqlite.ts";
import { selectWindow } from "../store/windows.ts";
import { agentText } from "./agent-text.ts";
import type { BegunTurn } from "./begun-turn.ts";
import { scopesOf } from "./turn-scopes.ts";

/** How far a conversation has filled what its agent takes. */
export interface ContextFill {
  /** The window's part of its room: by tokens or by lines, whichever is fuller. */
  readonly ratio: number;
  readonly windowLines: number;
  /** How many of the newest lines take a quarter of the room. */
  readonly quarterLines: number;
  readonly cycle: number;
  readonly softCycle: number | null;
  /** What all of the context is estimated at, in the provider's tokens. */
  readonly tokens: number;
  readonly scale: number;
}

/** Lines that are shown word for word in any case, archived or not: somebody who comes back goes on with what was said last. */
const MIN_SHOWN_LINES = 5;
/** What is searched for is said within so much of a message, in UTF-16 units. */
const MAX_QUERY_LENGTH = 1_000;

/** What the agent is shown before the message of a turn, and how full that is. Nothing it reads grows with the history. */
export function turnContext(
  db: Reader,
  begun: Pick<BegunTurn, "session" | "userSeq" | "message" | "messages">,
  limits: ContextLimits,
  options: { readonly keys: KeyOptions; readonly recallTokens: number; readonly nowMs: number },
): { readonly context: TurnContext; readonly fill: ContextFill } {
  const { row } = begun.session;
  const start = windowStart(db, row);
  const window = selectWindow(db, row);
  const scale = window.calibration ?? 1;
  const windowLines = Math.max(0, begun.userSeq - 1 - start);
  const shown = Math.min(limits.messages, Math.max(windowLines, MIN_SHOWN_LINES));
  const isShared = isSharedSession(begun.message.source, options.keys);
  const read = shown === 0 ? [] : selectMessagesBefore(db, row, begun.userSeq, shown);
  const lines = read.map((line): LogLine => {
    return { ...logLineOf(line), text: line.role === "user" ? agentText(line, isShared) : line.content };
  });
  const messages = windowLines > shown ? anchored(lines) : lines;
  const assembled = assembleContext(
    {
      prompt: "",
      memory: remembered(db, begun, options),
      archives: start === 0 ? [] : selectLiveArchives(db, row),
      windowState: window.state,
      messages,
      scale,
    },
    limits.tokens,
  );
  const { slots } = assembled;
  const room = Math.max(1, limits.tokens - (assembled.tokens - slots.messages.tokens));
  const costs = lines.map(({ text }) => calibrated(messageTokens(text), scale));
  const taken = costs.slice(Math.max(0, costs.length - windowLines)).reduce((sum, cost) => sum + cost, 0);
  return {
    context: {
      earlier: assembled.before,
      remembered: assembled.beside,
      lines: assembled.messages.map(({ role, text, atMs }): AgentMessage => ({ role, text, atMs })),
    },
    fill: {
      ratio: Math.max(taken / room, windowLines / Math.max(1, limits.messages)),
      windowLines,
      quarterLines: linesWithin(costs, room / 4),
      cycle: window.cycle,
      softCycle: window.softCycle,
      tokens: assembled.tokens,
      scale,
    },
  };
}

function linesWithin(costs: readonly number[], tokens: number): number {
  let left = tokens;
  for (let count = 0; count < costs.length; count += 1) {
    left -= costs.at(-1 - count) ?? 0;
    if (left < 0) return count;
  }
  return costs.length;
}

function remembered(
  db: Reader,
  begun: Pick<BegunTurn, "session" | "message" | "messages">,
  { recallTokens, nowMs }: { readonly recallTokens: number; readonly nowMs: number },
): readonly RememberedPiece[] {
  if (recallTokens === 0) return [];
  const text = begun.messages
    .map((message) => message.text)
    .join("\n")
    .slice(0, MAX_QUERY_LENGTH);
  const place = placeOf(begun.session.source);
  const found = recall(db, { text, scopes: scopesOf(begun), place, nowMs, budgetTokens: recallTokens });
  return found.map(({ content, scope, validFromMs }) => ({ content, about: aboutOf(scope), sinceMs: validFromMs }));
}

function aboutOf(scope: string): string {
  const kind = scope.split(":", 1)[0];
  switch (kind) {
    case "user":
      return "of who writes";
    case "chat":
      return "of this place";
    case "session":
      return "of this conversation";
    default:
      return "for all";
  }
}
