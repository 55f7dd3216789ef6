import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { Draft } from "../../src/store/append-message.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { dmSource, line, mirrorPath, mirrorText, NOON_MS, testStore } from "../support/test-store.ts";

test("lines are numbered without gaps from 1 and read newest last, a page at a time", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  assert.deepEqual(store.transcript(id, { limit: 10 }), []);
  const drafts = Array.from({ length: 25 }, (_, n) => line(`text ${n + 1}`));
  assert.equal(await store.appendMessages(id, drafts), 25);
  const numbers = (limit: number, before?: number) =>
    store.transcript(id, before === undefined ? { limit } : { limit, before }).map(({ seq }) => seq);
  assert.deepEqual(numbers(3), [23, 24, 25]);
  assert.deepEqual(numbers(3, 23), [20, 21, 22]);
  assert.deepEqual(numbers(100, 3), [1, 2]);
  assert.deepEqual(numbers(100, 1), []);
  assert.equal(store.session(id)?.messageCount, 25);
});

test("every field of a line comes back as it was given", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const draft: Draft = {
    role: "tool",
    content: 'line one\nline two\u2028 "quoted" \u0000 \u{1f600} ',
    atMs: NOON_MS + 123,
    messageId: "42",
    senderId: "u",
    senderName: "Ünïcödé <b>",
    extra: { tool_calls: [{ id: "c1", args: { a: [1, 2.5, null, true] } }], role: "clash" },
  };
  await store.appendMessages(session.sessionId, [draft]);
  assert.deepEqual(store.transcript(session.sessionId, { limit: 1 }), [{ seq: 1, ...draft }]);
});

test("a platform message that is stored already is not stored twice, in a later call or in the same", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  assert.equal(await store.appendMessages(id, [line("a", { messageId: "1" }), line("again", { messageId: "1" })]), 1);
  const later = [line("b", { messageId: "1" }), line("c", { messageId: "2" }), line("d"), line("d")];
  assert.equal(await store.appendMessages(id, later), 3);
  assert.deepEqual(
    store.transcript(id, { limit: 10 }).map(({ seq, content }) => `${seq} ${content}`),
    ["1 a", "2 c", "3 d", "4 d"],
  );
  const { session: other } = await store.resolveSession(dmSource("2"), NOON_MS);
  assert.equal(await store.appendMessages(other.sessionId, [line("b", { messageId: "1" })]), 1, "another session");
});

test("lines of two calls in one tick do not share a number", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await Promise.all(["a", "b", "c"].map((text) => store.appendMessages(session.sessionId, [line(text), line(text)])));
  assert.deepEqual(
    store.transcript(session.sessionId, { limit: 10 }).map(({ seq, content }) => `${seq}${content}`),
    ["1a", "2a", "3b", "4b", "5c", "6c"],
  );
});

test("a session that is not there is an error, and a line that cannot be stored takes its whole call back", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const gone = (error: unknown) => error instanceof StoreError && error.kind === "not_found";
  await assert.rejects(store.appendMessages("20260101_000000_00000000", [line("a")]), gone);
  assert.throws(() => store.transcript("../../etc/passwd", { limit: 1 }), gone);
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await assert.rejects(store.appendMessages(session.sessionId, [line("a"), line("b", { atMs: 1.5 })]));
  assert.deepEqual(store.transcript(session.sessionId, { limit: 10 }), []);
});

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom("a", "\ud800", "\udc00", "\u0000", "\n", "\u2028", "é", '"', "\\"), maxLength: 8 }),
);
const draft: fc.Arbitrary<Draft> = fc.record({
  role: fc.constantFrom("user", "assistant", "system", "tool"),
  content: text,
  atMs: fc.integer({ min: 0, max: 4e12 }),
  messageId: fc.option(fc.oneof(text, fc.constantFrom("1", "2", "3"))),
  senderId: fc.option(text),
  senderName: fc.option(text),
  extra: fc.option(fc.dictionary(text, fc.jsonValue(), { minKeys: 1, maxKeys: 3 })),
});

test("whatever is appended and rewritten, numbers have no gaps, platform ids no doubles, and the file is the rows", async () => {
  await using opened = await testStore();
  const { store, dataDir } = opened;
  let chat = 0;
  const change = fc.record({
    act: fc.constantFrom("append", "append", "undo", "rewrite"),
    drafts: fc.array(draft, { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 6 }), async (changes) => {
      chat += 1;
      const { session } = await store.resolveSession(dmSource(String(chat)), NOON_MS);
      const id = session.sessionId;
      for (const { act, drafts } of changes) {
        const stored = store.transcript(id, { limit: 1_000 }).map(({ seq: _seq, ...rest }) => rest);
        if (act === "append") await store.appendMessages(id, drafts);
        if (act === "undo") await store.rewriteTranscript(id, stored.slice(0, -drafts.length || undefined));
        if (act === "rewrite") await store.rewriteTranscript(id, [...stored.slice(0, 2), ...drafts]);
      }
      const rows = store.transcript(id, { limit: 1_000 });
      assert.deepEqual(
        rows.map(({ seq }) => seq),
        rows.map((_, place) => place + 1),
      );
      assert.equal(store.session(id)?.messageCount, rows.length);
      const ids = rows.map(({ messageId }) => messageId).filter((one) => one !== null);
      assert.equal(new Set(ids).size, ids.length);
      if (rows.length > 0) assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
      assert.deepEqual(store.healTranscript(id), { kind: "whole" });
    }),
    { numRuns: 80 },
  );
});
