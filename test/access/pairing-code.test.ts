import assert from "node:assert/strict";
import { test } from "node:test";
import { drawPairingCode, readPairingCode } from "../../src/access/pairing-code.ts";

test("codes are eight capital letters, none of them easily taken for another, and differ", () => {
  const codes = Array.from({ length: 500 }, drawPairingCode);
  for (const code of codes) assert.match(code, /^[BCDFGHJKMNPQRSTVWXZ]{8}$/);
  assert.equal(new Set(codes).size, codes.length);
});

for (const typed of [
  "BCDFGHJK",
  "bcdfghjk",
  " BCDF-GHJK ",
  "bcdf ghjk",
  "BCDF–GHJK",
  "`BCDFGHJK`",
  "B C D F\nG H J K",
]) {
  test(`${JSON.stringify(typed)} is read as the code it was`, () => assert.equal(readPairingCode(typed), "BCDFGHJK"));
}
