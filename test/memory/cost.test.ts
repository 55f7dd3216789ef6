import assert from "node:assert/strict";
import { test } from "node:test";
import { countWork, type Work } from "../../bench/memory/count-work.ts";
import { rememberMany, talkedSession } from "../../bench/memory/large-memory.ts";
import { turnOf } from "../../bench/memory/turn-of.ts";
import { turnContext } from "../../src/gateway/turn-context.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import type { Session } from "../../src/store/session.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { testStore } from "../support/test-store.ts";

const LIMITS = { messages: 100, tokens: 2_000 };
const question = "Which tea do I prefer for long trips, and what is the dog of my sister called?";

function contextWork(store: SessionStore, session: Session, who: string): Work {
  const counted = countWork(store);
  const { messageCount = 0 } = store.session(session.sessionId) ?? {};
  const turn = turnOf(session, messageCount + 1, who, question);
  const options = { keys: store.rules.keys, recallTokens: 400, nowMs: 0 };
  const { context } = turnContext(counted.store.reader, turn, LIMITS, options);
  assert.notEqual(context.remembered, "");
  assert.ok(context.lines.length > 20);
  return counted.work;
}

async function commitWork(store: SessionStore, session: Session, lines: number): Promise<Work> {
  const counted = countWork(store);
  const result = await commitSession(
    {
      store: counted.store,
      clock: { nowMs: () => 0, monotonicMs: () => 0, setTimer: () => ({ cancel() {} }) },
      summarise: null,
      extract: null,
      hygiene: "strict",
      owner: "test",
      maxSummaryTokens: 500,
      failed: (what, error) => assert.fail(`${what}: ${String(error)}`),
    },
    session.sessionId,
    { reason: "test", seqs: Array.from({ length: lines }, (_, place) => place + 1) },
  );
  assert.equal(result.ok, true);
  return counted.work;
}

test("a turn's context costs the same, however much was said and is remembered", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const short = await talkedSession(store, "ann", 200);
  await rememberMany(store, "ann", 2_500);
  const some = contextWork(store, short, "ann");
  const long = await talkedSession(store, "ben", 3_000);
  await rememberMany(store, "ben", 5_000);
  const much = contextWork(store, long, "ben");
  assert.equal(much.statements, some.statements);
  assert.ok(much.rowsRead <= some.rowsRead * 1.02, `${some.rowsRead} rows, then ${much.rowsRead}`);
  assert.equal(much.rowsWritten, 0);
});

test("a commit reads and writes by what it takes, not by what was said before or is remembered", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const short = await talkedSession(store, "ann", 600);
  const some = await commitWork(store, short, 300);
  const long = await talkedSession(store, "ben", 3_000);
  await rememberMany(store, "ben", 500);
  const much = await commitWork(store, long, 300);
  assert.deepEqual(
    [much.statements, much.rowsRead, much.rowsWritten],
    [some.statements, some.rowsRead, some.rowsWritten],
  );
  assert.ok(some.rowsWritten <= 10, `${some.rowsWritten} rows for 300 lines`);
});

test("no statement of a context or a commit reads a table from end to end", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const session = await talkedSession(store, "ann", 100);
  await rememberMany(store, "ann", 20);
  const work = [contextWork(store, session, "ann"), await commitWork(store, session, 50)];
  const plans = work.flatMap((one) => [...one.plans]);
  assert.ok(plans.some((plan) => plan.includes("memory_fts")));
  // The full-text index finds what it is asked for.
  const isNoScan = /VIRTUAL TABLE INDEX/;
  assert.deepEqual(
    plans.filter((plan) => /^SCAN|TEMP B-TREE/.test(plan) && !isNoScan.test(plan)),
    [],
  );
});
