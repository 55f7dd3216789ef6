import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../src/clock/clock.ts";
import { selectDeadDeliveries } from "../../src/store/hook-deliveries.ts";
import { writeEvent } from "../../src/store/lifecycle-events.ts";
import { putLifecycleRules } from "../../src/store/lifecycle-rules.ts";
import { ask, liveSession } from "../support/ask.ts";
import { type BareGateway, bareGateway, neverResets } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { openTestStore, rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";
import { type AttentiveAgent, attentiveAgent, usualMemory } from "../support/usual-memory.ts";

const states = ({ store }: BareGateway) =>
  rowsOf(store.reader, "SELECT hook, state, attempts FROM hook_deliveries ORDER BY hook").map(
    ({ hook, state, attempts }) => `${String(hook)} ${String(state)} ${String(attempts)}`,
  );
const remembered = ({ store }: BareGateway) =>
  rowsOf(store.reader, "SELECT scope FROM memory_placements WHERE state = 'active'").length;
const archives = ({ store }: BareGateway) => rowsOf(store.reader, "SELECT * FROM archives");

const olderHook = { name: "memory", kinds: ["session.ended" as const] };

/** An agent that can't be asked for this for now. */
function failing(task: string): AttentiveAgent & { isBroken: boolean } {
  const agent = Object.assign(attentiveAgent(), { isBroken: true });
  const { complete } = agent;
  agent.complete = async (question, signal) => {
    if (agent.isBroken && question.instructions.startsWith(task)) throw new Error("overloaded");
    if (complete === undefined) throw new Error("it can be asked");
    return await complete(question, signal);
  };
  return agent;
}

async function talk(bare: BareGateway): Promise<void> {
  await ask(bare, "my ferry is Aurora");
  for (const text of ["well", "so", "right"]) await ask(bare, text);
}

test("each thing an end leaves is tried by itself: where nothing can be learned, the lines are archived all the same, and what was learned is made up for", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const agent = failing("You read a conversation");
  await using bare = await bareGateway({ clock, agent, memory: usualMemory });
  await talk(bare);
  await ask(bare, "/new");
  const pass = async (stepMs: number, isThere: () => boolean) =>
    await until("the deliveries are so far", async () => {
      await clock.advance(stepMs);
      return isThere();
    });
  await pass(0, () => states(bare).join().includes("memory.note done 0"));
  assert.equal(archives(bare).length, 1);
  assert.deepEqual(states(bare), ["memory.note done 0", "memory.promotion pending 1", "memory.summary done 0"]);
  await pass(30_000, () => states(bare).includes("memory.promotion dead 6"));
  const [dead] = selectDeadDeliveries(bare.store.reader, 10);
  assert.match(dead?.error ?? "", /the last lines were not learned from: .*overloaded/);
  assert.equal(remembered(bare), 0);
  agent.isBroken = false;
  assert.ok(dead !== undefined && (await bare.gateway.retryHook(dead.eventId, dead.hook)));
  await pass(0, () => states(bare).includes("memory.promotion done 0"));
  assert.equal(remembered(bare), 1);
  assert.equal(archives(bare).length, 1);
});

test("a conversation that goes on before the one before is summed up hears afterwards what that was about", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const agent = attentiveAgent();
  const policy = { ...neverResets, mode: "idle", idleMinutes: 60, graceMinutes: 0, notify: false } as const;
  // Nobody watches the clock here: the next message finds the time over.
  await using bare = await bareGateway({ clock, agent, policy, memory: usualMemory });
  await talk(bare);
  await clock.advance(61 * 60_000);
  await ask(bare, "good morning");
  const note = () => liveSession(bare)?.openingNote ?? "";
  await until("the note says it", async () => {
    await clock.advance(0);
    return note().includes("What it was about");
  });
  assert.match(note(), /What it was about: "my ferry is Aurora"\nThe person last wrote: "right"/);
});

test("an end that an older version left in one delivery is made whole", async () => {
  using folder = tempDir();
  const agent = attentiveAgent();
  {
    await using bare = await bareGateway({ dataDir: folder.path, agent, memory: { ...usualMemory, enabled: false } });
    await talk(bare);
    await ask(bare, "/new");
    assert.deepEqual(states(bare), []);
  }
  {
    // What ends while no daemon of a newer version runs.
    await using store = await openTestStore(folder.path, systemClock);
    await store.write((tx) => putLifecycleRules(tx, { retentionMs: null, hooks: [olderHook] }));
    const [talked] = store.listSessions({ live: false }).sessions;
    assert.ok(talked !== undefined);
    const { sessionId, sessionKey } = talked;
    await store.write((tx) =>
      writeEvent(tx, { kind: "session.ended", sessionId, sessionKey, data: { reason: "new" }, atMs: 0 }),
    );
  }
  await using next = await bareGateway({ dataDir: folder.path, agent, memory: usualMemory });
  await until("it is made", () => states(next).includes("memory done 0"));
  assert.deepEqual([archives(next).length, remembered(next)], [1, 1]);
});
