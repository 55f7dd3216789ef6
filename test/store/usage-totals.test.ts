import assert from "node:assert/strict";
import { test } from "node:test";
import { selectUsageTotals } from "../../src/store/usage-totals.ts";
import { dmSource, NOON_MS, testStore } from "../support/test-store.ts";

test("usage is added up over all sessions of a key, ended and deleted ones included, and of no other key", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 3, cacheWriteTokens: 4, costUsd: 0.5 };
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const { session: other } = await store.resolveSession(dmSource("2"), NOON_MS);
  const key = session.sessionKey;
  await store.recordUsage(session.sessionId, usage);
  await store.recordUsage(other.sessionId, usage);
  const second = await store.resetSession(key, "new", NOON_MS + 1);
  await store.recordUsage(second?.sessionId ?? "", usage);
  await store.deleteSession(second?.sessionId ?? "", NOON_MS + 2);
  const totals = { sessions: 2, inputTokens: 200, outputTokens: 40, cacheReadTokens: 6, cacheWriteTokens: 8 };
  assert.deepEqual(selectUsageTotals(store.reader, key), { ...totals, costUsd: 1, costKnown: true });
  await store.recordUsage(session.sessionId, { ...usage, costUsd: null });
  assert.equal(selectUsageTotals(store.reader, key).costKnown, false);
});

test("a key without sessions has used nothing", async () => {
  await using opened = await testStore();
  const nothing = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 };
  assert.deepEqual(selectUsageTotals(opened.store.reader, "k"), { sessions: 0, ...nothing, costKnown: true });
});
