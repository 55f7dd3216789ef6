import assert from "node:assert/strict";
import { test } from "node:test";
import { dmSource, NOON_MS, testStore } from "../support/test-store.ts";

const turn = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 1_000, cacheWriteTokens: 50, costUsd: 0.25 };

test("usage adds up, the last prompt is the last turn's, and one unknown price makes the cost a lower bound", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  assert.deepEqual(session.usage, {
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 0,
    costKnown: true,
    lastPromptTokens: 0,
  });
  await Promise.all([store.recordUsage(session.sessionId, turn), store.recordUsage(session.sessionId, turn)]);
  const twice = store.session(session.sessionId)?.usage;
  assert.deepEqual(twice, {
    inputTokens: 200,
    outputTokens: 40,
    cacheReadTokens: 2_000,
    cacheWriteTokens: 100,
    costUsd: 0.5,
    costKnown: true,
    lastPromptTokens: 1_150,
  });
  await store.recordUsage(session.sessionId, { ...turn, inputTokens: 1, costUsd: null });
  await store.recordUsage(session.sessionId, { ...turn, inputTokens: 2 });
  const after = store.session(session.sessionId)?.usage;
  assert.deepEqual(
    { costUsd: after?.costUsd, costKnown: after?.costKnown, last: after?.lastPromptTokens, input: after?.inputTokens },
    { costUsd: 0.75, costKnown: false, last: 1_052, input: 203 },
  );
});
