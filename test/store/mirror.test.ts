import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { HealReport } from "../../src/store/transcript-heal.ts";
import {
  dmSource,
  line,
  mirrorPath,
  mirrorText,
  NOON_MS,
  rowsOf,
  testStore,
  untilStill,
} from "../support/test-store.ts";

const RETRY_MS = 15_000;

/** A store that notes which files could not be written and which were mended. */
async function watchedStore(dataDir?: string) {
  const failed: string[] = [];
  const healed: (HealReport & { sessionId: string })[] = [];
  const opened = await testStore({
    ...(dataDir === undefined ? {} : { dataDir }),
    events: {
      mirrorFailed: (sessionId) => void failed.push(sessionId),
      mirrorHealed: (sessionId, report) => void healed.push({ sessionId, ...report }),
    },
  });
  return { ...opened, failed, healed, [Symbol.asyncDispose]: opened[Symbol.asyncDispose] };
}

/** Puts a folder where a session's file should be, so that not even root can write it. */
function block(path: string): { readonly lift: () => void } {
  const aside = `${path}.aside`;
  if (existsSync(path)) renameSync(path, aside);
  mkdirSync(path);
  return {
    lift() {
      rmSync(path, { recursive: true });
      if (existsSync(aside)) renameSync(aside, path);
    },
  };
}

test("each line is in the file when its writer is answered", async () => {
  await using opened = await watchedStore();
  const { store, dataDir } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  for (const text of ["a", "b", "c"]) {
    await store.appendMessages(session.sessionId, [line(text)]);
    assert.equal(readFileSync(mirrorPath(dataDir, session.sessionId), "utf8"), mirrorText(store, session.sessionId));
  }
});

test("a file that cannot be written is told of once, and mended when it can be", async () => {
  await using opened = await watchedStore();
  const { store, dataDir, clock, failed, healed } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const { session: other } = await store.resolveSession(dmSource("2"), NOON_MS);
  const path = mirrorPath(dataDir, session.sessionId);
  await store.appendMessages(session.sessionId, [line("a")]);
  const blocked = block(path);
  await store.appendMessages(session.sessionId, [line("b")]);
  await store.appendMessages(session.sessionId, [line("c")]);
  await store.appendMessages(other.sessionId, [line("elsewhere")]);
  await clock.advance(3 * RETRY_MS);
  assert.deepEqual(failed, [session.sessionId]);
  assert.equal(readFileSync(mirrorPath(dataDir, other.sessionId), "utf8"), mirrorText(store, other.sessionId));
  assert.equal(rowsOf(store.reader, "SELECT sum(mirror_stale) AS n FROM sessions")[0]?.n, 1);

  blocked.lift();
  await clock.advance(2 * RETRY_MS);
  assert.equal(readFileSync(path, "utf8"), mirrorText(store, session.sessionId));
  assert.deepEqual(
    healed.map(({ sessionId }) => sessionId),
    [session.sessionId],
  );
  await store.appendMessages(session.sessionId, [line("d")]);
  assert.equal(readFileSync(path, "utf8"), mirrorText(store, session.sessionId));
  await clock.advance(RETRY_MS);
  assert.equal(rowsOf(store.reader, "SELECT sum(mirror_stale) AS n FROM sessions")[0]?.n, 0);
  const again = block(path);
  await store.appendMessages(session.sessionId, [line("e")]);
  assert.equal(failed.length, 2, "a new failure is told anew");
  again.lift();
});

test("a file that could not be written when the store was closed is mended at the next start", async () => {
  await using opened = await watchedStore();
  const { session } = await opened.store.resolveSession(dmSource("1"), NOON_MS);
  const blocked = block(mirrorPath(opened.dataDir, session.sessionId));
  await opened.store.appendMessages(session.sessionId, [line("a")]);
  await opened.store[Symbol.asyncDispose]();
  blocked.lift();
  await using reopened = await watchedStore(opened.dataDir);
  assert.deepEqual(
    reopened.healed.map(({ sessionId }) => sessionId),
    [session.sessionId],
  );
  const path = mirrorPath(opened.dataDir, session.sessionId);
  assert.equal(readFileSync(path, "utf8"), mirrorText(reopened.store, session.sessionId));
});

test("a start goes on past a file that cannot be mended, and mends it later", async () => {
  await using opened = await watchedStore();
  const { session } = await opened.store.resolveSession(dmSource("1"), NOON_MS);
  const path = mirrorPath(opened.dataDir, session.sessionId);
  const blocked = block(path);
  await opened.store.appendMessages(session.sessionId, [line("a")]);
  await opened.store[Symbol.asyncDispose]();
  await using reopened = await watchedStore(opened.dataDir);
  assert.deepEqual(reopened.failed, [session.sessionId]);
  blocked.lift();
  await reopened.clock.advance(RETRY_MS + 2_000);
  assert.equal(readFileSync(path, "utf8"), mirrorText(reopened.store, session.sessionId));
});

test("the folder of transcripts may be removed while the store runs: it is rebuilt", async () => {
  await using opened = await watchedStore();
  const { store, dataDir, clock, failed } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const path = mirrorPath(dataDir, session.sessionId);
  await store.appendMessages(session.sessionId, [line("a")]);
  rmSync(join(dataDir, "transcripts"), { recursive: true });
  await store.appendMessages(session.sessionId, [line("b")]);
  assert.deepEqual(failed, [session.sessionId]);
  await clock.advance(RETRY_MS + 2_000);
  assert.equal(readFileSync(path, "utf8"), mirrorText(store, session.sessionId));
});

test("a rewrite whose file could not be replaced leaves no line behind in a later failure", async () => {
  await using opened = await watchedStore();
  const { store, dataDir, clock } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  const path = mirrorPath(dataDir, id);
  await store.appendMessages(id, [line("a"), line("b")]);
  const blocked = block(path);
  await store.appendMessages(id, [line("c")]);
  blocked.lift();
  await store.rewriteTranscript(id, [line("a"), line("x")]);
  assert.equal(readFileSync(path, "utf8"), mirrorText(store, id));
  await store.appendMessages(id, [line("y")]);
  assert.equal(readFileSync(path, "utf8"), mirrorText(store, id), "what was replaced is written again at once");
  await clock.advance(2 * RETRY_MS);
  assert.equal(readFileSync(path, "utf8"), mirrorText(store, id));
});

test("a deletion whose file could not be removed removes it later, and keeps no copy of its lines", async () => {
  await using opened = await watchedStore();
  const { store, dataDir, clock, failed } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await store.appendMessages(id, [line("secret")]);
  const blocked = block(mirrorPath(dataDir, id));
  writeFileSync(join(mirrorPath(dataDir, id), "in-the-way"), "");
  await store.deleteSession(id, NOON_MS);
  assert.deepEqual(failed, [id]);
  blocked.lift();
  assert.ok(existsSync(mirrorPath(dataDir, id)));
  await clock.advance(RETRY_MS + 2_000);
  assert.equal(existsSync(mirrorPath(dataDir, id)), false);
  assert.equal(existsSync(join(dataDir, "transcripts", `${id}.quarantine-1.jsonl`)), false);
});

test("lines the database does not have are taken out and reported with their numbers", async () => {
  await using opened = await watchedStore();
  const { store, dataDir, healed } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await store.appendMessages(id, [line("a"), line("b")]);
  appendFileSync(mirrorPath(dataDir, id), "written by hand\n{torn");
  const report = store.healTranscript(id);
  assert.ok(report.kind === "healed");
  assert.deepEqual(report.quarantined, [3, 4]);
  assert.equal(readFileSync(report.quarantineFile ?? "", "utf8"), "written by hand\n{torn");
  assert.equal(readFileSync(mirrorPath(dataDir, id), "utf8"), mirrorText(store, id));
  assert.equal(healed.length, 1);
  assert.deepEqual(store.healTranscript(id), { kind: "whole" });
  assert.equal(store.transcript(id, { limit: 10 }).length, 2, "nothing of it was imported");
});

test("a store that stands still writes nothing, and a closed one leaves no timer", async () => {
  let commits = 0;
  const opened = await testStore({ events: { committed: () => void commits++ } });
  const { store, clock } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(session.sessionId, [line("a")]);
  await untilStill(opened);
  const settled = commits;
  await clock.advance(3_600_000);
  assert.equal(commits, settled);
  assert.equal(clock.timerCount(), 0);

  const asked = store.appendMessages(session.sessionId, [line("b")]);
  await store[Symbol.asyncDispose]();
  assert.equal(await asked, 1);
  assert.equal(clock.timerCount(), 0);
  await opened[Symbol.asyncDispose]();
});
