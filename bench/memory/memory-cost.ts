import type { ContextLimits } from "../../src/agent/backend.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { turnContext } from "../../src/gateway/turn-context.ts";
import type { CommitResult } from "../../src/memory/commit-result.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import type { Lifecycle } from "../../src/memory/lifecycle.ts";
import { selectMessagesBefore } from "../../src/store/messages.ts";
import type { Session } from "../../src/store/session.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { randomNumbers } from "../../test/support/random-numbers.ts";
import { line, openTestStore } from "../../test/support/test-store.ts";
import type { Finding } from "../benchmark.ts";
import { percentile, single } from "../spread.ts";
import { countWork, type Work } from "./count-work.ts";
import { rememberMany, talkedSession } from "./large-memory.ts";
import { topics } from "./planted-facts.ts";
import { turnOf } from "./turn-of.ts";

/** A commit of a window of this length is compared. */
const WINDOW_LINES = 200;
const WHO = "ann";
/** What an agent is shown as it is configured by default. */
const USUAL: ContextLimits = { messages: 100, tokens: 50_000 };
/** One with little room, the usual, and one with much. */
const SHAPES: readonly ContextLimits[] = [
  { messages: 100, tokens: 8_000 },
  USUAL,
  { messages: 1_000, tokens: 128_000 },
];
const RECALL_TOKENS = 1_500;

/** How much there is. */
export interface Amount {
  readonly messages: number;
  readonly nodes: number;
  readonly rounds: number;
}

/** What contexts and commits cost where much was said and much is remembered. */
export async function memoryCost(
  dataDir: string,
  { messages, nodes, rounds }: Amount,
  tell: (progress: string) => void,
): Promise<readonly Finding[]> {
  await using store = await openTestStore(dataDir, systemClock);
  tell(`writing ${messages} messages and ${nodes} memories`);
  const small = await talkedSession(store, "ben", WINDOW_LINES);
  const large = await talkedSession(store, WHO, messages);
  await rememberMany(store, WHO, nodes);
  await rememberMany(store, "somebody-else", nodes);
  const open = timeContexts(store, large, rounds, USUAL);
  tell("archiving them");
  const whole = await commitAll(store, large);
  await talkOn(store, large);
  const smallCommit = await commitCounted(store, small);
  const archived = SHAPES.map((limits) => ({ limits, ...timeContexts(store, large, rounds, limits) }));
  const usual = archived.find(({ limits }) => limits === USUAL) ?? open;
  const largeCommit = await commitCounted(store, large);
  const amount = `${messages.toLocaleString("en")} messages, ${nodes.toLocaleString("en")} memories`;
  return [
    ...archived.flatMap(({ limits, context, cpuMs }) => [
      {
        what: `context of ${shapeOf(limits)}; ${amount}: median`,
        unit: "ms",
        measured: { median: percentile(context, 50), min: Math.min(...context), max: Math.max(...context) },
        ...(limits === USUAL ? { target: { bound: "at most", value: 5 } as const } : {}),
      },
      {
        what: `context of ${shapeOf(limits)}: 99th percentile`,
        unit: "ms",
        measured: single(percentile(context, 99)),
      },
      {
        what: `context of ${shapeOf(limits)}: processor's time, mean`,
        unit: "ms",
        measured: single(cpuMs),
        note: "what the rest of the machine does is not in it",
      },
    ]),
    {
      what: `context of ${shapeOf(USUAL)}, nothing archived: median`,
      unit: "ms",
      measured: single(percentile(open.context, 50)),
      note: "a history that was imported, before its first commit",
    },
    {
      what: "without lifecycle: the newest lines alone, nothing archived",
      unit: "ms",
      measured: single(percentile(open.lines, 50)),
      note: `${USUAL.messages} lines`,
    },
    {
      what: "without lifecycle: the newest lines alone, archived",
      unit: "ms",
      measured: single(percentile(usual.lines, 50)),
    },
    {
      what: "rows a commit of 195 lines writes, session of 200 messages",
      unit: "rows",
      measured: single(smallCommit.rowsWritten),
    },
    {
      what: `the same, session of ${messages.toLocaleString("en")}`,
      unit: "rows",
      measured: single(largeCommit.rowsWritten),
      target: { bound: "at most", value: smallCommit.rowsWritten },
    },
    { what: "rows it reads, session of 200 messages", unit: "rows", measured: single(smallCommit.rowsRead) },
    {
      what: `the same, session of ${messages.toLocaleString("en")}`,
      unit: "rows",
      measured: single(largeCommit.rowsRead),
      note: "the live archives in addition, ten at most",
    },
    {
      what: "lines archived for each row written",
      unit: "lines",
      measured: single(whole.lines / whole.rowsWritten),
      note: `${whole.commits} commits`,
    },
  ];
}

function shapeOf({ tokens, messages }: ContextLimits): string {
  return `${tokens.toLocaleString("en")} tokens, ${messages.toLocaleString("en")} lines`;
}

/** Times of contexts, and of reading as many messages and nothing else, milliseconds, in turns. */
function timeContexts(
  store: SessionStore,
  session: Session,
  rounds: number,
  limits: ContextLimits,
): { readonly context: readonly number[]; readonly lines: readonly number[]; readonly cpuMs: number } {
  const random = randomNumbers(1);
  const { keys } = store.rules;
  const userSeq = (store.session(session.sessionId)?.messageCount ?? 0) + 1;
  const context: number[] = [];
  const lines: number[] = [];
  let cpuUs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const text = random.oneOf(random.oneOf(topics.mine).ask);
    const startCpu = process.threadCpuUsage();
    const startMs = performance.now();
    const turn = turnOf(session, userSeq, WHO, text);
    turnContext(store.reader, turn, limits, { keys, recallTokens: RECALL_TOKENS, nowMs: Date.now() });
    const middleMs = performance.now();
    const { user, system } = process.threadCpuUsage(startCpu);
    selectMessagesBefore(store.reader, session.row, userSeq, limits.messages);
    // The first ones read what no cache has yet.
    if (round < rounds / 10) continue;
    cpuUs += user + system;
    context.push(middleMs - startMs);
    lines.push(performance.now() - middleMs);
  }
  return { context, lines, cpuMs: cpuUs / 1000 / context.length };
}

async function commitAll(
  store: SessionStore,
  session: Session,
): Promise<{ commits: number; lines: number; rowsWritten: number }> {
  const sum = { commits: 0, lines: 0, rowsWritten: 0 };
  for (;;) {
    const { result, work } = await commitOnce(store, session);
    if (!result.ok) return sum;
    sum.commits += 1;
    sum.lines += result.removed;
    sum.rowsWritten += work.rowsWritten;
  }
}

async function commitCounted(store: SessionStore, session: Session): Promise<Work> {
  const { result, work } = await commitOnce(store, session);
  if (!result.ok) throw new Error(`the commit failed: ${result.reason}`);
  return work;
}

async function commitOnce(store: SessionStore, session: Session): Promise<{ result: CommitResult; work: Work }> {
  const counted = countWork(store);
  const lifecycle: Lifecycle = {
    store: counted.store,
    clock: systemClock,
    summarise: null,
    extract: null,
    hygiene: "strict",
    owner: "bench",
    maxSummaryTokens: 1_000,
    failed: (what, error) => {
      throw new Error(what, { cause: error });
    },
  };
  const result = await commitSession(lifecycle, session.sessionId, { reason: "bench" });
  return { result, work: counted.work };
}

/** So that there is a window again, of the same length as the small session's. */
async function talkOn(store: SessionStore, session: Session): Promise<void> {
  const tail = 5;
  const drafts = Array.from({ length: WINDOW_LINES - tail }, (_, place) =>
    line(
      `Later, line ${place} of the garden.`,
      place % 2 === 0 ? { senderId: WHO } : { role: "assistant", senderId: null },
    ),
  );
  await store.appendMessages(session.sessionId, drafts);
}
