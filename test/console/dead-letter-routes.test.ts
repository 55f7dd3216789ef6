import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { markDeliveryFailed } from "../../src/store/hook-deliveries.ts";
import { writeEvent } from "../../src/store/lifecycle-events.ts";
import { putLifecycleRules } from "../../src/store/lifecycle-rules.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { until } from "../support/until.ts";
import { codeOf, read } from "./answers.ts";

const deadLetters = z.strictObject({
  hooks: z.strictObject({
    rows: z.array(z.looseObject({ eventId: z.int(), hook: z.string(), kind: z.string(), error: z.string() })),
  }),
  inbox: z.strictObject({ rows: z.array(z.unknown()), next: z.int().nullable() }),
  outbox: z.strictObject({
    rows: z.array(z.looseObject({ outboxId: z.int(), text: z.string(), error: z.string(), attempts: z.int() })),
    next: z.int().nullable(),
  }),
});

test("posts that were given up are shown and tried again", async () => {
  const adapter = memoryAdapter();
  adapter.beforePost = () => {
    throw new DeliveryError("forbidden", "the bot was removed", { certain: true });
  };
  await using daemon = await startTestGateway({ adapters: [adapter] });
  for (const text of ["first", "second"]) await daemon.post("/api/send", { platform: "memory", chatId: "c", text });
  const dead = async (query = "") => await read(deadLetters, await daemon.request(`/api/dead-letters${query}`));
  await until("both are dead", async () => (await dead()).outbox.rows.length === 2);

  const { inbox, outbox } = await dead("?limit=1");
  assert.deepEqual(inbox, { rows: [], next: null });
  assert.equal(outbox.rows[0]?.text, "second");
  assert.equal(outbox.rows[0]?.error, "forbidden: the bot was removed");
  const older = await dead(`?limit=1&outboxBefore=${outbox.next}`);
  assert.equal(older.outbox.rows[0]?.text, "first");

  const retried: number[] = [];
  const retryDead = async (outboxId: number) => {
    retried.push(outboxId);
    return true;
  };
  const id = older.outbox.rows[0]?.outboxId;
  const client = daemon.with({ gateway: { ...daemon.gateway, retryDead } });
  const response = await client.post(`/api/dead-letters/outbox/${id}/retry`, {});
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { outboxId: id });
  assert.deepEqual(retried, [id]);
});

test("what is not dead is not tried again", async () => {
  await using daemon = await startTestGateway();
  await daemon.post("/api/send", { platform: "web", chatId: "c", text: "sent" });
  for (const id of ["1", "2", "x", "99999999999999999999"]) {
    const response = await daemon.post(`/api/dead-letters/outbox/${id}/retry`, {});
    assert.equal(response.status, 404, id);
    assert.equal(await codeOf(response), "not_found");
  }
});

test("an event that a hook did not take is shown and told again", async () => {
  await using daemon = await startTestGateway();
  const { store } = daemon;
  const hooks = [{ name: "crm", kinds: ["session.created" as const] }];
  await store.write((tx) => {
    putLifecycleRules(tx, { retentionMs: null, hooks });
    const about = { sessionId: "s", sessionKey: "k", data: {}, atMs: 1 };
    writeEvent(tx, { kind: "session.created", ...about });
  });
  for (let attempts = 0; attempts < 6; attempts++)
    await store.write((tx) => markDeliveryFailed(tx, { eventId: 1, hook: "crm", attempts }, 1, "HTTP 500"));
  const dead = async () => (await read(deadLetters, await daemon.request("/api/dead-letters"))).hooks.rows;
  assert.deepEqual(
    (await dead()).map(({ eventId, hook, error }) => [eventId, hook, error]),
    [[1, "crm", "HTTP 500"]],
  );
  assert.equal((await daemon.post("/api/dead-letters/hooks/1/other/retry", {})).status, 404);
  assert.equal((await daemon.post("/api/dead-letters/hooks/1/crm/retry", {})).status, 202);
  assert.deepEqual(await dead(), []);
});
