import assert from "node:assert/strict";
import { test } from "node:test";
import { type LifecycleWorld, lifecycleWorld } from "../../support/lifecycle-world.ts";

/** One vector, or a part of it, and what comes of the same in the real store. */
export interface VectorCase {
  readonly of: string;
  /** The reference's result, or the part of it that is compared. */
  readonly reference: unknown;
  readonly ours: (world: LifecycleWorld) => Promise<unknown>;
  /** What comes of it here where the reference is wrong, and why. */
  readonly departs?: { readonly to: unknown; readonly why: string };
}

/** Runs the cases, and sees that every vector is run or named in `absent`, with why it has no counterpart. */
export function testVectors(
  file: string,
  vectors: Readonly<Record<string, unknown>>,
  cases: readonly VectorCase[],
  absent: Readonly<Record<string, string>>,
): void {
  test(`every vector of ${file} is run, or named as having no counterpart`, () => {
    const covered = new Set([...cases.map(({ of }) => of), ...Object.keys(absent)]);
    assert.deepEqual(
      Object.keys(vectors).filter((name) => !covered.has(name)),
      [],
    );
    assert.deepEqual(
      [...covered].filter((name) => !(name in vectors)),
      [],
    );
  });
  for (const [index, { of, reference, ours, departs }] of cases.entries()) {
    test(`${file} ${index + 1}, ${of}: ${departs === undefined ? "as the reference" : departs.why}`, async () => {
      await using world = await lifecycleWorld();
      const result = await ours(world);
      assert.deepEqual(result, departs === undefined ? reference : departs.to);
      if (departs !== undefined) assert.notDeepEqual(result, reference, "no departure any more");
    });
  }
}
