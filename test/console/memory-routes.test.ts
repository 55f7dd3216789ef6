import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { z } from "zod";
import { archiveNow } from "../support/archive-now.ts";
import { summaryOf } from "../support/lifecycle-world.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { codeOf, read, wordsOf } from "./answers.ts";

/** A memory as the API shows it: nothing more, so that no number of the database slips in. */
const memory = z.strictObject({
  address: z.string().regex(/^[0-9a-f]{64}$/),
  scope: z.string(),
  content: z.string(),
  bucket: z.string(),
  state: z.string(),
  confidence: z.number(),
  reinforced: z.int(),
  toldExplicitly: z.boolean(),
  replaces: z.array(z.string()),
  saidBy: z.strictObject({ platform: z.string(), userId: z.string(), name: z.string().nullable() }).nullable(),
  source: z
    .strictObject({
      sessionId: z.string(),
      description: z.string().nullable(),
      fromSeq: z.int().nullable(),
      toSeq: z.int().nullable(),
    })
    .nullable(),
  validFromMs: z.int(),
  validToMs: z.int().nullable(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
});
const page = z.strictObject({ memories: z.array(memory), next: z.string().nullable() });
const some = z.strictObject({ memories: z.array(memory) });

/** Ann, Bob and the operator tell some things. */
async function withMemories(): Promise<TestGateway> {
  const daemon = await startTestGateway();
  const say = (userId: string, text: string, platform = "web") =>
    daemon.post("/api/messages?wait=10", { platform, chatId: `dm-${userId}`, userId, userName: "Ann", text });
  await say("ann", "hello");
  await say("ann", "/remember I like green tea");
  await say("ann", "/remember I live in Rome");
  await say("bob", "/remember I like black tea");
  await say("ann", "/remember I like jazz", "local");
  return daemon;
}

async function listed(daemon: TestGateway, query: string): Promise<readonly string[]> {
  const { memories } = await read(page, await daemon.request(`/api/memory${query}`));
  return memories.map(({ content }) => content);
}

describe("/api/memory", () => {
  test("lists the newest first, by scope, by words and page by page, with where it comes from", async () => {
    await using daemon = await withMemories();
    assert.deepEqual(await listed(daemon, ""), [
      "I like jazz",
      "I like black tea",
      "I live in Rome",
      "I like green tea",
    ]);
    assert.deepEqual(await listed(daemon, "?user=web:ann"), ["I live in Rome", "I like green tea"]);
    assert.deepEqual(await listed(daemon, "?user=web@default:ann&user=web:ann"), [
      "I live in Rome",
      "I like green tea",
    ]);
    assert.deepEqual(await listed(daemon, "?user=web@other:ann"), []);
    assert.deepEqual(await listed(daemon, "?scope=user:local:default:ann"), ["I like jazz"]);
    assert.deepEqual(await listed(daemon, "?q=TEA"), ["I like black tea", "I like green tea"]);
    assert.deepEqual(await listed(daemon, "?q=tea%20green"), ["I like green tea"]);
    assert.deepEqual(await listed(daemon, "?q=tea&user=web:bob"), ["I like black tea"]);
    assert.deepEqual(await listed(daemon, "?chat=web:dm-ann"), []);
    assert.deepEqual(await listed(daemon, "?q=...&limit=5"), []);
    const first = await read(page, await daemon.request("/api/memory?limit=3"));
    assert.deepEqual(await listed(daemon, `?limit=3&before=${first.next}`), ["I like green tea"]);
    const [one] = (await read(page, await daemon.request("/api/memory?q=Rome"))).memories;
    assert.equal(one?.source?.description, "DM with Ann");
    assert.deepEqual(one?.saidBy, { platform: "web", userId: "ann", name: null });
    const { scopes } = z
      .object({ scopes: z.array(z.object({ scope: z.string(), memories: z.int() })) })
      .parse(await (await daemon.request("/api/memory/scopes")).json());
    assert.deepEqual(scopes, [
      { scope: "user:local:default:ann", memories: 1 },
      { scope: "user:web:default:ann", memories: 2 },
      { scope: "user:web:default:bob", memories: 1 },
    ]);
  });

  test("one is corrected, and what it said is told as what was", async () => {
    await using daemon = await withMemories();
    const [rome] = (await read(page, await daemon.request("/api/memory?q=Rome"))).memories;
    const scope = rome?.scope;
    const corrected = await daemon.post("/api/memory", { scope, text: "I live in Oslo", replaces: rome?.address });
    assert.equal(corrected.status, 201);
    const oslo = await read(memory, corrected);
    assert.deepEqual(oslo.replaces, [rome?.address]);
    const asOf = async (atMs: number) => (await listed(daemon, `?scope=${scope}&asOfMs=${atMs}`)).toSorted();
    assert.deepEqual(await asOf((rome?.validFromMs ?? 0) - 60_000), [], "before anything was told");
    assert.ok((await asOf(Date.now() + 60_000)).includes("I live in Oslo"));
    assert.ok(!(await asOf(Date.now() + 60_000)).includes("I live in Rome"));
    assert.equal((await daemon.request("/api/memory?asOfMs=1")).status, 400, "of everybody at once it is not told");
    assert.deepEqual(await listed(daemon, "?user=web:ann"), ["I live in Oslo", "I like green tea"]);
    assert.deepEqual(await listed(daemon, "?user=web:ann&state=superseded"), ["I live in Rome"]);
    const again = await daemon.post("/api/memory", { scope, text: "I live in Bern", replaces: rome?.address });
    assert.equal(again.status, 404);
    const secret = await daemon.post("/api/memory", { scope, text: "my password is hunter2-Xy77!" });
    assert.equal(secret.status, 422);
    assert.equal(await codeOf(secret.clone()), "refused_secret");
    assert.match(await wordsOf(secret), /looks like a secret/);
  });

  test("one is forgotten by its address, in a scope or in all", async () => {
    await using daemon = await withMemories();
    const scope = "user:web:default:bob";
    await daemon.post("/api/memory", { scope, text: "I live in Rome" });
    const [rome] = (await read(page, await daemon.request("/api/memory?q=Rome"))).memories;
    const path = `/api/memory/${rome?.address.slice(0, 12)}`;
    assert.equal((await read(some, await daemon.request(path))).memories.length, 2);
    const there = await daemon.request(`${path}?scope=${scope}`, { method: "DELETE" });
    assert.deepEqual(await there.json(), { forgotten: 1 });
    assert.equal((await daemon.request(`${path}?scope=${scope}`)).status, 404);
    assert.deepEqual(await listed(daemon, "?user=web:ann"), ["I live in Rome", "I like green tea"]);
    assert.deepEqual(await (await daemon.request(path, { method: "DELETE" })).json(), { forgotten: 1 });
    assert.equal((await daemon.request(path, { method: "DELETE" })).status, 404);
  });

  test("a person is forgotten across scopes, and nobody else", async () => {
    await using daemon = await withMemories();
    const report = await daemon.request("/api/memory?user=web:ann", { method: "DELETE" });
    assert.deepEqual(await report.json(), {
      total: 2,
      byScope: { "user:web:default:ann": 2 },
      byState: { active: 2 },
      stays: { conversations: 1, summedUp: 0 },
    });
    assert.deepEqual(await listed(daemon, ""), ["I like jazz", "I like black tea"]);
    const session = daemon.store.listSessions({ platform: "web", chatId: "dm-bob" }).sessions[0]?.sessionId;
    assert.equal(session, undefined);
    assert.deepEqual(await (await daemon.request("/api/memory?agent=main", { method: "DELETE" })).json(), {
      total: 0,
      byScope: {},
      byState: {},
      stays: { conversations: 0, summedUp: 0 },
    });
  });

  for (const [method, path, words] of [
    ["GET", "?user=ann", /^user: expected platform:id/],
    ["GET", "?scope=user:web", /^scope: expected user:PLATFORM/],
    ["GET", "?state=forgotten", /^state: expected one of active/],
    ["GET", "?limit=201", /^limit: expected/],
    ["GET", "?colour=red", /colour/],
    ["DELETE", "", /whose memory to erase/],
    ["DELETE", "?chat=%20", /^chat: expected/],
  ] as const) {
    test(`${method} /api/memory${path} is refused with what is expected`, async () => {
      await using daemon = await startTestGateway();
      const response = await daemon.request(`/api/memory${path}`, { method });
      assert.equal(response.status, 400);
      assert.match(await wordsOf(response), words);
    });
  }

  test("what cannot be an address is not found", async () => {
    await using daemon = await startTestGateway();
    for (const addr of ["abc", "..%2f", "%00", "g".repeat(12)]) {
      assert.equal((await daemon.request(`/api/memory/${addr}`)).status, 404);
      assert.equal((await daemon.request(`/api/memory/${addr}`, { method: "DELETE" })).status, 404);
    }
  });
});

test("the archives of a session are shown with the lines they stand for", async () => {
  await using daemon = await startTestGateway();
  for (let count = 0; count < 8; count += 1)
    await daemon.post("/api/messages?wait=10", { chatId: "c", userId: "u", text: `line ${count}` });
  const sessionId = daemon.store.liveSession("agent:main:web:dm:c")?.sessionId ?? "";
  const path = `/api/sessions/${sessionId}/archives`;
  assert.deepEqual(await (await daemon.request(path)).json(), { sessionId, archives: [] });
  await archiveNow(daemon.store, sessionId, summaryOf("They counted lines."));
  const archive = z.object({ fromSeq: z.int(), toSeq: z.int(), overview: z.string(), mergedInto: z.null() });
  const { archives } = z
    .object({ archives: z.array(archive) })
    .parse(await (await daemon.request(`${path}?merged=true`)).json());
  assert.equal(archives[0]?.fromSeq, 1);
  assert.match(archives[0]?.overview ?? "", /^They counted/);
  assert.equal((await daemon.request(`${path}?merged=yes`)).status, 400);
  assert.equal((await daemon.request("/api/sessions/20260101_000000_00000000/archives")).status, 404);
});
