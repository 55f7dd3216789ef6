import assert from "node:assert/strict";
import { test } from "node:test";
import { retryDead } from "../../src/gateway/retry-dead.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { type Lane, selectDeadOutbox, selectLaneHead } from "../../src/store/outbox.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { until } from "../support/until.ts";

const lane = { platform: "memory", account: "default", chatId: "c", threadId: null };

test("a dead post waits again, and its lane is told; any other post is left as it is", async () => {
  await using bare = await bareGateway();
  bare.adapter.beforePost = () => {
    throw new DeliveryError("forbidden", "the bot was removed", { certain: true });
  };
  const { store } = bare;
  const first = await bare.gateway.send(lane, "first");
  const second = await bare.gateway.send(lane, "second");
  await until("both are dead", () => selectDeadOutbox(store.reader, second + 1, 10).length === 2);

  const told: Lane[] = [];
  const gateway = { store, clock: { nowMs: () => 5 }, delivery: { notify: (one: Lane) => void told.push(one) } };
  assert.equal(await retryDead(gateway, first), true);
  assert.deepEqual(told, [lane]);
  const head = selectLaneHead(store.reader, lane);
  assert.deepEqual([head?.id, head?.attempts, head?.next_attempt_at_ms], [first, 0, 5]);
  assert.equal(await retryDead(gateway, first), false);
  assert.equal(await retryDead(gateway, second + 1), false);
  assert.equal(told.length, 1);
});
