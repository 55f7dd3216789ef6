import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { startTestGateway } from "../support/test-gateway.ts";

/** Sends a body in chunks, without saying its length, over a real connection; resolves with the answer's status. */
function sendChunked(url: string, chunks: Iterable<string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: "POST", headers: { "content-type": "application/json" } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on("error", reject);
    for (const chunk of chunks) call.write(chunk);
    call.end();
  });
}

function* longText(chunks: number): Iterable<string> {
  yield '{"chatId":"c","userId":"u","text":"';
  for (let n = 0; n < chunks; n++) yield "x".repeat(1024);
  yield '"}';
}

test("a body in chunks is read, and one that grows beyond any message is refused", async () => {
  await using daemon = await startTestGateway();
  assert.equal(await sendChunked(`${daemon.url}/api/messages`, longText(2)), 202);
  assert.equal(await sendChunked(`${daemon.url}/api/messages`, longText(100)), 413);
});

test("a request without a body needs none", async () => {
  await using daemon = await startTestGateway();
  await daemon.post("/api/messages?wait=10", { chatId: "c", userId: "u", text: "hello" });
  const [session] = daemon.store.listSessions({}).sessions;
  const response = await fetch(`${daemon.url}/api/sessions/${session?.sessionId}`, { method: "DELETE" });
  assert.equal(response.status, 204);
});
