import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fingerprint } from "../../src/memory/fingerprint.ts";
import { MAX_CLAIMS, readClaims } from "../../src/memory/read-claims.ts";
import { claimOf, logLine } from "../support/fake-memory.ts";

const lines = [
  logLine(1, "user", "I moved to Lisbon", { senderId: "alice" }),
  logLine(2, "user", "and I like tea", { senderId: "bob" }),
];
const known = ["Alice lives in Porto", "Bob likes tea"];

function read(...claims: readonly unknown[]) {
  return readClaims(JSON.stringify({ claims }), { lines, known });
}

test("a claim is read with its author and what it replaces", () => {
  const raw = {
    kind: "update",
    content: "Alice lives in Lisbon",
    bucket: "project_fact",
    about: "user",
    author: "p1",
    confidence: 1,
    replaces: "k1",
  };
  const expected = claimOf("Alice lives in Lisbon", {
    kind: "update",
    author: "alice",
    confidence: 1,
    replaces: fingerprint("Alice lives in Porto"),
  });
  assert.deepEqual(read(raw), [expected]);
  for (const replaces of [1, "1", "K1", "alice lives in porto."])
    assert.deepEqual(read({ ...raw, replaces }), [expected]);
});

test("what points at something known needs no words", () => {
  assert.equal(read({ kind: "reinforce", replaces: "k2" })?.[0]?.content, "Bob likes tea");
  assert.equal(read({ kind: "forget", replaces: "k2", content: "" })?.[0]?.kind, "forget");
  assert.deepEqual(read({ kind: "update", replaces: "k2" }), []);
});

test("nothing is taken on trust", () => {
  const [claim] =
    read({
      content: "Carol likes tea",
      about: "user",
      author: "carol",
      isExplicit: true,
      confidence: 7,
      replaces: "k9",
    }) ?? [];
  assert.deepEqual(
    claim,
    claimOf("Carol likes tea", { bucket: "preference", about: "session", author: null, confidence: 0.5 }),
  );
});

test("where one person alone spoke, it was that one", () => {
  const answer = JSON.stringify([{ content: "lives in Lisbon", about: "user" }]);
  assert.equal(readClaims(answer, { lines: lines.slice(0, 1), known })?.[0]?.author, "alice");
  assert.equal(readClaims(answer, { lines, known })?.[0]?.about, "session");
});

test("nothing to note is an empty list, and no answer is null", () => {
  for (const answer of ['{"claims":[]}', "[]", "NO_MEMORY_NEEDED"])
    assert.deepEqual(readClaims(answer, { lines, known }), []);
  for (const answer of ["", "I can't do that.", '{"claims":"none"}', "{}"])
    assert.equal(readClaims(answer, { lines, known }), null, answer);
});

test("a list of lines is read as claims nobody is sure of", () => {
  const answer = "Here is what matters:\n- User prefers tea\n2) The repo uses Go\n\nAnything else?";
  const [tea, go, ...rest] = readClaims(answer, { lines: lines.slice(0, 1), known }) ?? [];
  assert.deepEqual(tea, claimOf("- User prefers tea", { bucket: "preference", author: "alice", confidence: 0.5 }));
  assert.deepEqual([go?.content, go?.bucket, rest.length], ["2) The repo uses Go", "project_fact", 0]);
  assert.equal(readClaims(answer, { lines, known })?.[0]?.about, "session");
});

test("one that breaks off gives what is whole of it, and too many are cut", () => {
  assert.equal(readClaims('{"claims":[{"content":"a b"},{"content":"c', { lines, known })?.length, 1);
  assert.equal(read(...Array.from({ length: 80 }, (_, index) => ({ content: `fact ${index}` })))?.length, MAX_CLAIMS);
});

test("whatever is answered, authors have spoken and targets are known", () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.constantFrom("kind", "content", "about", "author", "replaces"), fc.jsonValue())),
      (claims) => {
        for (const claim of read(...claims) ?? []) {
          assert.ok(claim.author === null || claim.author === "alice" || claim.author === "bob");
          assert.ok(claim.replaces === null || known.some((text) => fingerprint(text) === claim.replaces));
          assert.ok(!claim.isExplicit && claim.content.trim() !== "");
        }
      },
    ),
  );
});
