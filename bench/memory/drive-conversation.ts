import type { ContextLimits, TurnContext } from "../../src/agent/backend.ts";
import type { MemoryRules } from "../../src/gateway/memory-rules.ts";
import { type ContextFill, turnContext } from "../../src/gateway/turn-context.ts";
import { dueOf, noteSoftCycle, tailOf } from "../../src/gateway/when-full.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import type { Lifecycle } from "../../src/memory/lifecycle.ts";
import { promoteChain } from "../../src/memory/promote-chain.ts";
import { promotionScope } from "../../src/memory/promotion.ts";
import { refreshSession } from "../../src/memory/refresh-session.ts";
import { remember } from "../../src/memory/remember.ts";
import { authorOf, placeOf } from "../../src/memory/source-place.ts";
import { DEFAULT_THRESHOLDS } from "../../src/memory/thresholds.ts";
import { messageTokens } from "../../src/memory/tokens.ts";
import type { Session } from "../../src/store/session.ts";
import { selectSession } from "../../src/store/sessions.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { type FakeClock, fakeClock } from "../../test/support/fake-clock.ts";
import { line, openTestStore, testRules } from "../../test/support/test-store.ts";
import { extractBy, summariseBy } from "./ask-model.ts";
import type { Plan, PlannedSession, PlannedTurn } from "./conversation-plan.ts";
import type { RuleModel } from "./rule-model.ts";
import { type AskedTurn, turnOf } from "./turn-of.ts";

/** What the agent was given for one turn. */
export interface Given {
  readonly session: PlannedSession;
  readonly turn: PlannedTurn;
  readonly context: TurnContext;
  /** What the context and the message to answer take, estimated. */
  readonly tokens: number;
  /** What all that was ever said in this place takes. */
  readonly historyTokens: number;
}

/** Most earlier lines an agent is shown, as it is configured by default. */
const HISTORY_MESSAGES = 100;
const RULES: Pick<MemoryRules, "thresholds" | "tailMessages"> = { thresholds: DEFAULT_THRESHOLDS, tailMessages: 20 };
/** Of the budget, for what is recalled. */
const RECALL_SHARE = 1 / 5;

/** A conversation that has been held. */
export interface Driven {
  readonly store: SessionStore;
  readonly commits: number;
  /** Answers of the model that were none, and were asked for again or done without. */
  readonly failures: number;
}

/**
 * Holds the conversation turn by turn, as the daemon does: the person's line is stored, the context is made, the answer is
 * stored, thresholds are asked; each session ends with what is learned from it. `see` gets every context.
 */
export async function driveConversation(
  plan: Plan,
  options: {
    readonly dataDir: string;
    /** Null: lines are quoted, and only what was asked for is remembered. */
    readonly model: RuleModel | null;
    readonly budgetTokens: number;
    readonly see: (given: Given) => void;
  },
): Promise<Driven> {
  const { dataDir, model, budgetTokens, see } = options;
  const clock = fakeClock(0);
  const store = await openTestStore(dataDir, clock, testRules({}, { groupSessionsPerUser: false }));
  const { keys } = store.rules;
  const limits: ContextLimits = { messages: HISTORY_MESSAGES, tokens: budgetTokens };
  const recallTokens = Math.floor(budgetTokens * RECALL_SHARE);
  const count = { commits: 0, failures: 0 };
  const lifecycle: Lifecycle = {
    store,
    clock,
    summarise: model === null ? null : summariseBy(model),
    extract: model === null ? null : extractBy(model),
    hygiene: "strict",
    owner: "bench",
    maxSummaryTokens: Math.floor(budgetTokens / 5),
    failed: () => {
      count.failures += 1;
    },
  };
  const spoken = new Map<string, number>();
  for (const planned of plan.sessions) {
    const name = planned.place.name;
    clock.jumpWallClock(planned.turns[0]?.atMs ?? 0);
    let session: Session | null = null;
    for (const turn of planned.turns) {
      clock.jumpWallClock(turn.atMs);
      session = (await store.resolveSession(planned.source(turn.who), turn.atMs)).session;
      await store.appendMessages(session.sessionId, [line(turn.text, { atMs: turn.atMs, senderId: turn.who })]);
      const historyTokens = (spoken.get(name) ?? 0) + messageTokens(turn.text);
      const { text, who } = turn;
      session = store.session(session.sessionId) ?? session;
      const asked = turnOf(session, session.messageCount, who, text);
      const { context, fill } = turnContext(store.reader, asked, limits, { keys, recallTokens, nowMs: turn.atMs });
      see({ session: planned, turn, context, tokens: fill.tokens + messageTokens(text), historyTokens });
      spoken.set(name, historyTokens + messageTokens(turn.reply));
      const reply = { role: "assistant", senderId: null, senderName: null, atMs: turn.atMs } as const;
      await store.appendMessages(session.sessionId, [line(turn.reply, reply)]);
      await rememberExplicit(store, session, turn);
      session = store.session(session.sessionId) ?? session;
      if (await keepWithin(lifecycle, clock, { ...asked, session }, { fill, limits })) count.commits += 1;
    }
    if (session !== null) await endSession(lifecycle, clock, store, session);
  }
  return { store, ...count };
}

async function rememberExplicit(
  store: SessionStore,
  session: Session,
  { plants, atMs, who }: PlannedTurn,
): Promise<void> {
  if (plants === null || !plants.isExplicit) return;
  const about = plants.topic.kind === "ours" ? "chat" : "user";
  const scope = promotionScope({ about, author: who }, placeOf(session.source));
  if (scope === null) return;
  const content = plants.topic.say(plants.value)[0] ?? "";
  await store.write((tx) =>
    remember(
      tx,
      {
        scope,
        content,
        bucket: "preference",
        author: authorOf({ author: who }, session.source),
        source: { sessionId: session.sessionId, seq: null },
      },
      atMs,
    ),
  );
}

/** What is due by the thresholds, as the daemon judges it, is done before the next turn; true when an archive was written. */
async function keepWithin(
  lifecycle: Lifecycle,
  clock: FakeClock,
  turn: AskedTurn,
  given: { readonly fill: ContextFill; readonly limits: ContextLimits },
): Promise<boolean> {
  const { store } = lifecycle;
  const { row, sessionId } = turn.session;
  const rules = { ...RULES, extracts: lifecycle.extract !== null };
  const due = dueOf(store.reader, rules, turn, given);
  if (due.refresh && lifecycle.extract !== null) {
    await store.write((tx) => noteSoftCycle(tx, row, given.fill.cycle));
    await settled(clock, refreshSession(lifecycle, sessionId, { reason: "soft" }));
  }
  if (!due.commit) return false;
  const tail = tailOf(rules, given);
  const result = await settled(clock, commitSession(lifecycle, sessionId, { reason: "hard", tail }));
  return result.ok;
}

/** What is pending is extracted, the chain is promoted, and the next message opens another session. */
async function endSession(
  lifecycle: Lifecycle,
  clock: FakeClock,
  store: SessionStore,
  session: Session,
): Promise<void> {
  await settled(clock, refreshSession(lifecycle, session.sessionId, { reason: "end" }));
  const nowMs = clock.nowMs();
  await store.write((tx) => {
    const row = selectSession(tx, session.sessionId);
    if (row !== null) promoteChain(tx, row, nowMs);
  });
  await store.resetSession(session.sessionKey, "reset", nowMs);
}

/** Waits for something that may wait for the clock. */
async function settled<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const over = promise.finally(() => {
    isOver = true;
  });
  while (!isOver) await clock.advance(1_000);
  return await over;
}
