import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Draft } from "../../src/store/append-message.ts";
import { lastExchanges, takeBack } from "../../src/store/undo.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import {
  copyDatabase,
  dmSource,
  line,
  mirrorPath,
  mirrorText,
  NOON_MS,
  openTestStore,
  testStore,
} from "../support/test-store.ts";

/** `u` a person, `a` the agent, `t` a tool, `s` the system: one line each. */
function linesFor(roles: string): Draft[] {
  const names = { u: "user", a: "assistant", t: "tool", s: "system" } as const;
  return [...roles].map((role, place) => line(`${role}${place + 1}`, { role: names[role as keyof typeof names] }));
}

/** lines, how many exchanges are wanted, how many there are, the first of their lines */
const table: readonly (readonly [roles: string, wanted: number, count: number, from: number | null])[] = [
  ["", 1, 0, null],
  ["ua", 1, 1, 1],
  ["uaua", 1, 1, 3],
  ["uaua", 2, 2, 1],
  ["uaua", 20, 2, 1],
  ["uauuua", 1, 1, 3], // messages that became one turn
  ["uau", 1, 1, 3], // not answered yet
  ["uatta", 1, 1, 1], // tools
  [`ua${"ttta".repeat(60)}`, 1, 1, 1], // more than a page
  ["ua".repeat(130), 20, 20, 221],
  ["aua", 2, 1, 2], // what the agent said first stays
  ["sa", 1, 0, null],
];
for (const [roles, wanted, count, from] of table) {
  test(`the last ${wanted} of ${roles.slice(0, 12)} (${roles.length} lines) begin at ${from}`, async () => {
    await using opened = await testStore();
    const { store } = opened;
    const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
    await store.appendMessages(session.sessionId, linesFor(roles));
    const found = lastExchanges(store.reader, { id: session.row }, wanted);
    assert.equal(found.count, count);
    assert.equal(found.lines[0]?.seq ?? null, from);
    assert.deepEqual(
      found.lines.map(({ seq }) => seq),
      from === null ? [] : Array.from({ length: roles.length - from + 1 }, (_, place) => from + place),
    );
  });
}

test("what is taken back is gone from rows, count, search and file, and the next line takes its place", async () => {
  await using opened = await testStore();
  const { store, dataDir } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await store.appendMessages(id, [line("keep this"), line("zebra", { messageId: "m" })]);
  await store.write((tx) => takeBack(tx, { id: session.row }, 2));
  store.replaceTranscriptFile(id);
  assert.equal(store.session(id)?.messageCount, 1);
  assert.deepEqual(await store.search("zebra", { limit: 5 }), []);
  assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
  assert.equal(await store.appendMessages(id, [line("zebra again", { messageId: "m" })]), 1);
  assert.deepEqual(
    store.transcript(id, { limit: 9 }).map(({ seq, content }) => [seq, content]),
    [
      [1, "keep this"],
      [2, "zebra again"],
    ],
  );
  assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
});

test("a process that dies after the commit and before the file is replaced leaves what the next start mends", async () => {
  await using opened = await testStore();
  const { store, dataDir, clock } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await store.appendMessages(id, linesFor("uauaua"));
  await clock.advance(1_000);
  await store.write((tx) => takeBack(tx, { id: session.row }, 3));
  using left = tempDir();
  copyDatabase(dataDir, left.path);
  cpSync(join(dataDir, "transcripts"), join(left.path, "transcripts"), { recursive: true });
  assert.equal(readFileSync(mirrorPath(left.path, id), "utf8").split("\n").length - 1, 6, "the file is the old one");
  await using next = await openTestStore(left.path, fakeClock(NOON_MS));
  assert.equal(readFileSync(mirrorPath(left.path, id), "utf8"), mirrorText(next, id));
  assert.equal(next.session(id)?.messageCount, 2);
});

test("taking back what is not there changes nothing", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(session.sessionId, linesFor("ua"));
  await store.write((tx) => takeBack(tx, { id: session.row }, 3));
  assert.equal(store.session(session.sessionId)?.messageCount, 2);
});
