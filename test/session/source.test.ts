import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { checkedSource, participantOf, readSessionSource, type SessionSource } from "../../src/session/source.ts";
import { sourceOf } from "./source-of.ts";

test("what a source does not say is null, and its account the default one", () => {
  assert.deepEqual(readSessionSource({ platform: "telegram", chatType: "dm", chatId: "C1" }), sourceOf());
});

test("an empty string counts as absent", () => {
  const read = readSessionSource({
    ...sourceOf(),
    threadId: "",
    userId: "",
    userIdAlt: "",
    userName: "",
    workspaceId: "",
  });
  assert.deepEqual(read, sourceOf());
});

test("unknown fields are left behind", () => {
  assert.deepEqual(readSessionSource({ ...sourceOf(), admin: true }), sourceOf());
});

test("long names are cut, and never in the middle of a character", () => {
  const { chatTopic, userName } = readSessionSource({
    ...sourceOf(),
    chatTopic: "x".repeat(2000),
    userName: `${"x".repeat(1023)}😀`,
  });
  assert.equal(chatTopic?.length, 1024);
  assert.equal(userName?.isWellFormed(), true);
});

const wrong: readonly (readonly [field: string, value: unknown])[] = [
  ["platform", ""],
  ["platform", "Telegram"],
  ["platform", "a:b"],
  ["platform", undefined],
  ["chatType", "forum"],
  ["chatId", ""],
  ["chatId", null],
  ["chatId", 42],
  ["chatId", "x".repeat(513)],
  ["threadId", 42],
  ["userId", { id: 1 }],
  ["userName", 42],
];

for (const [field, value] of wrong) {
  test(`a source's ${field} cannot be ${JSON.stringify(value)?.slice(0, 20)}`, () => {
    assert.throws(
      () => readSessionSource({ ...sourceOf(), [field]: value }),
      (error) => error instanceof z.ZodError && error.issues[0]?.path[0] === field,
    );
  });
}

test("ids that are stored as UTF-8 read back as they were", () => {
  const { chatId } = readSessionSource({ ...sourceOf(), chatId: "a\ud800" });
  assert.equal(Buffer.from(chatId, "utf8").toString("utf8"), chatId);
});

test("the alternative id of a person wins, and an empty one is none", () => {
  assert.equal(participantOf(sourceOf({ userId: "7", userIdAlt: "u-7" })), "u-7");
  assert.equal(participantOf(sourceOf({ userId: "7", userIdAlt: "" })), "7");
  assert.equal(participantOf(sourceOf({ userId: "" })), null);
});

test("a source of an adapter's is checked as one of unknown origin is", () => {
  const text = fc.oneof(
    fc.constantFrom<unknown>("", null, undefined, 42, "x".repeat(513), "x".repeat(1025), "a\ud800", "telegram", "dm"),
    fc.string({ unit: "binary", maxLength: 20 }),
  );
  const fields = Object.keys(sourceOf()) as (keyof SessionSource)[];
  const outcome = (act: () => SessionSource) => {
    try {
      return { read: act() };
    } catch (error) {
      return { refused: error instanceof z.ZodError ? error.issues.map(({ path }) => path) : error };
    }
  };
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...fields), text, { maxKeys: 3, noNullPrototype: true }), (odd) => {
      const source = { ...sourceOf({ userId: "7", userName: "Ada" }), ...odd } as SessionSource;
      assert.deepEqual(
        outcome(() => checkedSource(source)),
        outcome(() => readSessionSource(source)),
      );
    }),
    { numRuns: 2_000 },
  );
  const usual = sourceOf({ userId: "7" });
  assert.equal(checkedSource(usual), usual, "what is in order is not made anew");
});
