import assert from "node:assert/strict";
import { test } from "node:test";
import { claimCommit } from "../../src/memory/claim-commit.ts";
import { collectGarbage } from "../../src/memory/collect-garbage.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import { prepareCompaction } from "../../src/memory/prepare-compaction.ts";
import { promoteChain } from "../../src/memory/promote-chain.ts";
import { claimRefresh, refreshSession } from "../../src/memory/refresh-session.ts";
import { runLifecycleJobs } from "../../src/memory/run-lifecycle-jobs.ts";
import { forget, pop, stash } from "../../src/memory/set-aside.ts";
import { branchSession } from "../../src/store/branch-session.ts";
import { lifecycleEventKinds, putLifecycleRules } from "../../src/store/lifecycle-rules.ts";
import type { Session } from "../../src/store/session.ts";
import { lastExchanges, takeBack } from "../../src/store/undo.ts";
import { assertLifecycle, type Seen } from "../support/assert-lifecycle.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { claimOf, type LifecycleWorld, lifecycleWorld } from "../support/lifecycle-world.ts";
import { memoryDir } from "../support/memory-dir.ts";
import { dmSource, groupSource, NOON_MS, rowsOf } from "../support/test-store.ts";

const ROUNDS = 10;
const STEPS = 500;
const DAY_MS = 24 * 3_600_000;
const facts = ["Prefers tea", "Prefers coffee", "Uses Go", "Lives in Berlin", "Lives in Munich", "Works at night"];

/** A small generator of its own (mulberry32): the same seed, the same steps. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One random thing that happens; returns its name. */
async function step(world: LifecycleWorld, clock: FakeClock, random: (below: number) => number): Promise<string> {
  const { store, lifecycle } = world;
  const source = [dmSource("1"), dmSource("2"), groupSource("g", "bob")][random(3)] ?? dmSource("1");
  const session: Session = await world.open(source);
  const row = world.row(session);
  const nowMs = clock.nowMs();
  const reason = "model";
  const claim = () =>
    claimOf(facts[random(facts.length)] ?? "", {
      author: source.userId,
      confidence: random(10) / 10,
      ...(random(3) === 0
        ? { kind: "update" as const, replaces: (facts[random(facts.length)] ?? "").toLowerCase() }
        : {}),
    });
  const actions: Readonly<Record<string, () => Promise<unknown>>> = {
    say: () =>
      world.say(session, ...Array.from({ length: 1 + random(4) }, (_, place) => `${row.message_count + place}`)),
    sayMore: () => world.say(session, ...Array.from({ length: 6 }, (_, place) => `${row.message_count + place}`)),
    commit: () => commitSession(lifecycle, session.sessionId, { reason }),
    truncate: () => commitSession(lifecycle, session.sessionId, { reason, strategy: "truncate" }),
    snapshot: () => commitSession(lifecycle, session.sessionId, { reason, seqs: [1 + random(5), 2 + random(5)] }),
    commitDies: () => store.write((tx) => claimCommit(tx, session.sessionId, { reason }, { owner: "dead", nowMs })),
    commitWhile: async () => {
      world.summaries.push(async () => {
        if (random(2) === 0) await world.say(session, "late");
        else
          await store.write((tx) => takeBack(tx, world.row(session), lastExchanges(tx, row, 1).lines[0]?.seq ?? 1e9));
        throw new Error("overloaded");
      });
      await commitSession(lifecycle, session.sessionId, { reason });
    },
    token: async () => {
      const token = await store.write((tx) => prepareCompaction(tx, row, nowMs));
      if (random(2) === 0) await world.say(session, "x");
      await commitSession(lifecycle, session.sessionId, { reason, token });
    },
    refresh: async () => {
      world.claims.splice(0, Number.POSITIVE_INFINITY, [claim(), claim()]);
      await refreshSession(lifecycle, session.sessionId, { reason });
    },
    refreshDies: () => store.write((tx) => claimRefresh(tx, session.row, { reason }, { owner: "dead", nowMs })),
    promote: () => store.write((tx) => promoteChain(tx, row, nowMs)),
    promoteDies: () =>
      store
        .write((tx) => {
          promoteChain(tx, row, nowMs);
          throw new Error("dead");
        })
        .catch(() => {}),
    undo: () =>
      store.write((tx) => {
        const [first] = lastExchanges(tx, row, 1 + random(3)).lines;
        if (first !== undefined) takeBack(tx, row, first.seq);
      }),
    rewrite: async () => {
      const lines = store.transcript(session.sessionId, { limit: 1_000 }).map(({ seq: _, ...draft }) => draft);
      await store.rewriteTranscript(session.sessionId, lines.slice(0, random(lines.length + 1))).catch(() => {});
    },
    reset: () => store.resetSession(session.sessionKey, random(2) === 0 ? "new" : "reset", nowMs),
    resume: async () => {
      const [old] = rowsOf(
        store.reader,
        `SELECT session_id FROM sessions WHERE live = 0 AND session_key = '${session.sessionKey}' ORDER BY id DESC LIMIT 1`,
      );
      if (old !== undefined) await store.switchSession(session.sessionKey, String(old.session_id), nowMs);
    },
    branch: () =>
      store.write((tx) =>
        branchSession(tx, store.rules, { key: session.sessionKey, agentId: "main", source, atMs: nowMs }, null),
      ),
    delete: () => (random(3) === 0 ? store.deleteSession(session.sessionId, nowMs) : Promise.resolve()),
    aside: () =>
      store.write((tx) => {
        const [found] = rowsOf(tx, `SELECT id FROM memory_placements WHERE id > ${random(40)} LIMIT 1`);
        if (found !== undefined) [stash, pop, forget][random(3)]?.(tx, Number(found.id), nowMs);
      }),
    jobs: () => runLifecycleJobs(lifecycle),
    wait: () => clock.advance([1_000, 60_000, 130_000, 301_000][random(4)] ?? 0),
    days: () => (random(4) === 0 ? clock.advance(11 * DAY_MS) : Promise.resolve()),
    collect: () => (random(3) === 0 ? collectGarbage({ store, clock }) : Promise.resolve()),
  };
  const names = Object.keys(actions);
  const name = names[random(names.length)] ?? "say";
  await done(clock, actions[name]?.());
  return name;
}

/** Lets what was begun end; time moves only where it waits for time. */
async function done(clock: FakeClock, work: Promise<unknown> | undefined): Promise<void> {
  let isDone = false;
  const ended = Promise.resolve(work).finally(() => {
    isDone = true;
  });
  for (let turn = 1; !isDone; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (turn % 20 === 0) await clock.advance(1_000);
  }
  await ended;
}

test(`${ROUNDS * STEPS} random steps, with processes that die, leave every promise of the lifecycle kept after each`, async () => {
  const seed = Number(process.env.LIFECYCLE_SEED ?? Math.floor(Math.random() * 2 ** 31));
  for (let round = 0; round < ROUNDS; round += 1) await play(seed + round);
});

/** One round on files of its own: small ones, so that all of them can be looked at after each step. */
async function play(seed: number): Promise<void> {
  const random = randomOf(seed);
  const clock = fakeClock(NOON_MS);
  using folder = memoryDir();
  let world = await lifecycleWorld({ dataDir: folder.path, clock });
  const hooks = [{ name: "model", kinds: [...lifecycleEventKinds] }];
  await world.store.write((tx) => putLifecycleRules(tx, { retentionMs: 30 * DAY_MS, hooks }));
  const seen: Seen = { archives: new Map() };
  const path: string[] = [];
  try {
    for (let count = 0; count < STEPS; count += 1) {
      if (random(100) === 0) {
        path.push("reopen");
        await world[Symbol.asyncDispose]();
        world = await lifecycleWorld({ dataDir: folder.path, clock });
      }
      path.push(await step(world, clock, random));
      assertLifecycle(world.store, seen);
    }
    assert.deepEqual(world.store.integrityProblems(), []);
  } catch (error) {
    throw new Error(`LIFECYCLE_SEED=${seed}, step ${path.length}, after ${path.slice(-8).join(", ")}`, {
      cause: error,
    });
  } finally {
    await world[Symbol.asyncDispose]();
  }
}
