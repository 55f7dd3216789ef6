import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { counted, jsonText, timeColumn, visibleLines } from "../../src/cli/shown-text.ts";

test("visibleLines keeps lines and tabs and lets no other control character through", () => {
  assert.equal(visibleLines("a\r\nb\tc\u001b[2J\u202e"), "a\nb\tc\\u001b[2J\\u202e");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      assert.doesNotMatch(visibleLines(text), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

test("jsonText is the same value and harmless to a terminal", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
      const shown = jsonText({ value, text });
      assert.deepEqual(JSON.parse(shown), JSON.parse(JSON.stringify({ value, text })));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }),
  );
});

test("timeColumn shows the time of the zone, and a dash for none", () => {
  assert.equal(timeColumn(Date.UTC(2026, 0, 2, 23, 30), "Europe/Berlin"), "2026-01-03 00:30");
  assert.equal(timeColumn(null, "UTC"), "-");
});

test("counted knows one from many", () => {
  assert.deepEqual([counted(1, "line"), counted(0, "line"), counted(2, "line")], ["1 line", "0 lines", "2 lines"]);
});
