import assert from "node:assert/strict";
import { test } from "node:test";
import { pathText, valueAt, withValueAt } from "../../config/tree.ts";

test("a path is written as people write it", () => {
  assert.equal(pathText(["routes", 0, "match", "chatId"]), "routes[0].match.chatId");
  assert.equal(pathText(["agents", "a b", "kind"]), 'agents["a b"].kind');
  assert.equal(pathText(["agents", "a\u001b[2J\n"]), 'agents["a\\u001b[2J\\n"]');
});

test("a value that is not there is undefined, also where an object inherits one", () => {
  assert.equal(valueAt({ a: [{ b: 1 }] }, ["a", 0, "b"]), 1);
  assert.equal(valueAt({ a: [1] }, ["a", "length"]), undefined);
  assert.equal(valueAt({ a: 1 }, ["a", "b"]), undefined);
  assert.equal(valueAt({}, ["constructor"]), undefined);
});

test("setting a value makes the sections above it and changes nothing else", () => {
  const tree = { a: { b: 1 }, list: [1] };
  assert.deepEqual(withValueAt(tree, ["a", "c"], 2), { a: { b: 1, c: 2 }, list: [1] });
  assert.deepEqual(withValueAt(tree, ["x", "y"], 2), { ...tree, x: { y: 2 } });
  assert.equal(withValueAt(tree, [], 2), tree);
  assert.deepEqual(withValueAt(tree, ["list", "y"], 2), tree);
});
