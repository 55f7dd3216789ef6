import assert from "node:assert/strict";
import { test } from "node:test";
import { neverConnected } from "../../src/platform/never-connected.ts";

const failed = (fields: object) => Object.assign(new Error("x"), fields);
const refused = failed({ code: "ECONNREFUSED", syscall: "connect" });
const timedOut = failed({ code: "ETIMEDOUT", syscall: "connect" });
const reset = failed({ code: "ECONNRESET", syscall: "read" });
const circle = new Error("x");
circle.cause = circle;

const table: readonly (readonly [what: string, error: unknown, isSo: boolean])[] = [
  ["nobody listens", refused, true],
  ["no answer to the connection", timedOut, true],
  ["no such name", failed({ code: "ENOTFOUND", syscall: "getaddrinfo" }), true],
  ["a certificate that is refused", failed({ code: "CERT_HAS_EXPIRED" }), true],
  ["all of several addresses", new AggregateError([refused, timedOut]), true],
  ["several addresses, one of which was open", new AggregateError([refused, reset]), false],
  ["fetch, which wraps it", new TypeError("fetch failed", { cause: refused }), true],
  ["fetch, after it was sent", new TypeError("fetch failed", { cause: reset }), false],
  ["the way lost on an open connection", failed({ code: "ETIMEDOUT", syscall: "read" }), false],
  ["no way to the host any more", failed({ code: "EHOSTUNREACH", syscall: "read" }), false],
  ["hung up", failed({ code: "ECONNRESET" }), false],
  ["a cause that is its own", circle, false],
  ["no error", "ECONNREFUSED", false],
];
for (const [what, error, isSo] of table) {
  test(`${what}: ${isSo ? "nothing was asked" : "it may have been asked"}`, () => {
    assert.equal(neverConnected(error), isSo);
  });
}
