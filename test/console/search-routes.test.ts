import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "../support/test-gateway.ts";
import { hitPage, read, replied } from "./answers.ts";

test("a search finds the newest lines first, page by page, in one session or in all", async () => {
  await using daemon = await startTestGateway();
  const say = async (chatId: string, text: string) =>
    await read(replied, await daemon.post("/api/messages?wait=10", { chatId, userId: "u", text }));
  const { sessionId } = await say("a", "a walrus");
  await say("a", "another walrus");
  await say("b", "a third walrus");

  const first = await read(hitPage, await daemon.request("/api/search?q=walrus&limit=4"));
  assert.equal(first.hits.length, 4);
  assert.match(first.hits[0]?.snippet ?? "", /third walrus/);
  const rest = await read(hitPage, await daemon.request(`/api/search?q=walrus&limit=4&before=${first.next}`));
  assert.equal(rest.hits.length, 2);
  assert.equal(rest.next, null);

  const inside = await read(hitPage, await daemon.request(`/api/search?q=walr&sessionId=${sessionId}`));
  assert.deepEqual([...new Set(inside.hits.map((hit) => hit.sessionId))], [sessionId]);
  assert.equal(inside.hits.length, 4);
  const elsewhere = await read(hitPage, await daemon.request("/api/search?q=walrus&platform=local"));
  assert.deepEqual(elsewhere.hits, []);
});

for (const query of ["", "q=", `q=${"x".repeat(501)}`, "q=x&limit=101", "q=x&before=-1", "q=x&scope=all"]) {
  test(`the search ${query.slice(0, 20)} is refused`, async () => {
    await using daemon = await startTestGateway();
    assert.equal((await daemon.request(`/api/search?${query}`)).status, 400);
  });
}

for (const text of ['"', "NEAR(", "a* OR b", "text:x", "'; DROP TABLE messages; --", "%"]) {
  test(`the search for ${text} is a search for words`, async () => {
    await using daemon = await startTestGateway();
    const response = await daemon.request(`/api/search?q=${encodeURIComponent(text)}`);
    assert.deepEqual(await response.json(), { hits: [], next: null });
  });
}
