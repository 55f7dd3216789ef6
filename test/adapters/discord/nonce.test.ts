import assert from "node:assert/strict";
import { test } from "node:test";
import { noncesOf } from "../../../adapters/discord/nonce.ts";

test("a row has the same nonce at each attempt, and another than any other row, account or installation", () => {
  const nonces = [
    noncesOf("a", "default")(1),
    noncesOf("a", "default")(2),
    noncesOf("a", "two")(1),
    noncesOf("b", "default")(1),
    noncesOf("a", "default")(Number.MAX_SAFE_INTEGER),
  ];
  assert.equal(new Set(nonces).size, 5);
  assert.equal(noncesOf("a", "default")(1), nonces[0]);
  for (const nonce of nonces) assert.match(nonce, /^[\w.-]{15,25}$/);
});
