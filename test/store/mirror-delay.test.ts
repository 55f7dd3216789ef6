import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../../src/store/store.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { copyDatabase, dmSource, line, mirrorText, NOON_MS, testRules } from "../support/test-store.ts";

/** A store as the daemon opens it, whose lines are gathered. */
function gatheringStore(dataDir: string, clock: FakeClock) {
  return openStore({ dataDir, clock, rules: testRules() });
}

test("lines of a tenth of a second reach their file together, and all of them when the store closes", async () => {
  using folder = tempDir();
  const clock = fakeClock(NOON_MS);
  const fileOf = (sessionId: string) => join(folder.path, "transcripts", `${sessionId}.jsonl`);
  const store = await gatheringStore(folder.path, clock);
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  for (const text of ["one", "two", "three"]) await store.appendMessages(session.sessionId, [line(text)]);
  assert.equal(existsSync(fileOf(session.sessionId)), false);
  await clock.advance(100);
  assert.equal(readFileSync(fileOf(session.sessionId), "utf8"), mirrorText(store, session.sessionId));
  await store.appendMessages(session.sessionId, [line("four")]);
  const expected = mirrorText(store, session.sessionId);
  await store[Symbol.asyncDispose]();
  assert.equal(readFileSync(fileOf(session.sessionId), "utf8"), expected);
});

test("a process that dies with lines gathered leaves what the next start writes", async () => {
  using folder = tempDir();
  using copy = tempDir();
  const clock = fakeClock(NOON_MS);
  await using store = await gatheringStore(folder.path, clock);
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(session.sessionId, [line("one")]);
  await clock.advance(2_000);
  await store.appendMessages(session.sessionId, [line("two")]);
  copyDatabase(folder.path, copy.path);
  await using next = await gatheringStore(copy.path, clock);
  const path = join(copy.path, "transcripts", `${session.sessionId}.jsonl`);
  assert.equal(readFileSync(path, "utf8"), mirrorText(next, session.sessionId));
});

test("a rewrite and a check see the lines that were gathered before them", async () => {
  using folder = tempDir();
  const clock = fakeClock(NOON_MS);
  await using store = await gatheringStore(folder.path, clock);
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(session.sessionId, [line("one"), line("two")]);
  assert.deepEqual(store.healTranscript(session.sessionId), { kind: "whole" });
  await store.appendMessages(session.sessionId, [line("three")]);
  await store.rewriteTranscript(session.sessionId, [line("one")]);
  await clock.advance(1_000);
  const path = join(folder.path, "transcripts", `${session.sessionId}.jsonl`);
  assert.equal(readFileSync(path, "utf8"), mirrorText(store, session.sessionId));
});
