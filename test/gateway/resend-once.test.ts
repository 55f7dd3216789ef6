import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { selectDeadOutbox } from "../../src/store/outbox.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const start = Date.UTC(2026, 0, 1);

for (const kind of ["unreachable", "rate_limited"] as const) {
  test(`a second sending that certainly did not arrive (${kind}) was none: it is made once the platform takes it`, async () => {
    const clock = fakeClock(start);
    const adapter = memoryAdapter();
    await using bare = await bareGateway({ clock, adapter });
    let tries = 0;
    const send = adapter.send.bind(adapter);
    adapter.send = async (message) => {
      tries += 1;
      if (tries > 1 && tries < 5) throw new DeliveryError(kind, "not now", { certain: true });
      const postId = await send(message);
      if (tries === 1) throw new DeliveryError("unreachable", "no answer", { certain: false });
      return postId;
    };
    await bare.say("c", "/whoami");
    for (let minute = 0; minute < 20; minute++) await clock.advance(60_000);
    await until("it is noted as sent", () => bare.store.stats().outbox.pending === 0);
    assert.deepEqual([tries, adapter.posts.length, bare.store.stats().outbox.dead], [5, 2, 0]);
  });
}

test("a second sending that ends in doubt after some that did not arrive is the last", async () => {
  const clock = fakeClock(start);
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ clock, adapter });
  const outcomes = [false, true, true, false];
  const send = adapter.send.bind(adapter);
  adapter.send = async (message) => {
    const certain = outcomes.shift() ?? false;
    if (!certain) await send(message);
    throw new DeliveryError("unreachable", "no answer", { certain });
  };
  await bare.say("c", "/whoami");
  for (let minute = 0; minute < 20; minute++) await clock.advance(60_000);
  await until("it is given up", () => bare.store.stats().outbox.dead === 1);
  assert.equal(adapter.posts.length, 2);
});

test("processes that die before the second sending leave it to the next one, however many they are", async () => {
  using folder = tempDir();
  await dies(folder.path, 1, "while it is sent");
  for (const life of [2, 3]) await dies(folder.path, life, "while it connects");
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ dataDir: join(folder.path, "3"), adapter });
  await until("it is sent", () => bare.store.stats().outbox.pending === 0);
  assert.deepEqual([adapter.posts.length, bare.store.stats().outbox.dead], [1, 0]);
});

test("a process that dies during the second sending has made it: nobody can say more, and there is no third", async () => {
  using folder = tempDir();
  for (const life of [1, 2]) await dies(folder.path, life, "while it is sent");
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ dataDir: join(folder.path, "2"), adapter });
  await until("it is given up", () => bare.store.stats().outbox.dead === 1);
  assert.equal(adapter.posts.length, 0);
  assert.match(selectDeadOutbox(bare.store.reader, 99, 1)[0]?.error ?? "", /^in doubt/);
});

/** One life of a daemon with one post to send, from the data of the life before; `folder/life` is what a kill at this moment leaves. */
async function dies(folder: string, life: number, when: "while it connects" | "while it is sent"): Promise<void> {
  const dataDir = join(folder, `living-${life}`);
  if (life > 1) cpSync(join(folder, String(life - 1)), dataDir, { recursive: true });
  const isThere = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<void>();
  const wait = async () => {
    isThere.resolve();
    await goesOn.promise;
  };
  const adapter = memoryAdapter(when === "while it connects" ? { start: wait } : {});
  if (when === "while it is sent") adapter.beforePost = wait;
  const opening = bareGateway({ dataDir, adapter });
  if (life === 1) await (await opening).say("c", "/whoami");
  await isThere.promise;
  cpSync(dataDir, join(folder, String(life)), { recursive: true });
  goesOn.resolve();
  await (await opening).shutDown();
}
