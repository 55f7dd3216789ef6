import assert from "node:assert/strict";
import { test } from "node:test";
import { openClient } from "../../../adapters/telegram/client.ts";
import { openConnection } from "../../../adapters/telegram/connection.ts";
import { pollUpdates } from "../../../adapters/telegram/poll-updates.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { NOON_MS } from "../../support/test-store.ts";

test("an answer that is ready two turns of the event loop after its message leaves before the next poll", async () => {
  const client = openClient({ token: "1:test", apiRoot: "http://127.0.0.1:9", clock: systemClock });
  const ending = new AbortController();
  const order: string[] = [];
  client.pollApi.config.use(async () => {
    order.push("poll");
    if (order.length > 1) ending.abort();
    // grammy's types ask for the result of whichever method is called.
    return { ok: true, result: [{ update_id: 7 }] as never };
  });
  const clock = fakeClock(NOON_MS);
  await pollUpdates({
    client,
    clock,
    connection: openConnection(clock, { connected() {}, disconnected() {}, warning() {}, ignored() {} }),
    detail: "test",
    take: async () => {
      setImmediate(() => setImmediate(() => order.push("answer")));
      return 8;
    },
    signal: ending.signal,
  });
  client.close();
  // The last poll only confirms.
  assert.deepEqual(order, ["poll", "answer", "poll", "poll"]);
});
