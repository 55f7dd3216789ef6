import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { newSessionId, readSessionId } from "../../src/session/session-id.ts";

test("a session id is its beginning in UTC and eight hex characters", () => {
  assert.equal(newSessionId(Date.UTC(2026, 3, 5, 1, 2, 3, 999), "0a1b2c3d"), "20260405_010203_0a1b2c3d");
});

test("what is minted is read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 0) }), fc.nat(0xffffffff), (nowMs, random) => {
      const id = newSessionId(nowMs, random.toString(16).padStart(8, "0"));
      assert.equal(readSessionId(id), id);
    }),
    { seed: 20260405 },
  );
});

for (const text of [
  "",
  "20260405_010203",
  "20260405_010203_0A1B2C3D",
  "20260405_010203_0a1b2c3d\n",
  " 20260405_010203_0a1b2c3d",
  "20260405-010203-0a1b2c3d",
  "../20260405_010203_0a1b2c3d",
  "20260405_010203_0a1b2c3d/..",
  "٢٠٢٦٠٤٠٥_010203_0a1b2c3d",
]) {
  test(`${JSON.stringify(text)} is no session id`, () => assert.equal(readSessionId(text), null));
}

test("an id is not minted from anything but hex", () => {
  for (const random of ["", "xyz", "0A1B2C3D", "0a1b2c3d4"]) {
    assert.throws(() => newSessionId(0, random), RangeError);
  }
});
