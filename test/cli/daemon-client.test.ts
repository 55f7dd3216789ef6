import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { daemonClient } from "../../src/cli/daemon-client.ts";
import { bodyOf } from "../../src/cli/running-daemon.ts";

/** A server on a free port that answers like this. */
async function served(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test("a request carries the token and a JSON body, and its answer is read", async () => {
  const seen: unknown[] = [];
  await using server = await served((request, response) => {
    request.setEncoding("utf8").on("data", (body) => {
      const { authorization, "content-type": type } = request.headers;
      seen.push([request.method, request.url, authorization, type, JSON.parse(body)]);
      response.writeHead(202).end('{"outboxId":3}');
    });
  });
  const answer = await daemonClient(server.url, "hush").request("POST", "/api/send?x=1", { body: { text: "hi" } });
  assert.deepEqual(answer, { kind: "ok", status: 202, body: { outboxId: 3 } });
  assert.deepEqual(seen, [["POST", "/api/send?x=1", "Bearer hush", "application/json", { text: "hi" }]]);
});

test("a refusal is told in the daemon's words, or by its status when it has none", async () => {
  await using server = await served((request, response) => {
    if (request.url === "/words")
      response.writeHead(409).end('{"error":{"code":"not_live","message":"It has ended."}}');
    else response.writeHead(request.url === "/token" ? 401 : 502).end("<html>");
  });
  const client = daemonClient(server.url, null);
  const words = await client.request("GET", "/words");
  assert.deepEqual(words, { kind: "refused", status: 409, code: "not_live", message: "It has ended." });
  assert.throws(() => bodyOf(words), /^CommandFailure: the running daemon refused: It has ended\.$/);
  const token = await client.request("GET", "/token");
  assert.throws(() => bodyOf(token), /wants another token: expected the console\.token/);
  const other = await client.request("GET", "/other");
  assert.throws(() => bodyOf(other), /HTTP status 502/);
});

test("nobody there, silence and an interruption are told apart from a refusal", async () => {
  await using silent = await served(() => {});
  const gone = await served(() => {});
  await gone[Symbol.asyncDispose]();
  const refused = await daemonClient(gone.url, null).request("GET", "/");
  assert.deepEqual(refused, { kind: "unreached", why: "ECONNREFUSED" });
  const late = await daemonClient(silent.url, null).request("GET", "/", { timeoutMs: 20 });
  assert.deepEqual(late, { kind: "unreached", why: "no answer within 20 ms" });
  const leaving = AbortSignal.abort();
  assert.equal((await daemonClient(silent.url, null).request("GET", "/", { signal: leaving })).kind, "unreached");
  assert.throws(() => bodyOf(refused), /did not answer: ECONNREFUSED/);
});
