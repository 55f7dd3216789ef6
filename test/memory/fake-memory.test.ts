import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf, fakeExtract, fakeSummariser, logLine } from "../support/fake-memory.ts";

const signal = new AbortController().signal;

test("the fake summariser counts, and the fake extractor keeps what it was given", async () => {
  const { summarise, inputs } = fakeSummariser();
  const input = { earlier: [], lines: [logLine(1, "user", "hello")], instructions: null, maxTokens: 100 };
  assert.equal((await summarise(input, signal)).overview, "S1");
  assert.equal((await summarise(input, signal)).overview, "S2");
  assert.equal(inputs.length, 2);
  const { extract, batches } = fakeExtract([claimOf("uses Go")]);
  assert.deepEqual(await extract({ lines: input.lines, known: [] }, signal), [claimOf("uses Go")]);
  assert.deepEqual(batches, [input.lines]);
});
