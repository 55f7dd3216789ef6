import assert from "node:assert/strict";
import { test } from "node:test";
import { textTable } from "../../src/message/text-table.ts";

test("columns are as wide as their widest cell, and stand as the table says", () => {
  const rows = [
    ["Name", "Count", "State"],
    ["a", "1", "ok"],
    ["longer", "1000", "open"],
  ];
  assert.equal(
    textTable(rows, [null, "right", "center"]),
    ["Name   | Count | State", "-------|-------|------", "a      |     1 |  ok", "longer |  1000 | open"].join("\n"),
  );
});

test("a wide character takes two columns, a family of emoji too", () => {
  assert.equal(
    textTable(
      [
        ["a", "b"],
        ["東京", "c"],
        ["👩‍👩‍👧‍👦", "d"],
        ["xyzw", "e"],
      ],
      [],
    ),
    ["a    | b", "-----|--", "東京 | c", "👩‍👩‍👧‍👦   | d", "xyzw | e"].join("\n"),
  );
});

test("a row with too few cells is filled, one with too many gets its columns", () => {
  assert.equal(textTable([["a", "b"], ["1"], ["1", "2", "3"]], []), "a | b |\n--|---|--\n1 |   |\n1 | 2 | 3");
});

test("one long cell does not make every row long", () => {
  const rows = [["a", "b"], ...Array.from({ length: 100 }, () => ["1", "2"]), ["x".repeat(3000), "y"]];
  assert.ok(textTable(rows, []).length < 3000 + 103 * 45);
});
