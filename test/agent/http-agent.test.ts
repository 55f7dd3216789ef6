import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { AgentEvent } from "../../src/agent/backend.ts";
import { type SeenRequest, startEndpoint } from "../fake/agents/endpoint.ts";
import { tempDir } from "../support/temp-dir.ts";
import { agentAt, answering, answeringJson } from "./http-bench.ts";
import { eventsOf, failureOf, textOf } from "./program-turn.ts";
import { turnRequest } from "./turn-request.ts";

describe("an endpoint is asked", () => {
  test("with the turn as JSON, attachments inside, paths of this machine not", async () => {
    await using endpoint = await answeringJson({ text: "Hi" });
    using folder = tempDir();
    writeFileSync(join(folder.path, "a.png"), "pixels");
    const attachment = { kind: "image", mimeType: "image/png", sizeBytes: 6, name: "a.png" } as const;
    await eventsOf(
      agentAt(endpoint.url, { mediaDir: folder.path, headers: { Authorization: "Bearer x" } }),
      turnRequest({
        message: {
          text: "Grüße",
          attachments: [
            { ...attachment, path: "a.png" },
            { ...attachment, path: "gone.png" },
          ],
        },
      }),
    );
    const [seen] = endpoint.seen;
    assert.equal(seen?.method, "POST");
    assert.equal(seen?.headers["content-type"], "application/json; charset=utf-8");
    assert.equal(seen?.headers.authorization, "Bearer x");
    assert.equal(seen?.headers["x-parley-signature"], undefined);
    assert.match(String(seen?.headers["idempotency-key"]), /^[0-9a-f]{32}$/);
    assert.deepEqual(JSON.parse(seen?.body ?? "").message, {
      text: "Grüße",
      attachments: [{ ...attachment, data: Buffer.from("pixels").toString("base64") }, attachment],
    });
  });

  test("with a signature that whoever knows the secret can check", async () => {
    await using endpoint = await answeringJson({ text: "Hi" });
    await eventsOf(
      agentAt(endpoint.url, { secret: "s3cret" }),
      turnRequest({ message: { text: "ü", attachments: [] } }),
    );
    const { headers, body } = endpoint.seen[0] as SeenRequest;
    const [, seconds, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["x-parley-signature"])) ?? [];
    assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 60);
    assert.equal(given, createHmac("sha256", "s3cret").update(`${seconds}.${body}`).digest("hex"));
  });
});

describe("its answer", () => {
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null };
  const data = Buffer.from("pixels").toString("base64");
  const file = { kind: "file", name: "a.png", mimeType: "image/png", data: Buffer.from("pixels") };
  const forms: readonly (readonly [what: string, type: string, body: string | Buffer, events: readonly unknown[]])[] = [
    [
      "JSON in one piece",
      "application/json; charset=utf-8",
      JSON.stringify({ text: "Hi", usage: { inputTokens: 1, outputTokens: 2 }, files: [{ name: "a.png", data }] }),
      [{ kind: "text", delta: "Hi" }, file, { kind: "usage", usage }],
    ],
    ["an empty body", "application/json", "", []],
    ["text", "text/plain", "Hi\nyou\n", [{ kind: "text", delta: "Hi\nyou" }]],
    ["text that is not UTF-8", "text/plain", Buffer.from([0x48, 0xff]), [{ kind: "text", delta: "H\ufffd" }]],
    [
      "JSON lines",
      "application/x-ndjson",
      '{"type":"tool","name":"look"}\n{"type":"text","delta":"Hi"}\n{"type":"done"}\n{"type":"text","delta":"late"}',
      [
        { kind: "tool", name: "look", phase: "started" },
        { kind: "text", delta: "Hi" },
      ],
    ],
    [
      "server-sent events",
      "text/event-stream",
      ': hello\r\nid: 1\r\ndata: {"type":"text",\r\ndata: "delta":"Hi"}\r\n\r\nevent: x\ndata:{"type":"text","delta":" you"}\n\ndata: [DONE]\n\ndata: {"type":"text","delta":"late"}\n\n',
      [
        { kind: "text", delta: "Hi" },
        { kind: "text", delta: " you" },
      ],
    ],
  ];
  for (const [what, type, body, events] of forms) {
    test(`${what} is read`, async () => {
      await using endpoint = await answering(type, body);
      const reported: string[] = [];
      const agent = agentAt(endpoint.url, { report: (line) => reported.push(line) });
      assert.deepEqual(await eventsOf(agent), [...events, { kind: "done" }]);
      assert.deepEqual(reported, []);
    });
  }

  test("is passed on as it arrives", async () => {
    const parts: (() => void)[] = [];
    await using endpoint = await startEndpoint((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const delta of ["one", " two"])
        parts.push(() => response.write(`data: ${JSON.stringify({ type: "text", delta })}\n\n`));
      parts.push(() => response.end());
      parts.shift()?.();
    });
    const events: AgentEvent[] = [];
    for await (const event of agentAt(endpoint.url).run(turnRequest(), new AbortController().signal)) {
      events.push(event);
      parts.shift()?.();
    }
    assert.deepEqual(events, [{ kind: "text", delta: "one" }, { kind: "text", delta: " two" }, { kind: "done" }]);
  });

  test("never sends a file of this machine", async () => {
    await using endpoint = await answeringJson({ text: "Hi", files: [{ path: "/etc/passwd" }] });
    const reported: string[] = [];
    const agent = agentAt(endpoint.url, { report: (line) => reported.push(line) });
    assert.deepEqual(await eventsOf(agent), [{ kind: "text", delta: "Hi" }, { kind: "done" }]);
    assert.match(reported.join("\n"), /needs data/);
  });

  test("that says it failed is told so", async () => {
    await using endpoint = await answeringJson({ type: "failed", reason: "quota", message: "No credit." });
    const { reason, message } = failureOf(await eventsOf(agentAt(endpoint.url)));
    assert.deepEqual({ reason, message }, { reason: "quota", message: "No credit." });
  });

  const broken: readonly (readonly [what: string, type: string, body: string, reason: string, detail: RegExp])[] = [
    ["JSON that is none", "application/json", "<html>", "error", /not the JSON/],
    ["JSON without text", "application/json", "[1]", "error", /has no text/],
    ["a page", "text/html", "<html>", "misconfigured", /got "text\/html"/],
    ["no type at all", "", "x", "misconfigured", /got ""/],
    ["far too much text", "text/plain", "x".repeat(3 * 1024 * 1024), "error", /more than 2097152/],
  ];
  for (const [what, type, body, reason, detail] of broken) {
    test(`${what} is a failure`, async () => {
      await using endpoint = await answering(type, body);
      const failure = failureOf(await eventsOf(agentAt(endpoint.url)));
      assert.equal(failure.reason, reason);
      assert.match(failure.detail, detail);
    });
  }

  test("that breaks off in the middle keeps its text, and may be tried again", async () => {
    await using endpoint = await startEndpoint((_, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      response.write("so far", () => setTimeout(() => response.destroy(), 50));
    });
    const events = await eventsOf(agentAt(endpoint.url));
    assert.equal(textOf(events), "so far");
    const { reason, detail, retryable } = failureOf(events);
    assert.deepEqual({ reason, retryable }, { reason: "error", retryable: true });
    assert.match(detail, /broke off/);
    assert.equal(endpoint.seen.length, 1);
  });
});
