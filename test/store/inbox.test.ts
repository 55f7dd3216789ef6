import assert from "node:assert/strict";
import { test } from "node:test";
import { claimInbox, finishInbox, insertInbox, releaseInbox, selectInbox } from "../../src/store/inbox.ts";
import { NOON_MS, testStore } from "../support/test-store.ts";

const said = {
  platform: "memory",
  account: "default",
  chatId: "c",
  messageId: "1",
  key: "agent:main:memory:dm:c",
  agent: "main",
  payload: "{}",
  receivedAtMs: NOON_MS,
  mayReset: 1,
  begins: null,
};

for (const state of ["done", "dead"] as const) {
  test(`a row that is ${state} has ended once and for all`, async () => {
    await using opened = await testStore();
    const { store } = opened;
    const id = (await store.write((tx) => insertInbox(tx, said))) ?? 0;
    const end = { id, firstOutboxId: 7, finishedAtMs: NOON_MS + 1, error: null };
    assert.equal(await store.write((tx) => claimInbox(tx, id, null, null)), true);
    assert.equal(await store.write((tx) => finishInbox(tx, { ...end, state })), true);
    for (const other of ["done", "dead"] as const) {
      const later = { ...end, state: other, firstOutboxId: 8, finishedAtMs: NOON_MS + 2, error: "late" };
      assert.equal(await store.write((tx) => finishInbox(tx, later)), false);
    }
    assert.equal(await store.write((tx) => claimInbox(tx, id, null, null)), false);
    await store.write((tx) => releaseInbox(tx, id));
    const row = selectInbox(store.reader, id);
    assert.deepEqual(
      [row?.state, row?.attempts, row?.first_outbox_id, row?.finished_at_ms, row?.error],
      [state, 1, 7, NOON_MS + 1, null],
    );
    // What was given up keeps its words for whoever looks into it.
    assert.equal(row?.payload, state === "dead" ? "{}" : null);
  });
}

test("a message is known by its place and its id, whatever else comes with it", async () => {
  await using opened = await testStore();
  const { store } = opened;
  assert.notEqual(await store.write((tx) => insertInbox(tx, said)), null);
  assert.equal(await store.write((tx) => insertInbox(tx, { ...said, payload: '{"x":1}', key: "another" })), null);
  for (const about of [{ messageId: "2" }, { chatId: "d" }, { account: "second" }, { platform: "other" }])
    assert.notEqual(await store.write((tx) => insertInbox(tx, { ...said, ...about })), null);
});
