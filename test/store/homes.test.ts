import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChosenHome, putHome, selectHome } from "../../src/store/homes.ts";
import { testStore } from "../support/test-store.ts";

test("a platform's home is what was chosen last, and nothing after it is taken back", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const place: ChosenHome = { kind: "place", account: "work", chatId: "c", threadId: "t", name: 'O"ps' };
  assert.equal(selectHome(store.reader, "slack"), null);
  for (const chosen of [place, { kind: "off" }, null, { ...place, threadId: null, name: null }] as const) {
    await store.write((tx) => putHome(tx, "slack", chosen));
    assert.deepEqual(selectHome(store.reader, "slack"), chosen);
  }
  assert.equal(selectHome(store.reader, "telegram"), null, "of that platform alone");
});
