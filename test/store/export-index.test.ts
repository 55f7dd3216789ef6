import assert from "node:assert/strict";
import { test } from "node:test";
import Database from "better-sqlite3";
import { readSessionSource, type SessionSource } from "../../src/session/source.ts";
import { exportIndex } from "../../src/store/export-index.ts";
import { importIndex } from "../../src/store/import-index.ts";
import { migrations } from "../../src/store/migrations.ts";
import { type ImportTarget, importTarget } from "./import-index-store.ts";

const startMs = Date.parse("2026-04-05T12:00:00.250Z");
const minuteMs = 60_000;
const utc = { timeZone: "UTC" };

function source(part: Partial<SessionSource> = {}): SessionSource {
  return readSessionSource({ platform: "telegram", chatType: "dm", chatId: "5", userId: "5", ...part });
}

function said(content: string, atMs: number) {
  return { role: "user", content, atMs, messageId: null, senderId: "5", senderName: "Bo", extra: null } as const;
}

/** A store in which something of everything has happened. */
async function lived(): Promise<ImportTarget> {
  const target = await importTarget();
  const { store } = target;
  const { session: first } = await store.resolveSession(source({ userName: "Bo" }), startMs);
  await store.appendMessages(first.sessionId, [said("hello", startMs), said("more\nlines \u2028 😀", startMs + 1)]);
  await store.resolveSession(source({ userName: "Bo" }), startMs + 3 * 1440 * minuteMs);
  const key = first.sessionKey;
  const third = await store.resetSession(key, "new", startMs + 4 * 1440 * minuteMs);
  await store.switchSession(key, first.sessionId, startMs + 5 * 1440 * minuteMs);
  await store.setTitle(first.sessionId, 'a "quoted" title');
  await store.addTag(first.sessionId, "ü");
  await store.addTag(first.sessionId, "alpha");
  await store.setCustomData(first.sessionId, { nested: { list: [1, null, "x"] } });
  const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 1 };
  await store.recordUsage(first.sessionId, { ...usage, costUsd: 0.125 });
  await store.recordUsage(third?.sessionId ?? "", { ...usage, costUsd: null });
  const group = { chatType: "group", chatId: "-100:7%", chatName: "Über @uns", account: "second" } as const;
  await store.resolveSession(source({ ...group, userId: "1", userIdAlt: "alt@1" }), startMs, "support");
  await store.resolveSession(source({ ...group, threadId: "7", chatTopic: "t" }), startMs);
  const { session: gone } = await store.resolveSession(source({ chatId: "gone" }), startMs);
  await store.deleteSession(gone.sessionId, startMs);
  return target;
}

test("an export imported into an empty store is exported the same", async () => {
  await using from = await lived();
  await using to = await importTarget();
  const text = from.exported();
  for (const session of from.store.listSessions({}).sessions) {
    const { sessionId } = session;
    if (session.messageCount > 0) to.writeTranscript(sessionId, from.mirrored(sessionId) ?? "");
  }
  const report = await importIndex(to.store, JSON.parse(text), to.transcripts, utc);
  assert.deepEqual(report, { imported: 5, updated: 0, skipped: [], messages: 2, lines: [] });
  assert.equal(to.exported(), text);
  for (const { sessionId } of from.store.listSessions({}).sessions) {
    assert.deepEqual(to.messages(sessionId), from.messages(sessionId));
    assert.deepEqual(withoutRow(to, sessionId), withoutRow(from, sessionId));
  }
});

function withoutRow(target: ImportTarget, sessionId: string) {
  const { row: _row, ...session } = target.store.session(sessionId) ?? { row: 0 };
  return session;
}

test("an export says times in UTC, leaves out deleted sessions and puts ended ones under the key they belong to", async () => {
  await using target = await lived();
  const index: Record<string, { session_id?: string; ended_sessions?: { end_reason: string }[] }> = JSON.parse(
    target.exported(),
  );
  assert.deepEqual(Object.keys(index), [
    "agent:main:telegram:dm:5",
    "agent:main:telegram@second:group:-100%3A7%25:thread:7",
    "agent:support:telegram@second:group:-100%3A7%25:user:alt%401",
  ]);
  const dm = index["agent:main:telegram:dm:5"];
  assert.deepEqual(
    dm?.ended_sessions?.map((session) => session.end_reason),
    ["new", "archive"],
  );
  const times = [...target.exported().matchAll(/"(?:created|updated|ended)_at": "(.*)"/g)].map((match) => match[1]);
  assert.equal(times.length, 12);
  for (const time of times) assert.match(String(time), /^2026-04-\d\dT\d\d:\d\d:\d\d\.250Z$/);
});

test("an empty store exports an empty object", async () => {
  await using target = await importTarget();
  assert.deepEqual([...exportIndex(target.store.reader)], ["{}\n"]);
});

test("more sessions than a page, and more of one key than a page, are exported once each", async () => {
  await using target = await importTarget();
  const { store } = target;
  const dm = (chatId: string) => store.resolveSession(source({ chatId }), startMs);
  await Promise.all(Array.from({ length: 700 }, (_, n) => dm(`a${n}`)));
  await dm("b");
  for (let n = 0; n < 1_100; n++) void store.resetSession("agent:main:telegram:dm:b", "new", startMs + n);
  await dm("c");
  const pieces = [...exportIndex(store.reader)];
  const index: Record<string, { session_id: string; ended_sessions?: { session_id: string }[] }> = JSON.parse(
    pieces.join(""),
  );
  const ids = Object.values(index).flatMap((entry) =>
    [entry, ...(entry.ended_sessions ?? [])].map((s) => s.session_id),
  );
  assert.deepEqual([ids.length, new Set(ids).size], [1_802, 1_802]);
  assert.equal(index["agent:main:telegram:dm:b"]?.ended_sessions?.length, 1_100);
  assert.equal(pieces.length, 703);
});

test("pages are found by seeking in the index of keys", async (t) => {
  await using target = await importTarget();
  const statements: string[] = [];
  const spied = {
    ...target.store.reader,
    all: <P, R>(statement: Parameters<typeof target.store.reader.all<P, R>>[0], params: P) => {
      statements.push(statement.compiled().sql);
      return target.store.reader.all(statement, params);
    },
  };
  assert.deepEqual([...exportIndex(spied)], ["{}\n"]);
  const db = new Database(":memory:");
  t.after(() => db.close());
  for (const { sql } of migrations) db.exec(sql);
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${statements[0]}`).all("", 0, 1) as { detail: string }[];
  assert.deepEqual(
    plan.map((step) => step.detail),
    ["SEARCH sessions USING INDEX sessions_of_key (session_key>?)"],
  );
});
