import assert from "node:assert/strict";
import { test } from "node:test";
import { commitSession } from "../../src/memory/commit-session.ts";
import { chainOf } from "../../src/memory/file-claims.ts";
import { refreshSession } from "../../src/memory/refresh-session.ts";
import {
  extractionWatermark,
  markExtracted,
  pendingExtraction,
  selectExtractions,
} from "../../src/store/extractions.ts";
import { takeBack } from "../../src/store/undo.ts";
import { claimOf, lifecycleWorld, numbered } from "../support/lifecycle-world.ts";

const now = { reason: "test" };

test("exactly the lines that were extracted are marked, and one that came meanwhile is pending", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 3));
  const lifecycle = {
    ...world.lifecycle,
    extract: async (input: { lines: readonly { seq: number }[] }) => {
      if (input.lines.length === 3) await world.say(session, "m4");
      if (input.lines.length === 1) throw new Error("overloaded");
      return [claimOf("Prefers short answers")];
    },
  };
  const result = await refreshSession(lifecycle, session.sessionId, now);
  assert.deepEqual([result.ok, !result.ok && result.reason], [false, "extractor_failed"]);
  assert.deepEqual(selectExtractions(world.store.reader, session.row), [{ fromSeq: 1, toSeq: 3 }]);
  assert.deepEqual(pendingExtraction(world.store.reader, session.row, 4), [{ fromSeq: 4, toSeq: 4 }]);
  assert.equal(chainOf(world.store.reader, session.sessionId).length, 1);
});

test("where 1 and 4 are done and 2 and 3 are not, the watermark is 1 and the next batch is exactly 2 and 3", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 4));
  await world.store.write((tx) => {
    markExtracted(tx, session.row, { fromSeq: 1, toSeq: 1 });
    markExtracted(tx, session.row, { fromSeq: 4, toSeq: 4 });
  });
  assert.equal(extractionWatermark(world.store.reader, session.row), 1);
  assert.ok((await refreshSession(world.lifecycle, session.sessionId, now)).ok);
  assert.deepEqual(world.extracted, [[2, 3]]);
  assert.deepEqual(selectExtractions(world.store.reader, session.row), [{ fromSeq: 1, toSeq: 4 }]);
});

test("too few pending lines wait, and a session without a model says so", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 2));
  const few = await refreshSession(world.lifecycle, session.sessionId, { ...now, minPending: 3 });
  assert.equal(!few.ok && few.reason, "nothing_pending");
  const none = await refreshSession({ ...world.lifecycle, extract: null }, session.sessionId, now);
  assert.equal(!none.ok && none.reason, "no_model");
});

test("a commit extracts what it archives first; where that fails the lines are archived, and extracted from there later", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const broken = { ...world.lifecycle, extract: () => Promise.reject(new Error("overloaded")) };
  const first = await commitSession(broken, session.sessionId, now);
  assert.ok(first.ok);
  assert.deepEqual(selectExtractions(world.store.reader, session.row), []);
  await world.say(session, ...numbered(13, 24));
  assert.ok((await commitSession(world.lifecycle, session.sessionId, now)).ok);
  assert.deepEqual(world.extracted, [numbered(1, 19).map((_, place) => place + 1)]);
});

test("what was learned from lines that are taken back is forgotten, with the marks on them", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 2));
  world.claims.push([claimOf("Prefers short answers")], [claimOf("Works on the parser", { bucket: "project_fact" })]);
  await refreshSession(world.lifecycle, session.sessionId, now);
  await world.say(session, ...numbered(3, 4));
  await refreshSession(world.lifecycle, session.sessionId, now);
  await world.store.write((tx) => takeBack(tx, world.row(session), 3));
  const contents = chainOf(world.store.reader, session.sessionId).map(({ content }) => content);
  assert.deepEqual(contents, ["Prefers short answers"]);
  assert.deepEqual(selectExtractions(world.store.reader, session.row), [{ fromSeq: 1, toSeq: 2 }]);
});

test("claims are clean, known once, and a secret is not among them", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 2));
  world.claims.push([
    claimOf("Uses Go.", { bucket: "project_fact" }),
    claimOf("uses go", { bucket: "project_fact" }),
    claimOf("The password is hunter2-Hq9xv"),
  ]);
  const result = await refreshSession(world.lifecycle, session.sessionId, now);
  assert.ok(result.ok);
  assert.deepEqual([result.kept, result.reinforced, result.refused], [1, 0, { repeated: 1, secret: 1 }]);
  world.claims.push([claimOf("uses go", { bucket: "project_fact" })]);
  await world.say(session, "m3");
  await refreshSession(world.lifecycle, session.sessionId, now);
  const chain = chainOf(world.store.reader, session.sessionId);
  assert.deepEqual(
    chain.map(({ content, reinforced }) => [content, reinforced]),
    [["Uses Go.", 1]],
  );
});
