import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { GrammyError, HttpError } from "grammy";
import { deliveryErrorOf, isMethodUnknown } from "../../../adapters/telegram/errors.ts";
import { DeliveryError } from "../../../src/platform/delivery-error.ts";

/** What Node's network throws, put into words as badly as can be: with the address of the call. */
function networkError(reason: string, fields: object): HttpError {
  const url = "https://api.telegram.org/bot1:secret/sendMessage";
  const error = Object.assign(new Error(`${reason} (${url})`), fields);
  return new HttpError("Network request for 'sendMessage' failed!", error);
}

function refusal(error_code: number, description: string): GrammyError {
  return new GrammyError("Call failed!", { ok: false, error_code, description }, "sendMessage", { text: "private" });
}

suite("whether a post that failed may have arrived", () => {
  const table: readonly [string, unknown, boolean][] = [
    ["nobody listens", networkError("connect ECONNREFUSED 1.2.3.4:443", { code: "ECONNREFUSED" }), true],
    ["several addresses, none listens", networkError("", { code: "ECONNREFUSED" }), true],
    ["no such host", networkError("getaddrinfo ENOTFOUND x", { code: "ENOTFOUND" }), true],
    ["no names for now", networkError("getaddrinfo EAI_AGAIN x", { code: "EAI_AGAIN" }), true],
    [
      "no way there",
      networkError("connect ENETUNREACH 1.2.3.4:443", { code: "ENETUNREACH", syscall: "connect" }),
      true,
    ],
    [
      "no answer to the connection",
      networkError("connect ETIMEDOUT 1.2.3.4:443", { code: "ETIMEDOUT", syscall: "connect" }),
      true,
    ],
    ["a certificate that is over", networkError("certificate has expired", { code: "CERT_HAS_EXPIRED" }), true],
    ["the way was lost meanwhile", networkError("read ETIMEDOUT", { code: "ETIMEDOUT", syscall: "read" }), false],
    ["a reset", networkError("read ECONNRESET", { code: "ECONNRESET" }), false],
    ["hung up", networkError("socket hang up", { code: "ECONNRESET" }), false],
    ["given up", new HttpError("x", Object.assign(new Error("aborted"), { name: "AbortError" })), false],
    ["too slow", new HttpError("x", new Error("Request to 'sendMessage' timed out after 30 seconds")), false],
    ["no JSON", new HttpError("x", new SyntaxError("Unexpected token 's', \"secret\" is not valid JSON")), false],
    ["something else thrown", new HttpError("x", "text"), false],
    ["a mistake of ours", new TypeError("x"), false],
    ["refused", refusal(400, "Bad Request: whatever"), true],
    ["the server failed", refusal(502, "Bad Gateway"), false],
  ];
  for (const [name, error, certain] of table) {
    test(`${name}: ${certain ? "certainly not" : "maybe"}`, () => {
      const failure = deliveryErrorOf(error);
      assert.equal(failure.certain, certain);
      assert.ok(!/secret|private/.test(`${failure.message}${failure.stack}${String(failure.cause)}`));
    });
  }
});

test("an error that is told already stays as it is", () => {
  const told = new DeliveryError("gone", "x", { certain: true });
  assert.equal(deliveryErrorOf(told), told);
});

test("a method that a server does not know is told apart from what it refuses", () => {
  assert.ok(isMethodUnknown(refusal(404, "Not Found")));
  assert.ok(isMethodUnknown(refusal(400, "Bad Request: method not found")));
  assert.ok(!isMethodUnknown(refusal(400, "Bad Request: chat not found")));
  assert.ok(!isMethodUnknown(new Error("404")));
});
