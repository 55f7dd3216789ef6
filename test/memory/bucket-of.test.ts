import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketOf } from "../../src/memory/bucket-of.ts";
import type { Bucket } from "../../src/memory/claims.ts";

const table: readonly (readonly [string, Bucket])[] = [
  ["User preference: concise output", "preference"],
  ["Alice prefers tabs", "preference"],
  ["Bob dislikes meetings", "preference"],
  ["The default branch is main", "project_fact"],
  ["the repo is private", "project_fact"],
  ["uses Go", "project_fact"],
  ["Bob's birthday is in May", "project_fact"],
  ["they talked about the weather", "session_summary"],
  ["the likeness is good", "project_fact"],
];

for (const [line, bucket] of table) {
  test(`${line}: ${bucket}`, () => {
    assert.equal(bucketOf(line), bucket);
  });
}
