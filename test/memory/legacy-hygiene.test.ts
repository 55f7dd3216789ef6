import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Bucket } from "../../src/memory/claims.ts";
import { isLegacyTransient, legacyBucket, legacyFingerprint, legacyHygiene } from "../../src/memory/legacy-hygiene.ts";
import { readMemoryVectors, type Vector } from "./vectors/read-vectors.ts";

const vectors = readMemoryVectors<{
  readonly normalize_extracted_memory: readonly Vector<string, string>[];
  readonly fingerprint: readonly Vector<string, string>[];
  readonly is_transient: readonly Vector<string, boolean>[];
  readonly classify_intent: readonly Vector<string, Bucket>[];
}>("hygiene");

test("what the reference stores of an extraction comes out byte for byte", () => {
  assert.equal(vectors.normalize_extracted_memory.length, 27);
  for (const { name, in: text, out } of vectors.normalize_extracted_memory)
    assert.equal(legacyHygiene(text), out, name);
});

test("its fingerprints, transient lines and buckets are the same", () => {
  for (const { in: text, out } of vectors.fingerprint) assert.equal(legacyFingerprint(text), out, text);
  for (const { in: text, out } of vectors.is_transient) assert.equal(isLegacyTransient(text), out, text);
  for (const { in: text, out } of vectors.classify_intent) assert.equal(legacyBucket(text), out, text);
});

/** text, what comes of it: where Go and JavaScript differ and no vector looks */
const traps: readonly (readonly [string, string])[] = [
  ["- \u017fession id x", "- \u017fession id x"],
  ["x\u017fession id x", "NO_MEMORY_NEEDED"],
  ["- stac\u212a trace", "NO_MEMORY_NEEDED"],
  ["\ufeff- likes tea", "- \ufeff- likes tea"],
  ["\u0085- likes tea\u0085", "- likes tea"],
  ["- likes\u2028tea", "- likes\u2028tea"],
  ["\u0663. likes", "- \u0663. likes"],
  ["ΣΑΣ likes\nσασ likes", "- ΣΑΣ likes"],
  ["Na\u00efve default\n- uses Go now", "- Na\u00efve default\n- uses Go now"],
  ["uses Go now\nlikes tea", "- likes tea\n- uses Go now"],
];

for (const [text, stored] of traps) {
  test(`${JSON.stringify(text)} is stored as ${JSON.stringify(stored)}`, () => {
    assert.equal(legacyHygiene(text), stored);
  });
}

test("what it stores has no line twice, and every line of it is one that was given", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), (lines) => {
      const stored = legacyHygiene(lines.join("\n")).split("\n");
      const prints = stored.map((line) => legacyFingerprint(line.slice(2)));
      if (stored.length > 1) assert.equal(new Set(stored).size, stored.length);
      assert.ok(prints.length <= Math.max(1, lines.join("\n").split("\n").length));
    }),
  );
});
