import assert from "node:assert/strict";
import { test } from "node:test";
import { durationText, resetNotice } from "../../src/session/reset-notice.ts";

const MINUTE_MS = 60_000;

const durations: readonly (readonly [minutes: number, text: string])[] = [
  [0, "1 minute"],
  [1.9, "1 minute"],
  [25, "25 minutes"],
  [60, "1 hour"],
  [47 * 60, "47 hours"],
  [48 * 60, "2 days"],
  [80 * 60, "3 days"],
];

for (const [minutes, text] of durations) {
  test(`${minutes} minutes are ${text}`, () => assert.equal(durationText(minutes * MINUTE_MS), text));
}

test("the notice is one line that says why and how to go back", () => {
  const idle = resetNotice("idle", 25 * MINUTE_MS);
  assert.match(idle, /after 25 minutes of silence\. \/resume/);
  assert.match(resetNotice("daily", 0), /every day\. \/resume/);
  assert.doesNotMatch(idle, /\n/);
});
