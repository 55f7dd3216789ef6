import assert from "node:assert/strict";
import { test } from "node:test";
import { foreignOrigin, type RequestOrigin } from "../../src/console/same-origin.ts";

const plain: RequestOrigin = {
  method: "POST",
  path: "/api/messages",
  host: "localhost:8787",
  origin: undefined,
  fetchSite: undefined,
  fetchMode: undefined,
};

const table: readonly (readonly [what: string, request: Partial<RequestOrigin>, isForeign: boolean])[] = [
  ["a program", {}, false],
  ["our page", { origin: "http://localhost:8787", fetchSite: "same-origin" }, false],
  ["our page behind a proxy that speaks TLS", { host: "chat.example.org", origin: "https://chat.example.org" }, false],
  ["a page elsewhere", { origin: "https://evil.example" }, true],
  ["another port of this machine", { origin: "http://localhost:3000", fetchSite: "same-site" }, true],
  ["another name of this machine", { origin: "http://127.0.0.1:8787" }, true],
  ["a sandboxed page", { origin: "null" }, true],
  ["something that is no origin", { origin: "evil" }, true],
  ["an image elsewhere", { method: "GET", fetchSite: "cross-site", fetchMode: "no-cors" }, true],
  ["a script of another port", { method: "GET", fetchSite: "same-site", fetchMode: "no-cors" }, true],
  ["the address bar", { method: "GET", path: "/api/status", fetchSite: "none", fetchMode: "navigate" }, false],
  ["a link to the page", { method: "GET", path: "/", fetchSite: "cross-site", fetchMode: "navigate" }, false],
  ["a link into the API", { method: "GET", fetchSite: "cross-site", fetchMode: "navigate" }, true],
  ["a form elsewhere", { path: "/", fetchSite: "cross-site", fetchMode: "navigate" }, true],
];
for (const [what, request, isForeign] of table) {
  test(`${what} is ${isForeign ? "refused" : "let in"}`, () => {
    assert.equal(foreignOrigin({ ...plain, ...request }) !== null, isForeign);
  });
}
