import assert from "node:assert/strict";
import { test } from "node:test";
import type { Share } from "../../bench/memory/judge.ts";
import { type ModelKind, memoryQuality } from "../../bench/memory/memory-quality.ts";
import { tempDir } from "../support/temp-dir.ts";

// A short form of `npm run bench:memory`: some months of a person's direct chat and of groups.
const SIZE = { sessions: 14, turnsASession: 22 };

/** The model, and the part of what was planted that has to be in the context when it is asked for. */
const kinds: readonly (readonly [kind: ModelKind, seed: number, floor: number])[] = [
  ["good", 11, 0.9],
  ["sloppy", 12, 0.3],
  ["none", 13, 0.2],
];

for (const [kind, seed, floor] of kinds) {
  test(`over months of conversation, with ${kind === "none" ? "no" : `a ${kind}`} model: no secret is kept, nothing is shown to who was not there, and what was planted is known`, async () => {
    using folder = tempDir();
    const quality = await memoryQuality(folder.path, seed, kind, SIZE);
    assert.ok(quality.secrets >= 3, `${quality.secrets} secrets were given away`);
    assert.deepEqual(quality.secretsStored, []);
    assert.deepEqual(quality.secretsShown, []);
    assert.deepEqual(quality.leaks, []);
    assert.ok(quality.recall.all.of >= 15, `${quality.recall.all.of} questions`);
    assert.ok(partOf(quality.recall.all) >= floor, `${quality.recall.all.hits} of ${quality.recall.all.of} were known`);
    assert.equal(partOf(quality.recall["same session"]) >= 0.7, true);
    if (kind !== "good") return;
    assert.ok(quality.staleAlone.of > 0, "nothing that was updated was asked for");
    assert.equal(quality.staleAlone.hits + quality.staleBeside.hits, 0);
  });
}

function partOf({ hits, of }: Share): number {
  return of === 0 ? 1 : hits / of;
}
