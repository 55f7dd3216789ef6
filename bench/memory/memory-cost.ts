import { systemClock } from "../../src/clock/clock.ts";
import type { CommitResult } from "../../src/memory/commit-result.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import type { Lifecycle } from "../../src/memory/lifecycle.ts";
import type { Session } from "../../src/store/session.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { randomNumbers } from "../../test/support/random-numbers.ts";
import { line, openTestStore } from "../../test/support/test-store.ts";
import type { Finding } from "../benchmark.ts";
import { percentile, single } from "../spread.ts";
import { countWork, type Work } from "./count-work.ts";
import { rememberMany, talkedSession } from "./large-memory.ts";
import { topics } from "./planted-facts.ts";
import { newestLines, turnContext } from "./turn-context.ts";

/** A commit of a window of this length is compared. */
const WINDOW_LINES = 200;
const WHO = "ann";

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
  const open = timeContexts(store, large, rounds, 32_000);
  tell("archiving them");
  const whole = await commitAll(store, large);
  await talkOn(store, large);
  const smallCommit = await commitCounted(store, small);
  const archived = [8_000, 32_000, 128_000].map(
    (budget) => [budget, timeContexts(store, large, rounds, budget)] as const,
  );
  const [, at32k] = archived[1] ?? [0, open];
  const largeCommit = await commitCounted(store, large);
  const amount = `${messages.toLocaleString("en")} messages, ${nodes.toLocaleString("en")} memories`;
  return [
    ...archived.flatMap(([budget, { context, cpuMs }]) => [
      {
        what: `context of ${budget.toLocaleString("en")} tokens, ${amount}: median`,
        unit: "ms",
        measured: { median: percentile(context, 50), min: Math.min(...context), max: Math.max(...context) },
        ...(budget === 32_000 ? { target: { bound: "at most", value: 5 } as const } : {}),
      },
      {
        what: `context of ${budget.toLocaleString("en")} tokens: 99th percentile`,
        unit: "ms",
        measured: single(percentile(context, 99)),
      },
      {
        what: `context of ${budget.toLocaleString("en")} tokens: processor's time, mean`,
        unit: "ms",
        measured: single(cpuMs),
        note: "what the rest of the machine does is not in it",
      },
    ]),
    {
      what: "the same of 32,000 tokens, nothing archived: median",
      unit: "ms",
      measured: single(percentile(open.context, 50)),
      note: "a history that was imported, before its first commit; the context is full of messages",
    },
    {
      what: "without lifecycle: the newest lines alone, nothing archived",
      unit: "ms",
      measured: single(percentile(open.lines, 50)),
      note: "32,000 tokens of messages",
    },
    {
      what: "without lifecycle: the newest lines alone, archived",
      unit: "ms",
      measured: single(percentile(at32k.lines, 50)),
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

/** Times of contexts, and of reading as many messages and nothing else, milliseconds, in turns. */
function timeContexts(
  store: SessionStore,
  session: Session,
  rounds: number,
  budgetTokens: number,
): { readonly context: readonly number[]; readonly lines: readonly number[]; readonly cpuMs: number } {
  const random = randomNumbers(1);
  const context: number[] = [];
  const lines: number[] = [];
  let cpuUs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const text = random.oneOf(random.oneOf(topics.mine).ask);
    const startCpu = process.threadCpuUsage();
    const startMs = performance.now();
    turnContext(store.reader, { session, who: WHO, text, nowMs: Date.now(), budgetTokens });
    const middleMs = performance.now();
    const { user, system } = process.threadCpuUsage(startCpu);
    newestLines(store.reader, session.row, budgetTokens);
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
