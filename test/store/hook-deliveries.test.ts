import assert from "node:assert/strict";
import { test } from "node:test";
import {
  markDelivered,
  markDeliveryFailed,
  reviveDelivery,
  selectDeadDeliveries,
  selectDueDeliveries,
  selectNextDeliveryAt,
} from "../../src/store/hook-deliveries.ts";
import { writeEvent } from "../../src/store/lifecycle-events.ts";
import { putLifecycleRules } from "../../src/store/lifecycle-rules.ts";
import { testStore } from "../support/test-store.ts";

const event = { kind: "session.ended", sessionId: "s", sessionKey: "k", data: { reason: "new" }, atMs: 0 } as const;

async function withEvent() {
  const opened = await testStore();
  await opened.store.write((tx) => {
    putLifecycleRules(tx, { retentionMs: null, hooks: [{ name: "h", kinds: ["session.ended"] }] });
    writeEvent(tx, event);
    writeEvent(tx, { ...event, kind: "archive.written" });
  });
  return opened;
}

test("a hook that fails twice has the event at the third try", async () => {
  await using opened = await withEvent();
  const { store } = opened;
  const fail = async (nowMs: number) => {
    const [due] = selectDueDeliveries(store.reader, nowMs, 9);
    assert.ok(due);
    return await store.write((tx) => markDeliveryFailed(tx, due, nowMs, "refused"));
  };
  assert.deepEqual(
    selectDueDeliveries(store.reader, 0, 9).map((due) => due.event),
    [event],
  );
  assert.equal(await fail(0), "pending");
  assert.equal(selectNextDeliveryAt(store.reader, -1), 1_000);
  assert.deepEqual(selectDueDeliveries(store.reader, 999, 9), []);
  assert.equal(await fail(1_000), "pending");
  assert.equal(selectNextDeliveryAt(store.reader, -1), 6_000);
  const [third] = selectDueDeliveries(store.reader, 6_000, 9);
  assert.equal(third?.attempts, 2);
  await store.write((tx) => third && markDelivered(tx, third, 6_000));
  assert.equal(selectNextDeliveryAt(store.reader, -1), null);
  assert.deepEqual(selectDeadDeliveries(store.reader, 9), []);
});

test("after six tries it is a dead letter, which can be given another life", async () => {
  await using opened = await withEvent();
  const { store } = opened;
  const waits: number[] = [];
  for (let nowMs = 0, attempt = 1; attempt <= 6; attempt += 1) {
    const [due] = selectDueDeliveries(store.reader, nowMs, 9);
    assert.ok(due, `attempt ${attempt}`);
    const at = nowMs;
    const state = await store.write((tx) => markDeliveryFailed(tx, due, at, "refused"));
    assert.equal(state, attempt === 6 ? "dead" : "pending");
    const next = selectNextDeliveryAt(store.reader, -1);
    if (next !== null) waits.push(next - nowMs);
    nowMs = next ?? nowMs;
  }
  assert.deepEqual(waits, [1_000, 5_000, 25_000, 125_000, 625_000]);
  const [dead] = selectDeadDeliveries(store.reader, 9);
  assert.deepEqual([dead?.hook, dead?.attempts, dead?.error], ["h", 6, "refused"]);
  assert.ok(dead);
  assert.equal(await store.write((tx) => reviveDelivery(tx, dead, 9_000)), true);
  assert.equal(await store.write((tx) => reviveDelivery(tx, dead, 9_000)), false);
  assert.equal(selectDueDeliveries(store.reader, 9_000, 9).length, 1);
});
