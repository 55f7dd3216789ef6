import assert from "node:assert/strict";
import { test } from "node:test";
import { openSlackWorld } from "../support/slack-world.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const BIG = "x".repeat(30_000);

test("what is said on Slack while the disk is full is taken in the order in which it was said, once there is room", async () => {
  await using world = await openSlackWorld(1);
  const warnings: string[] = [];
  const events = {
    connected() {},
    disconnected() {},
    ignored() {},
    warning: (detail: string) => void warnings.push(detail),
  };
  const adapter = world.openAdapter({ events });
  await using daemon = await startTestGateway({ adapters: [adapter] });
  await until("it is connected", () => world.isConnected());
  const { reader } = daemon.store;
  const [row] = rowsOf(reader, "PRAGMA page_count");
  rowsOf(reader, `PRAGMA max_page_count = ${Number(row?.page_count) + 4}`);

  const first = world.say(world.dm(1), BIG);
  await until("it did not fit", () => warnings.length > 0);
  const others = ["two", "three"].map((text) => world.say(world.dm(1), text));
  world.say(world.dm(2), "beside");
  await until("another chat is answered, for which there is room", () => world.posts().length === 1);
  await until("the rest of this one waits, though it would fit", () => world.unconfirmed() === 3);

  rowsOf(reader, "PRAGMA max_page_count = 100000");
  await until("all are confirmed to", () => world.unconfirmed() === 0);
  const taken = rowsOf(reader, "SELECT message_id FROM inbox WHERE chat_id = 'D00000001' ORDER BY id");
  assert.deepEqual(
    taken.map((each) => each.message_id),
    [first, ...others].map(({ messageId }) => messageId),
  );
});
