import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { calibrated, recalibrated, uncalibrated } from "../../src/memory/calibration.ts";

test("estimates come near what a provider keeps reporting", () => {
  let scale = 1;
  for (let turn = 0; turn < 12; turn += 1) scale = recalibrated(scale, 1000, 1800);
  assert.ok(Math.abs(calibrated(1000, scale) - 1800) < 20, String(scale));
});

test("a report about next to nothing, and nonsense, changes nothing", () => {
  assert.equal(recalibrated(1.5, 20, 400), 1.5);
  assert.equal(recalibrated(1.5, 1000, 0), 1.5);
  assert.equal(recalibrated(1.5, Number.NaN, 10), 1.5);
  assert.equal(calibrated(10, Number.NaN), 10);
});

test("no report takes the scale out of its limits", () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), fc.double(), (scale, estimated, reported) => {
      const next = recalibrated(scale, estimated, reported);
      assert.ok(next >= 0.25 && next <= 4);
    }),
  );
});

test("what fits is the most that is calibrated to no more", () => {
  fc.assert(
    fc.property(fc.nat(300_000), fc.double({ min: 0.1, max: 5, noNaN: true }), (tokens, scale) => {
      const most = uncalibrated(tokens, scale);
      assert.ok(calibrated(most, scale) <= tokens);
      assert.ok(calibrated(most + 2, scale) > tokens);
    }),
  );
});
