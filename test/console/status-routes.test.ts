import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { read } from "./answers.ts";

test("a daemon that runs says so", async () => {
  await using daemon = await startTestGateway();
  assert.deepEqual(await (await daemon.request("/healthz")).json(), { status: "ok" });
  assert.deepEqual(await (await daemon.request("/readyz")).json(), { status: "ready" });
});

test("a platform that is not connected is a reason not to be ready, and none to be dead", async () => {
  const deaf = memoryAdapter({
    health: () => ({ connected: false, lastEventAtMs: null, detail: "no heartbeat for 90 s" }),
  });
  await using daemon = await startTestGateway({ adapters: [deaf] });
  const response = await daemon.request("/readyz");
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), { status: "not_ready", reasons: ["memory: no heartbeat for 90 s"] });
  assert.equal((await daemon.request("/healthz")).status, 200);
});

test("a database that cannot be read is a reason not to be ready", async () => {
  await using daemon = await startTestGateway();
  await daemon.shutDown();
  const response = await daemon.request("/readyz");
  assert.equal(response.status, 503);
  assert.match(
    (await read(z.object({ reasons: z.array(z.string()) }), response)).reasons[0] ?? "",
    /^store: .*not open/,
  );
});

test("the metrics are in the text format of Prometheus", async () => {
  await using daemon = await startTestGateway();
  await daemon.post("/api/messages?wait=10", { chatId: "c", userId: "u", text: "hello" });
  const response = await daemon.request("/metrics");
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  assert.match(await response.text(), /parley_inbound_messages_total\{platform="web",result="accepted"\} 1/);
});

test("the status tells versions, adapters, work and counts", async () => {
  await using daemon = await startTestGateway();
  await daemon.post("/api/messages?wait=10", { chatId: "c", userId: "u", text: "hello" });
  const shown = z.object({
    version: z.literal("0.0.0-test"),
    startedAtMs: z.int(),
    runningTurns: z.literal(0),
    adapters: z.array(z.object({ platform: z.string(), connected: z.literal(true) })).length(2),
    store: z.object({ messages: z.literal(2), outbox: z.object({ dead: z.literal(0) }) }),
  });
  await read(shown, await daemon.request("/api/status"));
});

test("an address that leads nowhere is not found", async () => {
  await using daemon = await startTestGateway();
  for (const path of [
    "/api/nothing",
    "/nothing",
    "/page/../server.ts",
    "/page/tsconfig.json",
    "/page/%2e%2e%2fapp.ts",
  ]) {
    assert.equal((await daemon.request(path)).status, 404, path);
  }
});

test("requests are logged by their route, without what they ask for", async () => {
  const lines: unknown[] = [];
  await using daemon = await startTestGateway({
    onLogDebug: ({ durationMs, ...fields }) => lines.push([fields, typeof durationMs]),
  });
  await daemon.request("/api/search?q=secret");
  await daemon.request("/api/sessions/20260101_000000_00000000");
  assert.deepEqual(lines, [
    [{ method: "GET", route: "/api/search", status: 200 }, "number"],
    [{ method: "GET", route: "/api/sessions/:id", status: 404 }, "number"],
  ]);
});
