import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { requestPairing } from "../../src/access/pairing.ts";
import { isPaired } from "../../src/store/pairings.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { until } from "../support/until.ts";
import { codeOf, read, wordsOf } from "./answers.ts";

const person = { platform: z.string(), userId: z.string(), userName: z.string().nullable() };
const place = { account: z.string(), chatId: z.string() };
const decided = z.strictObject({ ...person, ...place });
const pairings = z.strictObject({
  pending: z.array(z.strictObject({ ...person, ...place, requestedAtMs: z.int(), expiresAtMs: z.int() })),
  approved: z.array(z.strictObject({ ...person, ...place, decidedAtMs: z.int(), decidedBy: z.string() })),
});
const ann = { platform: "memory", userId: "42", userName: "Ann", account: "default", chatId: "c42" };

async function asked(daemon: TestGateway, nowMs: number, about: Partial<typeof ann> = {}): Promise<string> {
  const answer = await daemon.store.write((tx) => requestPairing(tx, { ...ann, ...about, nowMs }));
  assert.ok(answer.kind === "code");
  return answer.code;
}

test("who waits is listed, approved by code, told so, and listed as let in", async () => {
  const clock = fakeClock(1_000);
  const adapter = memoryAdapter();
  await using daemon = await startTestGateway({ adapters: [adapter], clock });
  const code = await asked(daemon, 1_000);
  const before = await read(pairings, await daemon.request("/api/pairings"));
  assert.deepEqual(before, {
    pending: [{ ...ann, requestedAtMs: 1_000, expiresAtMs: 3_601_000 }],
    approved: [],
  });

  const response = await daemon.post("/api/pairings/approve", { code: code.toLowerCase() });
  assert.equal(response.status, 200);
  assert.deepEqual(await read(decided, response), ann);
  const after = await read(pairings, await daemon.request("/api/pairings"));
  assert.deepEqual(after, { pending: [], approved: [{ ...ann, decidedAtMs: 1_000, decidedBy: "operator" }] });
  await until("the person is told", () => adapter.posts.length > 0);
  assert.deepEqual(
    adapter.posts.map(({ chatId, threadId, text }) => [chatId, threadId, text.slice(0, 22)]),
    [["c42", null, "You are connected now."]],
  );
});

test("a person is approved, denied and revoked by id", async () => {
  await using daemon = await startTestGateway();
  const nowMs = Date.now();
  const [one, two] = [
    { platform: "web", userId: "1" },
    { platform: "web", userId: "2" },
  ];
  for (const who of [one, two]) await asked(daemon, nowMs, who);
  assert.equal((await daemon.post("/api/pairings/approve", one)).status, 200);
  assert.equal((await daemon.post("/api/pairings/deny", two)).status, 200);
  assert.deepEqual((await read(pairings, await daemon.request("/api/pairings"))).pending, []);
  assert.equal(isPaired(daemon.store.reader, one), true);
  assert.equal(isPaired(daemon.store.reader, two), false);

  const revoked = await daemon.post("/api/pairings/revoke", one);
  assert.deepEqual(await read(decided, revoked), { ...ann, ...one });
  assert.equal(isPaired(daemon.store.reader, one), false);
  const again = await daemon.post("/api/pairings/revoke", one);
  assert.deepEqual([again.status, await codeOf(again)], [404, "not_found"]);
  const unknown = await daemon.post("/api/pairings/approve", one);
  assert.deepEqual([unknown.status, await codeOf(unknown)], [404, "not_found"]);
  const metrics = await (await daemon.request("/metrics")).text();
  const counted = metrics.split("\n").filter((line) => line.startsWith("parley_pairings_total{"));
  assert.deepEqual(counted.toSorted(), [
    'parley_pairings_total{outcome="approved"} 1',
    'parley_pairings_total{outcome="denied"} 1',
    'parley_pairings_total{outcome="revoked"} 1',
  ]);
});

test("the fifth wrong code locks codes for an hour, and says for how long", async () => {
  const clock = fakeClock(1_000);
  await using daemon = await startTestGateway({ clock });
  for (let count = 0; count < 5; count += 1) {
    const wrong = await daemon.post("/api/pairings/deny", { code: "XXXXXXXX" });
    assert.deepEqual([wrong.status, await codeOf(wrong)], [404, "wrong_code"]);
  }
  await clock.advance(600_000);
  const locked = await daemon.post("/api/pairings/approve", { code: "XXXXXXXX" });
  assert.deepEqual([locked.status, locked.headers.get("retry-after")], [429, "3000"]);
  assert.match(await wordsOf(locked), /taken again in 50 minutes/);
});

for (const [path, body] of [
  ["approve", {}],
  ["approve", { code: 5 }],
  ["approve", { code: "X".repeat(65) }],
  ["approve", { platform: "web" }],
  ["approve", { platform: "Web!", userId: "1" }],
  ["approve", { code: "XXXXXXXX", platform: "web", userId: "1" }],
  ["deny", { kode: "XXXXXXXX" }],
  ["revoke", { code: "XXXXXXXX" }],
  ["revoke", { platform: "web", userId: "" }],
] as const) {
  test(`${path} refuses ${JSON.stringify(body).slice(0, 60)}`, async () => {
    await using daemon = await startTestGateway();
    const response = await daemon.post(`/api/pairings/${path}`, body);
    assert.deepEqual([response.status, await codeOf(response)], [400, "invalid_request"]);
  });
}

test("without the token nobody sees or decides anything", async () => {
  await using daemon = await startTestGateway({ token: "hush" });
  assert.equal((await daemon.request("/api/pairings")).status, 401);
  assert.equal((await daemon.post("/api/pairings/approve", { code: "XXXXXXXX" })).status, 401);
});
