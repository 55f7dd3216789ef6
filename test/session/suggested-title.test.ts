import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { suggestedTitle } from "../../src/session/suggested-title.ts";

/** what the agent answered, the title in it */
const table: readonly (readonly [answer: string, title: string | null])[] = [
  ["Trip to Rome", "Trip to Rome"],
  ['  "Trip to Rome."\n', "Trip to Rome"],
  ["Title: Trip to Rome", "Title: Trip to Rome".slice(7)],
  ["**Trip to _Rome_**", "Trip to Rome"],
  ["# Trip to Rome\n\nI chose this because …", "Trip to Rome"],
  ["- `snake_case` in Python", "snake_case in Python"],
  ["[Trip](https://evil.example/?x) to Rome", "Trip to Rome"],
  ["![](https://evil.example/pixel.png)\nTrip", "Trip"],
  ["<b>Trip</b> to <script>Rome", "Trip to Rome"],
  ["<think>The person wants\na trip.</think>\n\nTrip to Rome", "Trip to Rome"],
  ["<think>I never come to an end", null],
  ["「ローマへの旅。」", "ローマへの旅"],
  ["Reise nach Rom – 4 Tage", "Reise nach Rom – 4 Tage"],
  ["C# and F#", "C# and F#"],
  ["a\u202eb\u0007c\u200b", "abc"],
  ["x".repeat(200), `${"x".repeat(79)}…`],
  ["", null],
  ["\n***\n", null],
];
for (const [answer, title] of table)
  test(`${JSON.stringify(answer.slice(0, 40))} suggests ${JSON.stringify(title)}`, () => {
    assert.equal(suggestedTitle(answer), title);
  });

test("a suggested title is one clean line of at most 80 units without markup, whatever was answered", () => {
  const answers = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc
      .array(fc.constantFrom("[", "](", ")", "*", "_", "`", "<", ">", "think>", "a", "b", " ", "\n", "\\"))
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(answers, (answer) => {
      const title = suggestedTitle(answer);
      if (title === null) return;
      assert.ok(title.length <= 80 && title.length > 0);
      assert.ok(title.isWellFormed());
      assert.doesNotMatch(title, /[\p{Cc}\p{Zl}\p{Zp}*`<>[\]\\|]|^\s|\s$/u);
    }),
  );
});
