import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareSnowflakes, isSnowflake, snowflakeAt } from "../../../adapters/discord/snowflake.ts";

test("an id tells when it was made", () => {
  // The example of discord.com/developers/docs/reference#snowflakes.
  const example = 175_928_847_299_117_063n;
  assert.equal(snowflakeAt(1_462_015_105_796), String((example >> 22n) << 22n));
  assert.equal(snowflakeAt(0), "0");
});

test("ids are in the order of their times", () => {
  const time = fc.integer({ min: 1_420_070_400_000, max: 4_000_000_000_000 });
  fc.assert(
    fc.property(time, time, (a, b) => {
      assert.equal(Math.sign(compareSnowflakes(snowflakeAt(a), snowflakeAt(b))), Math.sign(a - b));
    }),
  );
});

test("only what is digits can be an id", () => {
  for (const text of ["1456000000000000000", "175928847299117063"]) assert.ok(isSnowflake(text));
  for (const text of [
    "",
    "1",
    "@me",
    "1456000000000000000/..",
    "14560000000000000001234",
    "１４５６０００００００００００００００",
  ]) {
    assert.ok(!isSnowflake(text));
  }
});
