import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "../support/test-gateway.ts";
import { codeOf, wordsOf } from "./answers.ts";

const everyRoute = [
  "/",
  "/page/main.js",
  "/healthz",
  "/readyz",
  "/metrics",
  "/api/status",
  "/api/events",
  "/api/nothing",
];

test("a name that somebody pointed to this machine reaches nothing", async () => {
  await using daemon = await startTestGateway();
  for (const path of everyRoute) {
    const response = await daemon.request(path, { headers: { host: "evil.example:8787" } });
    assert.equal(response.status, 403, path);
    assert.match(await wordsOf(response), /^Host: .*got "evil\.example:8787"/);
  }
  const post = await daemon.post("/api/messages", { chatId: "c", userId: "u", text: "x" }, { host: "evil.example" });
  assert.equal(await codeOf(post), "forbidden_host");
  assert.equal(daemon.store.stats().messages, 0);
});

test("a page elsewhere reaches nothing", async () => {
  await using daemon = await startTestGateway();
  for (const path of everyRoute) {
    const response = await daemon.request(path, { headers: { origin: "https://evil.example" } });
    assert.equal(response.status, 403, path);
    assert.equal(await codeOf(response), "forbidden_origin");
  }
});

test("a name that was allowed is answered to", async () => {
  await using daemon = await startTestGateway({ allowedHosts: ["chat.example.org"] });
  assert.equal((await daemon.request("/api/status", { headers: { host: "chat.example.org" } })).status, 200);
});

test("every answer tells browsers to load nothing else, to keep nothing, and to show it in no frame", async () => {
  await using daemon = await startTestGateway();
  for (const path of everyRoute.filter((route) => route !== "/api/events")) {
    const { headers } = await daemon.request(path);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /, path);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cache-control"), path === "/" || path.startsWith("/page/") ? "no-cache" : "no-store");
  }
});
