import assert from "node:assert/strict";
import { test } from "node:test";
import { sweep } from "../../src/gateway/housekeeping.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const DAY_MS = 24 * 3_600_000;
/** More than are looked at in one transaction. */
const GIVEN_UP = 520;

test("rows that were given up stay, however many, and don't keep what is behind them from being forgotten", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ clock, adapter });
  adapter.beforePost = ({ chatId }) => {
    if (chatId.startsWith("blocked")) throw new DeliveryError("forbidden", "bot was blocked", { certain: true });
  };
  await Promise.all(Array.from({ length: GIVEN_UP }, (_, n) => bare.say(`blocked${n}`, "/whoami")));
  await until("they are given up", async () => {
    await clock.advance(0);
    return bare.store.stats().outbox.dead === GIVEN_UP;
  });
  for (let n = 0; n < 5; n++) await bare.say("c", "/whoami");
  await until("the others are answered", async () => {
    await clock.advance(0);
    return adapter.textsIn("c").length === 5;
  });
  await clock.advance(0);
  await sweep(bare.store, clock.nowMs() + 8 * DAY_MS);
  const left = rowsOf(bare.store.reader, "SELECT state, count(*) AS n FROM outbox GROUP BY state ORDER BY state");
  // The last number stays in use.
  assert.deepEqual(left, [
    { state: "dead", n: GIVEN_UP },
    { state: "sent", n: 1 },
  ]);
  assert.deepEqual(rowsOf(bare.store.reader, "SELECT id FROM inbox"), []);
});
