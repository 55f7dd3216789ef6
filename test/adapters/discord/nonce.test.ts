import assert from "node:assert/strict";
import { test } from "node:test";
import { nonceOf } from "../../../adapters/discord/nonce.ts";

test("a row has the same nonce at each attempt, and another than any other row, account or installation", () => {
  const nonces = [
    nonceOf("a", "default", 1),
    nonceOf("a", "default", 2),
    nonceOf("a", "two", 1),
    nonceOf("b", "default", 1),
  ];
  assert.equal(new Set(nonces).size, 4);
  assert.equal(nonceOf("a", "default", 1), nonces[0]);
  for (const nonce of nonces) assert.match(nonce, /^[\w-]{25}$/);
});
