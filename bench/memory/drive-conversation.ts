import { changeWindow } from "../../src/memory/change-window.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import type { AssembledContext } from "../../src/memory/context-slots.ts";
import type { Lifecycle } from "../../src/memory/lifecycle.ts";
import { promoteChain } from "../../src/memory/promote-chain.ts";
import { promotionScope } from "../../src/memory/promotion.ts";
import { refreshSession } from "../../src/memory/refresh-session.ts";
import { remember } from "../../src/memory/remember.ts";
import { authorOf, placeOf } from "../../src/memory/source-place.ts";
import { DEFAULT_THRESHOLDS, dueAt } from "../../src/memory/thresholds.ts";
import { messageTokens } from "../../src/memory/tokens.ts";
import { pendingExtraction } from "../../src/store/extractions.ts";
import type { Session } from "../../src/store/session.ts";
import { selectSession } from "../../src/store/sessions.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { selectWindow } from "../../src/store/windows.ts";
import { type FakeClock, fakeClock } from "../../test/support/fake-clock.ts";
import { line, openTestStore, testRules } from "../../test/support/test-store.ts";
import { extractBy, summariseBy } from "./ask-model.ts";
import type { Plan, PlannedSession, PlannedTurn } from "./conversation-plan.ts";
import type { RuleModel } from "./rule-model.ts";
import { newestLines, turnContext } from "./turn-context.ts";

/** What the agent was given for one turn. */
export interface Given {
  readonly session: PlannedSession;
  readonly turn: PlannedTurn;
  readonly context: AssembledContext;
  /** What all that was ever said in this place takes. */
  readonly historyTokens: number;
}

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
      const context = turnContext(store.reader, { session, who, text, nowMs: turn.atMs, budgetTokens });
      see({ session: planned, turn, context, historyTokens });
      spoken.set(name, historyTokens + messageTokens(turn.reply));
      const reply = { role: "assistant", senderId: null, senderName: null, atMs: turn.atMs } as const;
      await store.appendMessages(session.sessionId, [line(turn.reply, reply)]);
      await rememberExplicit(store, session, turn);
      if (await keepWithin(lifecycle, clock, session, budgetTokens)) count.commits += 1;
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

/** What is due by the thresholds is done before the next turn; true when an archive was written. */
async function keepWithin(
  lifecycle: Lifecycle,
  clock: FakeClock,
  session: Session,
  budgetTokens: number,
): Promise<boolean> {
  const { store } = lifecycle;
  const row = selectSession(store.reader, session.sessionId);
  if (row === null) return false;
  const window = selectWindow(store.reader, row.id);
  const tokens = newestLines(store.reader, row.id, budgetTokens).reduce(
    (sum, { text }) => sum + messageTokens(text),
    0,
  );
  const pending = pendingExtraction(store.reader, row.id, row.message_count).reduce(
    (sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1,
    0,
  );
  const due = dueAt(
    { ratio: tokens / budgetTokens, cycle: window.cycle, softCycle: window.softCycle, pending },
    DEFAULT_THRESHOLDS,
  );
  if (due.refresh) {
    await store.write((tx) => changeWindow(tx, row, (one) => ({ ...one, softCycle: one.cycle })));
    await settled(clock, refreshSession(lifecycle, session.sessionId, { reason: "soft" }));
  }
  if (!due.commit) return false;
  const result = await settled(clock, commitSession(lifecycle, session.sessionId, { reason: "hard" }));
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
