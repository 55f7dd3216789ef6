import assert from "node:assert/strict";
import fc from "fast-check";
import type { TestClient } from "../support/test-gateway.ts";
import { type FuzzTarget, fuzzTarget } from "./fuzz-target.ts";
import { mutated, oddJson, oddText } from "./odd-text.ts";

const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"];
const PATHS = [
  "/api/messages",
  "/api/send",
  "/api/sessions",
  "/api/search?q=",
  "/api/markdown",
  "/api/pairings/approve",
  "/api/login",
  "/api/sessions/",
  "/api/posts/",
  "/api/dead-letters/outbox/",
  "/page/",
  "/webhooks/telegram/",
  "/",
];
const bodies = [
  { chatId: "c", userId: "u", text: "/status", messageId: "1", attachments: [] },
  { platform: "web", chatId: "c", text: "x" },
  { texts: ["**a**"] },
  { code: "BCDFGHJK" },
  { platform: "telegram", userId: "1" },
  { title: "x" },
];
const text = oddText.map((odd) => odd.toWellFormed());
const request = fc.record({
  method: fc.constantFrom(...METHODS),
  path: fc.tuple(fc.constantFrom(...PATHS), text.map(encodeURIComponent)).map((parts) => parts.join("")),
  body: fc.oneof(
    text,
    oddJson.map((json) => JSON.stringify(json) ?? ""),
    mutated(bodies).map((json) => JSON.stringify(json) ?? ""),
  ),
  type: fc.constantFrom("application/json", "application/json", "text/plain", "application/octet-stream"),
});

/** Requests to a console: whatever comes, the answer is one of ours and never a 500. */
export function httpTarget(client: TestClient): FuzzTarget {
  return fuzzTarget("requests over HTTP", request, async ({ method, path, body, type }) => {
    const response = await client.request(path, {
      method,
      headers: { "content-type": type },
      ...(method === "GET" ? {} : { body }),
    });
    await response.body?.cancel();
    assert.ok(response.status < 500 || response.status === 503, `${method} ${path} answers ${response.status}`);
  });
}
