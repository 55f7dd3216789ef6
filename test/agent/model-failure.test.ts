import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ModelError } from "../../src/agent/model-error.ts";
import type { ModelErrorKind } from "../../src/agent/model-error-kind.ts";
import { brokenOffFailure, modelFailure } from "../../src/agent/model-failure.ts";
import { secretMask } from "../../src/observe/mask-secrets.ts";

const key = "my-very-secret-key";
const secrets = secretMask([key]);
const model = { name: "main", model: "gpt", baseUrl: "https://api.example/v1", hasFallback: false, secrets };
const error: ModelError = {
  status: 401,
  code: "",
  text: "no such key",
  retryAfterMs: null,
  network: null,
  isFirstByteTimeout: false,
};

/** What happened, whose fault it is, and what the operator is told to look at. */
const table: readonly (readonly [ModelErrorKind, reason: string, advice: RegExp, retryable: boolean])[] = [
  ["wrong_key", "misconfigured", /agents\.main\.apiKey/, false],
  ["unknown_model", "misconfigured", /agents\.main\.model \(gpt\)/, false],
  ["no_quota", "quota", /agents\.main\.apiKey/, false],
  ["overloaded", "unavailable", /agents\.main\.fallback/, true],
  ["too_long", "too_long", /agents\.main\.historyTokens/, false],
  ["unwanted_file", "misconfigured", /temperature/, false],
  ["refused", "refused", /content filter/, false],
  ["unreachable", "unavailable", /agents\.main\.baseUrl/, true],
  ["untrusted_certificate", "misconfigured", /NODE_EXTRA_CA_CERTS/, false],
  ["slow_start", "timeout", /agents\.main\.firstByteTimeoutSeconds/, true],
  ["redirected", "misconfigured", /agents\.main\.baseUrl/, false],
  ["rejected", "misconfigured", /temperature/, false],
  ["broken", "error", /agents\.main\.kind/, true],
];

for (const [kind, reason, advice, retryable] of table)
  test(`${kind} is ${reason}`, () => {
    const failure = modelFailure(model, kind, error);
    assert.equal(failure.reason, reason);
    assert.equal(failure.retryable, retryable);
    assert.match(failure.detail, advice);
    assert.match(failure.detail, /^HTTP 401 from https:\/\/api\.example\/v1: no such key\. /);
    assert.ok(!failure.message.includes("agents."), failure.message);
  });

test("a key the provider repeats, whole or with a middle of its own, is not shown", () => {
  const texts = [`Incorrect API key: ${key}.`, "Incorrect API key: sk-proj-****abcd.", "bad header: Bearer abcdef"];
  for (const text of texts) {
    for (const failure of [
      modelFailure(model, "wrong_key", { ...error, text }),
      brokenOffFailure(model, { ...error, text }),
    ]) {
      assert.doesNotMatch(failure.detail, /very-secret|abcd/);
      assert.match(failure.detail, /\*\*\*/);
    }
  }
});

test("a detail is one line of at most 500 characters with its advice whole, and no key in it, whatever the provider says", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), fc.nat(600), (noise, at) => {
      const text = `${noise.slice(0, at)}${key}${noise.slice(at)}`;
      const { detail } = modelFailure(model, "wrong_key", { ...error, text });
      assert.ok(detail.length <= 500 && detail.isWellFormed());
      assert.ok(!detail.includes(key.slice(0, 12)) && !/[\r\n]/.test(detail));
      assert.match(detail, /may use agents\.main\.model \(gpt\)\.$/);
    }),
  );
});
