import assert from "node:assert/strict";
import { test } from "node:test";
import { extendedIsoTime } from "../../src/store/iso-forms.ts";

const forms: readonly (readonly [given: string, extended: string])[] = [
  ["20260405T120000", "2026-04-05T12:00:00"],
  ["20260405T120000.123456Z", "2026-04-05T12:00:00.123456Z"],
  ["20260405 1200+0200", "2026-04-05T12:00:00+02:00"],
  ["20260405", "2026-04-05"],
  ["2026-W14-7", "2026-04-05"],
  ["2026W147T12", "2026-04-05T12:00:00"],
  ["2020-W53-5", "2021-01-01"],
  ["2026-W01", "2025-12-29"],
  ["2026-04-05T12:00:00.5", "2026-04-05T12:00:00.5"],
  ["bad", "bad"],
  ["", ""],
];
for (const [given, extended] of forms)
  test(`${JSON.stringify(given)} is ${JSON.stringify(extended)} in the extended form`, () => {
    assert.equal(extendedIsoTime(given), extended);
  });
