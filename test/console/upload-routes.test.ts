import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { until } from "../support/until.ts";
import { codeOf, read } from "./answers.ts";

const uploaded = z.strictObject({
  kind: z.string(),
  mimeType: z.string(),
  sizeBytes: z.int(),
  name: z.string(),
  reference: z.string(),
});
const TEXT = "a,b\n1,2\n";
/** The test daemon's limit. */
const MAX_BYTES = 1024 * 1024;

const upload = async (
  daemon: TestGateway,
  body: string | Uint8Array<ArrayBuffer>,
  query = "?name=t.csv&type=text/csv",
  headers = {},
) =>
  await daemon.request(`/api/uploads${query}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", ...headers },
    body,
  });

test("an uploaded file goes to the agent with the message that names it, also one without words", async () => {
  const agent = scriptedAgent();
  await using daemon = await startTestGateway({ agent });
  const response = await upload(daemon, TEXT);
  assert.equal(response.status, 201);
  const file = await read(uploaded, response);
  assert.deepEqual([file.kind, file.mimeType, file.sizeBytes, file.name], ["file", "text/csv", 8, "t.csv"]);
  const sent = await daemon.post("/api/messages", { chatId: "c", userId: "u", text: "", attachments: [file] });
  assert.equal(sent.status, 202);
  await until("the turn runs", () => agent.running.length === 1);
  const [attachment] = agent.running[0]?.request.message.attachments ?? [];
  assert.equal(attachment?.name, "t.csv");
  assert.equal(readFileSync(attachment?.path ?? "", "utf8"), TEXT);
  agent.running[0]?.answer("thanks");
});

test("a file above the limit is refused, whether it says so or not, and leaves nothing", async () => {
  await using daemon = await startTestGateway();
  const large = new Uint8Array(MAX_BYTES + 1);
  const declared = await upload(daemon, large, "", { "content-length": String(large.length) });
  assert.deepEqual([declared.status, await codeOf(declared)], [413, "too_large"]);
  const counted = await upload(daemon, large);
  assert.deepEqual([counted.status, await codeOf(counted)], [413, "too_large"]);
  const left = readdirSync(join(daemon.dataDir, "media"), { recursive: true, withFileTypes: true });
  assert.deepEqual(
    left.filter((entry) => entry.isFile()),
    [],
  );
});

test("a form of a foreign page cannot upload, nor anybody without the token", async () => {
  await using daemon = await startTestGateway({ token: "open sesame 123" });
  for (const type of ["text/plain", "multipart/form-data; boundary=x", "application/json"]) {
    assert.equal((await upload(daemon, TEXT, "", { "content-type": type })).status, 415);
  }
  assert.equal((await upload(daemon, TEXT)).status, 401);
});

const file = {
  kind: "file",
  mimeType: "text/csv",
  sizeBytes: 1,
  name: "a",
  reference: "2026-07/in-0123456789abcdef.csv",
};
for (const [what, body] of [
  ["neither words nor files", { text: " ", attachments: [] }],
  ["a path instead of a reference", { text: "x", attachments: [{ ...file, reference: "../../etc/passwd" }] }],
  ["more files than are taken", { text: "x", attachments: Array.from({ length: 11 }, () => file) }],
] as const) {
  test(`a message with ${what} is refused`, async () => {
    await using daemon = await startTestGateway();
    assert.equal((await daemon.post("/api/messages", { chatId: "c", userId: "u", ...body })).status, 400);
  });
}
