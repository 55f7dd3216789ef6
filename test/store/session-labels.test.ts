import assert from "node:assert/strict";
import { test } from "node:test";
import { readTitle } from "../../src/store/session-labels.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { dmSource, NOON_MS, testStore } from "../support/test-store.ts";

const titles: readonly (readonly [given: string | null, kept: string | null])[] = [
  ["Trip to Lyon", "Trip to Lyon"],
  ["  two\n lines\u2028and\u0007 more\t ", "two lines and more"],
  ["\u0000\u001b[31mred", "[31mred"],
  ["   ", null],
  ["", null],
  [null, null],
  ["x".repeat(200), "x".repeat(200)],
];
for (const [given, kept] of titles) {
  test(`the title ${JSON.stringify(given)?.slice(0, 40)} is kept as ${JSON.stringify(kept)?.slice(0, 40)}`, () => {
    assert.equal(readTitle(given), kept);
  });
}

const invalid = (error: unknown) => error instanceof StoreError && error.kind === "invalid";

test("titles are set and cleared, and a title that is too long is refused with its length", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await store.setTitle(id, " Ops ");
  assert.equal(store.session(id)?.title, "Ops");
  await assert.rejects(store.setTitle(id, "x".repeat(201)), /at most 200 characters, got 201/);
  assert.equal(store.session(id)?.title, "Ops");
  await store.setTitle(id, null);
  assert.equal(store.session(id)?.title, null);
});

test("tags are kept once each, in order, at most 32, and can be taken off", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await Promise.all(["b", "a", "b"].map((tag) => store.addTag(id, tag)));
  assert.deepEqual(store.tags(id), ["a", "b"]);
  await store.removeTag(id, "a");
  await store.removeTag(id, "never there");
  assert.deepEqual(store.tags(id), ["b"]);
  for (const tag of ["", " ", "x".repeat(65)]) await assert.rejects(store.addTag(id, tag), invalid);
  for (let n = 1; n < 32; n++) await store.addTag(id, `t${n}`);
  await assert.rejects(store.addTag(id, "one too many"), /at most 32/);
  await store.addTag(id, "b");
  assert.equal(store.tags(id).length, 32);
  assert.ok(!store.tags(id).includes("one too many"));
});

test("data that programs keep is replaced as a whole, and bounded", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  assert.deepEqual(store.customData(id), {});
  await store.setCustomData(id, { a: [1, { b: "ü" }], n: null });
  assert.deepEqual(store.customData(id), { a: [1, { b: "ü" }], n: null });
  await store.setCustomData(id, { c: 1 });
  assert.deepEqual(store.customData(id), { c: 1 });
  await assert.rejects(store.setCustomData(id, { big: "ü".repeat(8_192) }), /at most 16384 bytes of JSON, got 16394/);
  assert.deepEqual(store.customData(id), { c: 1 });
});
