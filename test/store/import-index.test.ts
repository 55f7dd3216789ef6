import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readSessionSource } from "../../src/session/source.ts";
import { importIndex } from "../../src/store/import-index.ts";
import { type ImportTarget, importTarget } from "./import-index-store.ts";

const utc = { timeZone: "UTC" };
const id = "20260405_120000_abcdef12";
const key = "agent:main:telegram:dm:5";
const origin = { platform: "telegram", chat_id: "5", chat_type: "dm", user_id: "5", user_name: "Bo" };
const entry = {
  session_key: key,
  session_id: id,
  created_at: "2026-04-05T12:00:00",
  updated_at: "2026-04-05T12:30:00.123456",
  origin,
};
const source = readSessionSource({ platform: "telegram", chatType: "dm", chatId: "5" });
const line = (role: string, content: string, rest: object = {}) => `${JSON.stringify({ role, content, ...rest })}\n`;

async function importInto(target: ImportTarget, index: unknown, timeZone = "UTC") {
  return await importIndex(target.store, index, target.transcripts, { timeZone });
}

test("times without a zone are read in the zone that is asked for", async () => {
  await using target = await importTarget();
  await importInto(target, { [key]: { ...entry, updated_at: "2026-04-05T12:30:00Z" } }, "Europe/Berlin");
  const session = target.store.session(id);
  assert.equal(session?.createdAtMs, Date.parse("2026-04-05T10:00:00Z"));
  assert.equal(session?.lastActiveMs, Date.parse("2026-04-05T12:30:00Z"));
});

test("a live session of the file is live here, and due by our rules from when a person last wrote", async () => {
  await using target = await importTarget();
  await importInto(target, { [key]: entry });
  const session = target.store.liveSession(key);
  assert.equal(session?.sessionId, id);
  assert.equal(session?.nextResetAtMs, Date.parse("2026-04-06T04:00:00Z"));
});

test("an id of another form becomes one of ours, always the same, and is kept in the session's data", async () => {
  await using target = await importTarget();
  target.writeTranscript("S0", line("user", "hello"));
  const index = { a: { ...entry, session_id: "S0" } };
  assert.deepEqual(await importInto(target, index), { imported: 1, updated: 0, skipped: [], messages: 1, lines: [] });
  const session = target.store.liveSession(key);
  assert.match(session?.sessionId ?? "", /^20260405_120000_[0-9a-f]{8}$/);
  assert.deepEqual(target.store.customData(session?.sessionId ?? ""), {
    imported: { session_id: "S0", session_key: key },
  });
  assert.deepEqual(await importInto(target, index), { imported: 0, updated: 0, skipped: [], messages: 0, lines: [] });
  assert.equal(target.store.listSessions({}).sessions.length, 1);
});

test("a key that has a live session keeps it, and the one of the file is archived and can be resumed", async () => {
  await using target = await importTarget();
  const { store } = target;
  const nowMs = Date.parse("2026-04-08T08:00:00Z");
  const { session: live } = await store.resolveSession(source, nowMs);
  target.writeTranscript(id, line("user", "hello"));
  await importInto(target, { [key]: entry });
  assert.equal(store.liveSession(key)?.sessionId, live.sessionId);
  const archived = store.session(id);
  assert.deepEqual([archived?.live, archived?.endReason], [false, "archive"]);
  assert.equal(archived?.endedAtMs, archived?.lastActiveMs);
  assert.equal(await store.switchSession(key, id, nowMs), "switched");
  assert.equal(store.liveSession(key)?.sessionId, id);
});

test("keys are made by our own rules, so sessions that share one now are one live session and archives", async () => {
  await using target = await importTarget({ groupSessionsPerUser: false });
  const group = { platform: "telegram", chat_id: "-1", chat_type: "group" };
  const one = { ...entry, origin: { ...group, user_id: "1" } };
  const two = { ...entry, session_id: "20260405_130000_abcdef12", origin: { ...group, user_id: "2" } };
  await importInto(target, { "agent:main:telegram:group:-1:1": one, "agent:main:telegram:group:-1:2": two });
  assert.equal(target.store.liveSession("agent:main:telegram:group:-1")?.sessionId, id);
  assert.equal(target.store.session(two.session_id)?.endReason, "archive");
});

test("ended sessions come before the live one of their key, and a key may have nothing else", async () => {
  await using target = await importTarget();
  const ended = (n: number) => ({
    ...entry,
    session_id: `2026040${n}_120000_abcdef12`,
    ended_at: `2026-04-0${n}T13:00:00Z`,
    end_reason: "timeout",
    message_count: 0,
  });
  const alone = { ...ended(1), origin: { ...origin, chat_id: "6" } };
  const report = await importInto(target, {
    [key]: { ...entry, ended_sessions: [ended(2), ended(3)] },
    "agent:main:telegram:dm:6": { ended_sessions: [alone] },
  });
  assert.deepEqual(report, { imported: 4, updated: 0, skipped: [], messages: 0, lines: [] });
  const rows = [ended(2).session_id, ended(3).session_id, id].map((known) => target.store.session(known)?.row);
  assert.deepEqual(rows, [1, 2, 3]);
  assert.equal(target.store.liveSession("agent:main:telegram:dm:6"), null);
});

const refusals: readonly (readonly [what: string, entry: unknown, why: RegExp])[] = [
  ["a list", [1], /^expected an object with a session's fields, got a list$/],
  ["nothing", null, /got nothing$/],
  ["no id", { ...entry, session_id: undefined }, /^session_id: expected the id of a session, got nothing$/],
  [
    "an id that climbs",
    { ...entry, session_id: "../../etc/passwd" },
    /^session_id: expected the plain name of a transcript/,
  ],
  ["a hidden id", { ...entry, session_id: ".bashrc" }, /^session_id: expected the plain name/],
  ["an id with a NUL", { ...entry, session_id: "a\0b" }, /^session_id: expected the plain name/],
  ["no chat", { ...entry, origin: { platform: "telegram" } }, /^origin: chat_id: /],
  ["an empty chat", { ...entry, origin: { ...origin, chat_id: "" } }, /^origin: chat_id: /],
  ["no origin", { ...entry, origin: undefined }, /^origin: expected where the conversation is .* got nothing$/],
  ["an empty origin", { ...entry, origin: {} }, /^origin: expected where the conversation is .* got nothing$/],
  ["no time", { ...entry, created_at: null }, /^created_at: expected an ISO 8601 time, got nothing$/],
  ["a wrong time", { ...entry, updated_at: "bad" }, /^updated_at: expected an ISO 8601 time, got "bad"$/],
  ["a month that is none", { ...entry, updated_at: "20261301" }, /^updated_at: /],
  ["a year beyond ours", { ...entry, created_at: "+012026-04-05T12:00:00Z" }, /^created_at: /],
  ["an end without a reason", { ...entry, ended_at: "2026-04-05T13:00:00Z" }, /^ended_at, end_reason: expected both/],
  ["tokens in words", { ...entry, input_tokens: "many" }, /^input_tokens: expected a whole number, got/],
  ["a title that is too long", { ...entry, title: "x".repeat(201) }, /^title: at most 200 characters, got 201\.$/],
  ["too much data", { ...entry, custom_data: { x: "x".repeat(20_000) } }, /^customData: at most/],
  ["several mistakes", { ...entry, origin: 5, input_tokens: -1 }, /^input_tokens: .*; origin: /],
];
for (const [what, bad, why] of refusals)
  test(`an entry with ${what} is reported with its key, and the rest is imported`, async () => {
    await using target = await importTarget();
    const other = { ...entry, session_id: "20260405_120000_00000000", origin: { ...origin, chat_id: "6" } };
    const report = await importInto(target, { bad, good: other });
    assert.equal(report.imported, 1);
    assert.deepEqual(
      report.skipped.map((skip) => skip.key),
      ["bad"],
    );
    assert.match(report.skipped[0]?.why ?? "", why);
    assert.equal(target.store.listSessions({}).sessions.length, 1);
  });

test("a bad ended session is reported with its place, and its key's others are imported", async () => {
  await using target = await importTarget();
  const report = await importInto(target, { [key]: { ...entry, ended_sessions: [{ session_id: "x" }] } });
  assert.equal(report.imported, 1);
  assert.match(report.skipped[0]?.why ?? "", /^ended_sessions: 0: origin: /);
  const listless = await importInto(target, { [key]: { ...entry, ended_sessions: "x" } });
  assert.match(listless.skipped[0]?.why ?? "", /^ended_sessions: expected a list/);
});

test("a session that is in the file twice is imported once, and the second is reported", async () => {
  await using target = await importTarget();
  target.writeTranscript(id, line("user", "hello"));
  const report = await importInto(target, { a: entry, b: entry });
  assert.deepEqual([report.imported, report.messages], [1, 1]);
  assert.deepEqual(report.skipped, [{ key: "b", why: "session_id: expected each one once, got one that came before" }]);
});

test("a session of another conversation with the same id, or in another time zone, is reported and not touched", async () => {
  await using target = await importTarget();
  target.writeTranscript(id, line("user", "hello"));
  await importInto(target, { [key]: entry });
  const elsewhere = await importInto(target, { x: { ...entry, origin: { ...origin, chat_id: "6" } } });
  assert.match(elsewhere.skipped[0]?.why ?? "", /another conversation/);
  const zoned = await importInto(target, { [key]: entry }, "America/New_York");
  assert.match(zoned.skipped[0]?.why ?? "", /^created_at: expected 2026-04-05T12:00:00\.000Z.* time zone/);
  assert.equal(target.messages(id).length, 1);
});

test("a session that was deleted here stays deleted", async () => {
  await using target = await importTarget();
  target.writeTranscript(id, line("user", "hello"));
  await importInto(target, { [key]: entry });
  await target.store.deleteSession(id, Date.parse("2026-04-08T08:00:00Z"));
  const report = await importInto(target, { [key]: entry });
  assert.match(report.skipped[0]?.why ?? "", /deleted here/);
  assert.equal(target.store.session(id), null);
});

test("what is no index, no folder or no time zone is an error, and changes nothing", async () => {
  await using target = await importTarget();
  for (const json of [null, [entry], "text", 5])
    await assert.rejects(importInto(target, json), /sessions\.json: expected an object, session key to entry/);
  await assert.rejects(importInto(target, { [key]: entry }, "Mars/Olympus"), /timeZone: expected an IANA name/);
  const missing = join(target.transcripts, "missing");
  await assert.rejects(importIndex(target.store, { [key]: entry }, missing, utc), /missing: expected the folder/);
  assert.equal(target.store.hasAnySessions(), false);
});
