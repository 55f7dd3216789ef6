import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_PARSED_LENGTH } from "../../src/message/markdown.ts";
import { startTestGateway } from "../support/test-gateway.ts";

test("texts of markdown are answered with their trees, in order", async () => {
  await using daemon = await startTestGateway();
  const response = await daemon.post("/api/markdown", { texts: ["**a**", "b"] });
  assert.deepEqual(await response.json(), {
    trees: [
      [{ kind: "paragraph", children: [{ kind: "strong", children: ["a"] }] }],
      [{ kind: "paragraph", children: ["b"] }],
    ],
  });
});

const half = "x".repeat(MAX_PARSED_LENGTH / 2 + 1);
for (const [what, body] of [
  ["more than is parsed at once", { texts: [half, half] }],
  ["more texts than a page has", { texts: Array.from({ length: 101 }, () => "a") }],
  ["something that is no text", { texts: [1] }],
  ["nothing", {}],
] as const) {
  test(`${what} is refused`, async () => {
    await using daemon = await startTestGateway();
    assert.equal((await daemon.post("/api/markdown", body)).status, 400);
  });
}

test("where a token is set, nobody has texts parsed without it", async () => {
  await using daemon = await startTestGateway({ token: "open sesame 123" });
  assert.equal((await daemon.post("/api/markdown", { texts: ["a"] })).status, 401);
});
