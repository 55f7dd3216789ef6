import assert from "node:assert/strict";
import { test } from "node:test";
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { deliveryErrorOf } from "../../../adapters/slack/errors.ts";
import { DeliveryError, type DeliveryFailure } from "../../../src/platform/delivery-error.ts";

const refusals: readonly (readonly [code: string, kind: DeliveryFailure, certain: boolean])[] = [
  ["channel_not_found", "gone", true],
  ["is_archived", "gone", true],
  ["thread_not_found", "gone", true],
  ["message_not_found", "gone", true],
  ["not_in_channel", "forbidden", true],
  ["restricted_action", "forbidden", true],
  ["missing_scope", "forbidden", true],
  ["msg_too_long", "too_long", true],
  ["msg_blocks_too_long", "too_long", true],
  ["invalid_blocks", "bad_format", true],
  ["no_text", "bad_format", true],
  ["invalid_auth", "unauthorized", true],
  ["token_revoked", "unauthorized", true],
  ["account_inactive", "unauthorized", true],
  ["ratelimited", "rate_limited", true],
  ["internal_error", "unreachable", false],
  ["fatal_error", "unreachable", false],
  ["something_new", "unknown", true],
];

for (const [code, kind, certain] of refusals) {
  test(`Slack's ${code} is ${kind}`, () => {
    const error = deliveryErrorOf(new WebAPIPlatformError({ ok: false, error: code, response_metadata: {} }));
    assert.deepEqual([error.kind, error.certain], [kind, certain]);
    assert.equal(error.scope, kind === "unauthorized" ? "bot" : "chat");
    assert.ok(error.cause instanceof WebAPIPlatformError);
  });
}

test("a 429 says how long to wait, for that chat alone", () => {
  const { kind, retryAfterMs, scope, certain } = deliveryErrorOf(new WebAPIRateLimitedError(7));
  assert.deepEqual([kind, retryAfterMs, scope, certain], ["rate_limited", 7000, "chat", true]);
});

test("a missing scope is named", () => {
  const answer = { ok: false as const, error: "missing_scope", needed: "files:write", response_metadata: {} };
  assert.match(deliveryErrorOf(new WebAPIPlatformError(answer)).message, /lacks the scope files:write/);
});

const network = (code: string) =>
  new WebAPIRequestError(new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) }));

test("what never connected was certainly not posted, and holds up the whole bot", () => {
  for (const code of ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]) {
    const { kind, certain, scope } = deliveryErrorOf(network(code));
    assert.deepEqual([kind, certain, scope], ["unreachable", true, "bot"], code);
  }
  const happyEyeballs = new AggregateError([Object.assign(new Error("x"), { code: "ECONNREFUSED" })]);
  const wrapped = new WebAPIRequestError(new TypeError("fetch failed", { cause: happyEyeballs }));
  assert.equal(deliveryErrorOf(wrapped).certain, true);
});

test("what broke off or was not answered may have been posted", () => {
  for (const error of [
    network("ECONNRESET"),
    network("UND_ERR_SOCKET"),
    new WebAPIRequestError(new DOMException("too long", "TimeoutError")),
    new TypeError("terminated"),
    new WebAPIHTTPError(502, "Bad Gateway", {}, "<html>"),
    "no error at all",
  ]) {
    const { kind, certain, scope } = deliveryErrorOf(error);
    assert.deepEqual([kind, certain, scope], ["unreachable", false, "chat"], String(error));
  }
});

test("an answer that is no JSON is in no message, and leaves doubt", () => {
  const error = deliveryErrorOf(
    new WebAPIPlatformError({ ok: false, error: "<!DOCTYPE html><title>secret</title>", response_metadata: {} }),
  );
  assert.deepEqual([error.kind, error.certain], ["unknown", false]);
  assert.ok(!error.message.includes("secret"));
});

test("an error that is one already stays as it is", () => {
  const error = new DeliveryError("gone", "x", { certain: true });
  assert.equal(deliveryErrorOf(error), error);
});
