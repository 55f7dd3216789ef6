import assert from "node:assert/strict";
import { test } from "node:test";
import { anthropicAgent } from "../../src/agent/anthropic.ts";
import { anthropicEvents } from "../fake/model/anthropic-events.ts";
import { startModelServer } from "../fake/model/model-server.ts";
import { modelOptions, runTurn } from "./model-turn.ts";
import { turnRequest } from "./turn-request.ts";

const history = () => [
  { role: "user" as const, text: "first question", atMs: 1 },
  { role: "assistant" as const, text: "first answer", atMs: 3 },
  { role: "user" as const, text: "unanswered", atMs: 5 },
];

test("the system prompt and the end of the history are marked for the cache, the new message is not", async () => {
  await using server = await startModelServer({ kind: "answer", deltas: ["ok"] });
  await runTurn(anthropicAgent(modelOptions(server.url)), turnRequest({ history }));
  const body: unknown = JSON.parse(server.requests[0]?.body ?? "");
  const cache_control = { type: "ephemeral" };
  assert.partialDeepStrictEqual(body, {
    system: [{ type: "text", text: "You are in a test.", cache_control }],
    messages: [
      { role: "user", content: [{ type: "text", text: "first question" }] },
      { role: "assistant", content: [{ type: "text", text: "first answer", cache_control }] },
      { role: "user", content: [{ type: "text", text: "unanswered\n\nHello" }] },
    ],
  });
  assert.equal(server.requests[0]?.body.split("cache_control").length, 3);
});

test("a key of our environment is not sent where the configuration has none", async () => {
  const kept = process.env.ANTHROPIC_API_KEY;
  process.env.ANTHROPIC_API_KEY = "of-the-environment";
  try {
    await using server = await startModelServer({ kind: "answer", deltas: ["ok"] });
    await runTurn(anthropicAgent(modelOptions(server.url, { apiKey: null })));
    assert.doesNotMatch(JSON.stringify(server.requests[0]?.headers), /of-the-environment/);
  } finally {
    if (kept === undefined) delete process.env.ANTHROPIC_API_KEY;
    else process.env.ANTHROPIC_API_KEY = kept;
  }
});

test("an address with /v1 at its end is the same address", async () => {
  await using server = await startModelServer({ kind: "answer", deltas: ["ok"] });
  await runTurn(anthropicAgent(modelOptions(`${server.url}/v1`)));
  assert.equal(server.requests[0]?.path, "/v1/messages");
});

test("a stream that ends without its end is broken off", async () => {
  const start = {
    type: "message_start",
    message: {
      id: "m",
      type: "message",
      role: "assistant",
      model: "x",
      content: [],
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  };
  const events = [
    start,
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "half" } },
  ];
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  await using server = await startModelServer({ kind: "bytes", chunks: [new TextEncoder().encode(text)] });
  const turn = await runTurn(anthropicAgent(modelOptions(server.url)));
  assert.equal(turn.text, "half");
  assert.equal(turn.failure?.reason, "error");
});

test("bytes that are no UTF-8 become replacement characters, and the answer is whole", async () => {
  const [before, after] = anthropicEvents.beginning(["a~b"]).split("~");
  const encoder = new TextEncoder();
  const end = anthropicEvents.end({ kind: "answer", deltas: ["a~b"] });
  const chunks = [encoder.encode(before), Uint8Array.of(0xff, 0xfe), encoder.encode(`${after}${end}`)];
  await using server = await startModelServer({ kind: "bytes", chunks });
  const { text, failure } = await runTurn(anthropicAgent(modelOptions(server.url)));
  assert.equal(failure, null);
  assert.equal(text, "a\ufffd\ufffdb");
});
