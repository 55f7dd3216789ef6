import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { missingLines } from "../../src/store/missing-lines.ts";
import type { TranscriptMessage } from "../../src/store/transcript-line.ts";

const message = (content: string) =>
  ({ role: "user", content, atMs: 0, messageId: null, senderId: null, senderName: null, extra: null }) as const;
const read = (contents: readonly string[]) =>
  contents.map((content, place) => ({ kind: "message", line: place + 1, message: message(content) }) as const);
const missing = (file: readonly string[], stored: readonly string[]) =>
  [
    ...missingLines(
      read(file),
      stored.map((content, place) => ({ ...message(content), seq: place + 1 })),
    ),
  ].map((line) => (line.kind === "message" ? line.message.content : line.why));
const contents = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });

test("after the missing lines are appended, nothing is missing, and every line is there as often as in either", () => {
  fc.assert(
    fc.property(contents, contents, (file, stored) => {
      const now = [...stored, ...missing(file, stored)];
      assert.deepEqual(missing(file, now), []);
      const count = (all: readonly string[], one: string) => all.filter((other) => other === one).length;
      for (const one of ["a", "b", "c"]) assert.equal(count(now, one), Math.max(count(file, one), count(stored, one)));
    }),
  );
});

test("a transcript that begins like the file lacks the rest, in the file's order", () => {
  fc.assert(
    fc.property(contents, contents, (stored, rest) => {
      assert.deepEqual(missing([...stored, ...rest], stored), rest);
    }),
  );
});

test("what is stored while the lines are read does not count as stored before", () => {
  const stored: TranscriptMessage[] = [{ ...message("x"), seq: 1 }];
  const found: string[] = [];
  for (const line of missingLines(read(["a", "a", "a"]), stored)) {
    assert.ok(line.kind === "message");
    stored.push({ ...line.message, seq: stored.length + 1 });
    found.push(line.message.content);
  }
  assert.deepEqual(found, ["a", "a", "a"]);
});

test("lines that are no messages are passed on", () => {
  const refused = { kind: "refused", line: 1, why: "broken" } as const;
  assert.deepEqual([...missingLines([refused], [])], [refused]);
});
