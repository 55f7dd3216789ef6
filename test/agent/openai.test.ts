import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { openaiAgent, openaiBody } from "../../src/agent/openai.ts";
import { startModelServer } from "../fake/model/model-server.ts";
import { KEY, modelOptions, runTurn } from "./model-turn.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("OpenAI itself is asked for max_completion_tokens, all others for max_tokens", () => {
  const body = { model: "m", max_tokens: 5 };
  assert.deepEqual(openaiBody("https://api.openai.com/v1", body), { model: "m", max_completion_tokens: 5 });
  assert.deepEqual(openaiBody("http://127.0.0.1:11434/v1", body), body);
  assert.deepEqual(openaiBody("https://api.openai.com/v1", { model: "m" }), { model: "m" });
});

test("bytes that are no UTF-8 become replacement characters, and a character in two pieces is whole", async () => {
  const before = bytes('data: {"choices":[{"index":0,"delta":{"content":"a');
  const after = bytes('b"}}]}\n\n');
  const rest = bytes('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
  const e = bytes("é");
  await using server = await startModelServer({
    kind: "bytes",
    chunks: [before, Uint8Array.of(0xff, 0xfe), e.subarray(0, 1), e.subarray(1), after, rest],
  });
  const { text, failure } = await runTurn(openaiAgent(modelOptions(`${server.url}/v1`)));
  assert.equal(failure, null);
  assert.equal(text, "a��éb");
});

test("garbage instead of chunks is a failure, before and after the first word", async () => {
  const good = 'data: {"choices":[{"index":0,"delta":{"content":"word"}}]}\n\n';
  for (const beginning of ["", good]) {
    await using server = await startModelServer({ kind: "bytes", chunks: [bytes(`${beginning}data: {oops\n\n`)] });
    const clock = { nowMs: () => 0, monotonicMs: () => 0, setTimer: immediately };
    const { text, failure } = await runTurn(openaiAgent(modelOptions(`${server.url}/v1`, {}, clock)));
    assert.equal(text, beginning === "" ? "" : "word");
    assert.equal(failure?.reason, "error");
  }
});

test("a refusal in words is an answer", async () => {
  const chunk = (delta: object, finish: string | null) =>
    bytes(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
  await using server = await startModelServer({
    kind: "bytes",
    chunks: [chunk({ refusal: "I'd rather not." }, null), chunk({}, "stop")],
  });
  const { text, failure } = await runTurn(openaiAgent(modelOptions(`${server.url}/v1`)));
  assert.deepEqual([text, failure], ["I'd rather not.", null]);
});

test("a redirect is not followed: no key goes to another address", async () => {
  await using elsewhere = await startModelServer({ kind: "answer", deltas: ["got you"] });
  await using server = await startModelServer({
    kind: "error",
    status: 307,
    body: "",
    headers: { location: `${elsewhere.url}/v1/chat/completions` },
  });
  const { failure } = await runTurn(openaiAgent(modelOptions(`${server.url}/v1`)));
  assert.equal(failure?.reason, "misconfigured");
  assert.match(failure?.detail ?? "", /redirects/);
  assert.equal(elsewhere.requests.length, 0);
});

test("a key that the provider repeats is not in the failure, and headers of one's own go out", async () => {
  const body = {
    error: { message: `Incorrect API key provided: ${KEY}, header s3cr3t-header`, code: "invalid_api_key" },
  };
  await using server = await startModelServer({ kind: "error", status: 401, body });
  const agent = openaiAgent(modelOptions(`${server.url}/v1`, { headers: { "x-team": "s3cr3t-header" } }));
  const { failure } = await runTurn(agent);
  assert.equal(failure?.reason, "misconfigured");
  assert.doesNotMatch(JSON.stringify(failure), /s3cr3t|1234567890/);
  assert.match(failure?.detail ?? "", /agents\.main\.apiKey/);
  assert.equal(server.requests[0]?.headers["x-team"], "s3cr3t-header");
});

test("without a key no Authorization header goes out", async () => {
  await using server = await startModelServer({ kind: "answer", deltas: ["hi"] });
  await runTurn(openaiAgent(modelOptions(`${server.url}/v1`, { apiKey: null })));
  assert.equal(server.requests[0]?.headers.authorization, undefined);
});

test("a server that closes every connection at once is out of reach", async () => {
  const server = createServer((request) => request.socket.destroy()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has no other address
  const clock = { nowMs: () => 0, monotonicMs: () => 0, setTimer: immediately };
  const { failure } = await runTurn(openaiAgent(modelOptions(`http://127.0.0.1:${port}/v1`, {}, clock)));
  assert.equal(failure?.reason, "unavailable");
  server.close();
});

/** Waits between attempts are over at once; the limit of a minute never comes. */
function immediately(delayMs: number, fire: () => void) {
  if (delayMs < 60_000) queueMicrotask(fire);
  return { cancel: () => {} };
}
