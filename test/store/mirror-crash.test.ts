import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Clock } from "../../src/clock/clock.ts";
import type { SessionStore } from "../../src/store/store.ts";
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

/** What a process leaves that dies when the database has all of now, and the folder of transcripts what it had in `transcriptsFrom`. */
async function afterCrash(dataDir: string, transcriptsFrom: string, check: (store: SessionStore, dir: string) => void) {
  using folder = tempDir();
  copyDatabase(dataDir, folder.path);
  if (existsSync(transcriptsFrom)) cpSync(transcriptsFrom, join(folder.path, "transcripts"), { recursive: true });
  await using store = await openTestStore(folder.path, fakeClock(NOON_MS));
  check(store, folder.path);
}

/** Every session's file is its rows, and deleted ones have none. */
function assertMirrored(store: SessionStore, dataDir: string): void {
  const { sessions } = store.listSessions({ limit: 500 });
  for (const { sessionId } of sessions) {
    const path = mirrorPath(dataDir, sessionId);
    assert.equal(existsSync(path) ? readFileSync(path, "utf8") : "", mirrorText(store, sessionId), sessionId);
  }
  const ids = new Set<string>(sessions.map(({ sessionId }) => sessionId));
  const strays = readdirSync(join(dataDir, "transcripts")).filter(
    (name) => !name.includes("quarantine") && !ids.has(name.replace(".jsonl", "")),
  );
  assert.deepEqual(strays, []);
}

type Step = { readonly act: string; readonly chat: number; readonly count: number };
const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom("append", "append", "append", "undo", "rewrite", "delete", "wait"),
  chat: fc.nat(2),
  count: fc.integer({ min: 1, max: 4 }),
});

async function perform(store: SessionStore, { act, chat, count }: Step, n: number): Promise<void> {
  const { session } = await store.resolveSession(dmSource(String(chat)), NOON_MS);
  const id = session.sessionId;
  const drafts = Array.from({ length: count }, (_, k) => line(`${n}.${k}`));
  const stored = store.transcript(id, { limit: 1_000 }).map(({ seq: _seq, ...rest }) => rest);
  if (act === "append") await store.appendMessages(id, drafts);
  if (act === "undo") await store.rewriteTranscript(id, stored.slice(0, -count));
  if (act === "rewrite") await store.rewriteTranscript(id, [...stored.slice(0, -1), ...drafts]);
  if (act === "delete") await store.deleteSession(id, NOON_MS);
}

test("a process that dies between a commit and its files leaves what the next start mends, at every step", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
      await using opened = await testStore();
      const { store, dataDir, clock } = opened;
      using before = tempDir();
      for (const [n, each] of steps.entries()) {
        const folder = join(before.path, String(n));
        cpSync(join(dataDir, "transcripts"), folder, { recursive: true });
        if (each.act === "wait") await clock.advance(1_000);
        else await perform(store, each, n);
        assertMirrored(store, dataDir);
        if (n === steps.length - 1) await afterCrash(dataDir, folder, assertMirrored);
      }
    }),
    { numRuns: 40 },
  );
});

test("a line that reuses the row number of an undone one is mended like any other", async () => {
  await using opened = await testStore();
  const { store, dataDir, clock } = opened;
  const { session: one } = await store.resolveSession(dmSource("1"), NOON_MS);
  const { session: two } = await store.resolveSession(dmSource("2"), NOON_MS);
  for (const undo of [
    () => store.rewriteTranscript(one.sessionId, [line("a")]),
    () => store.deleteSession(one.sessionId, NOON_MS),
  ]) {
    await store.appendMessages(one.sessionId, [line("a"), line("b"), line("c")]);
    await clock.advance(1_000);
    await undo();
    await clock.advance(1_000);
    using before = tempDir();
    cpSync(join(dataDir, "transcripts"), join(before.path, "t"), { recursive: true });
    await store.appendMessages(two.sessionId, [line("in its place")]);
    await afterCrash(dataDir, join(before.path, "t"), assertMirrored);
  }
});

/** A clock whose timers fire when the test says so, in the same tick. */
function handClock(): Clock & { readonly fireAll: () => void } {
  let timers: (() => void)[] = [];
  return {
    nowMs: () => NOON_MS,
    monotonicMs: () => 0,
    setTimer(_delayMs, fire) {
      timers.push(fire);
      return {
        cancel() {
          timers = timers.filter((one) => one !== fire);
        },
      };
    },
    fireAll() {
      const due = timers;
      timers = [];
      for (const fire of due) fire();
    },
  };
}

for (const order of ["before", "after"] as const) {
  test(`how far the mirror has come is not stored ${order} an undo of the same transaction as if it were done`, async () => {
    using folder = tempDir();
    const clock = handClock();
    await using store = await openTestStore(folder.path, clock);
    const { session: one } = await store.resolveSession(dmSource("1"), NOON_MS);
    const { session: two } = await store.resolveSession(dmSource("2"), NOON_MS);
    await store.appendMessages(one.sessionId, [line("a"), line("b"), line("c")]);
    clock.fireAll();
    await store.appendMessages(one.sessionId, [line("d")]);
    using before = tempDir();
    cpSync(join(folder.path, "transcripts"), join(before.path, "t"), { recursive: true });
    if (order === "before") clock.fireAll();
    const undone = store.rewriteTranscript(one.sessionId, [line("a")]);
    const added = store.appendMessages(two.sessionId, [line("in its place")]);
    if (order === "after") clock.fireAll();
    await Promise.all([undone, added]);
    await afterCrash(folder.path, join(before.path, "t"), assertMirrored);
    assertMirrored(store, folder.path);
    clock.fireAll();
    await store.setTitle(two.sessionId, "settled");
    await afterCrash(folder.path, join(folder.path, "transcripts"), assertMirrored);
  });
}

const ends: readonly (readonly [what: string, damage: (path: string, whole: string) => void])[] = [
  ["a torn last line", (path, whole) => writeFileSync(path, whole.slice(0, -9))],
  ["only half of the lines", (path, whole) => writeFileSync(path, whole.slice(0, whole.indexOf("\n") + 1))],
  ["a last line without its end", (path, whole) => writeFileSync(path, whole.slice(0, -1))],
  ["the new lines behind the undone ones", (path, whole) => appendFileSync(path, whole.slice(-30))],
];
for (const [what, damage] of ends) {
  test(`a file that was left with ${what} is its rows again after a start`, async () => {
    await using opened = await testStore();
    const { store, dataDir } = opened;
    const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
    await store.appendMessages(session.sessionId, [line("a"), line("b"), line("c")]);
    using left = tempDir();
    mkdirSync(join(left.path, "t"));
    damage(join(left.path, "t", `${session.sessionId}.jsonl`), mirrorText(store, session.sessionId));
    await afterCrash(dataDir, join(left.path, "t"), assertMirrored);
  });
}
