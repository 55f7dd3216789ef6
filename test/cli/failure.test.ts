import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConfigError } from "../../config/problems.ts";
import { CommandFailure, failureReport, UsageError } from "../../src/cli/failure.ts";
import { StoreError } from "../../src/store/store-error.ts";

describe("failureReport", () => {
  test("tells wrong usage with 2, and what failed with 1, in a line each", () => {
    assert.deepEqual(failureReport(new UsageError("no such thing"), false), {
      lines: ["parley: no such thing"],
      exitCode: 2,
    });
    for (const error of [new CommandFailure("gone"), new StoreError("locked", "gone"), new Error("gone")]) {
      assert.deepEqual(failureReport(error, false), { lines: ["parley: gone"], exitCode: 1 });
    }
  });

  test("tells every mistake of a configuration", () => {
    const error = new ConfigError([
      { path: "a.b", message: "expected x." },
      { path: "c", message: "expected y." },
    ]);
    const lines = ["parley: a.b: expected x.", "parley: c: expected y."];
    assert.deepEqual(failureReport(error, false), { lines, exitCode: 2 });
  });

  test("calls our own bugs by that name and shows where they are only when asked", () => {
    const error = new TypeError("x is not a function", { cause: new Error("because") });
    const { lines } = failureReport(error, false);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^parley: unexpected error: x is not a function\. .*--log-level debug/);
    const detailed = failureReport(error, true).lines;
    assert.ok(detailed.some((line) => line.includes("failure.test.ts")));
    assert.ok(detailed.some((line) => line.startsWith("caused by: Error: because")));
  });

  test("never lets a message begin a line or reach the terminal as control sequence", () => {
    const { lines } = failureReport(new Error("a\nb\u001b[2J"), false);
    assert.deepEqual(lines, ["parley: a\\nb\\u001b[2J"]);
  });
});
