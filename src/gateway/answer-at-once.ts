import type { AgentBackend } from "../agent/backend.ts";
import type { Events } from "../observe/events.ts";
import { StoreError } from "../store/store-error.ts";
import type { Tx } from "../store/writer.ts";
import type { BeginRules } from "./begin-rules.ts";
import type { Begun, BegunTurn } from "./begun-turn.ts";
import { finishTurn } from "./finish-turn.ts";
import { MAX_POSTED_LENGTH } from "./posted-answer.ts";

/** What answering at once needs of the gateway. */
export interface InstantRules {
  readonly begin: BeginRules;
  readonly agentOf: (agentId: string) => AgentBackend;
  readonly events: Events;
}

/** Ends a turn in the transaction that begins it, where its agent has the answer at once; what comes back is the turn as it was where it has to be asked. */
export function answerAtOnce(tx: Tx, rules: InstantRules, begun: Begun, nowMs: number): Begun {
  // Files have to be fetched, a job is more than its answer, and what an earlier attempt has begun goes on where it stood.
  if (begun.kind !== "agent" || begun.message.job !== undefined) return begun;
  if (begun.attachments.length > 0 || begun.attempt > 1 || begun.firstOutboxId !== null) return begun;
  const text = textOf(rules, begun);
  // A long one becomes a file.
  if (text === null || text.length > MAX_POSTED_LENGTH) return begun;
  const answer = { text, posted: text, files: [], usage: null, failure: null };
  const finished = { answer, grown: [], steered: [], sends: [], stopReason: null };
  try {
    const posts = tx.savepoint((part) => finishTurn(part, rules.begin, begun, finished, nowMs));
    return { kind: "finished", turn: begun, text, posts };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    // A fault of our own: the message is stored, and its turn ends as any whose end is impossible.
    return begun;
  }
}

function textOf({ agentOf, events }: InstantRules, { session, key, agentText, userSeq }: BegunTurn): string | null {
  const agent = session.answeredBy ?? session.agentId;
  try {
    const { sessionId } = session;
    const request = { sessionId, sessionKey: key, text: agentText, isFirst: userSeq === 1 };
    return agentOf(agent).answerAtOnce?.(request)?.toWellFormed() ?? null;
  } catch (error) {
    // The message is stored all the same, and the turn that follows fails for its person as any does.
    const why = error instanceof Error ? error.message : String(error);
    events.agentSaid({ agent, line: `no answer at once: ${why}` });
    return null;
  }
}
