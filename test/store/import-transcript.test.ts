import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { importIndex } from "../../src/store/import-index.ts";
import { type ImportTarget, importTarget, linesOf } from "./import-index-store.ts";

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
const line = (role: string, content: string, rest: object = {}) => `${JSON.stringify({ role, content, ...rest })}\n`;

async function importInto(target: ImportTarget, index: unknown) {
  return await importIndex(target.store, index, target.transcripts, utc);
}

test("a transcript that is missing though something was said, or is no file, is reported", async () => {
  await using target = await importTarget();
  mkdirSync(join(target.transcripts, "20260405_120000_00000001.jsonl"));
  const at = (n: number) => ({ ...origin, chat_id: String(n) });
  const report = await importInto(target, {
    silent: entry,
    spoken: { ...entry, session_id: "20260405_120000_00000000", input_tokens: 5, origin: at(6) },
    folder: { ...entry, session_id: "20260405_120000_00000001", origin: at(7) },
  });
  assert.equal(report.imported, 3);
  assert.deepEqual(
    report.lines.map(({ file, line }) => [file, line]),
    [
      ["20260405_120000_00000000.jsonl", 0],
      ["20260405_120000_00000001.jsonl", 0],
    ],
  );
});

test("corrupt lines, a note of the other gateway and a torn end are reported by number and never imported", async () => {
  await using target = await importTarget();
  const lines = [
    line("session_meta", "", { model: "m", tools: [] }),
    line("user", "one", { timestamp: "2026-04-05T12:00:01.5" }),
    "\n",
    "{broken\n",
    line("assistant", "two", { timestamp: "t0" }),
    "5\n",
    line("robot", "three"),
    line("assistant", "", { content: null, tool_calls: [{ id: "c1" }] }),
  ];
  const text = Buffer.concat([
    Buffer.from(lines.join("")),
    Buffer.from([0xff, 0x0a]),
    Buffer.from(line("user", "four").slice(0, 15)),
  ]);
  target.writeTranscript(id, text);
  const report = await importInto(target, { [key]: entry });
  assert.deepEqual(
    report.lines.map(({ line }) => line),
    [1, 4, 6, 7, 9, 10],
  );
  assert.match(report.lines[0]?.why ?? "", /session_meta/);
  assert.match(report.lines.at(-1)?.why ?? "", /the file ends within this line/);
  const messages = target.messages(id);
  assert.deepEqual(
    messages.map(({ seq, role, content, atMs, extra }) => [seq, role, content, atMs, extra]),
    [
      [1, "user", "one", Date.parse("2026-04-05T12:00:01.500Z"), null],
      [2, "assistant", "two", Date.parse("2026-04-05T12:00:01.500Z"), { timestamp: "t0" }],
      [3, "assistant", "", Date.parse("2026-04-05T12:00:01.500Z"), { tool_calls: [{ id: "c1" }] }],
    ],
  );
  assert.equal(target.mirrored(id), linesOf(messages));
});

test("a whole last line without a newline is imported", async () => {
  await using target = await importTarget();
  target.writeTranscript(id, line("user", "one") + line("user", "two").trimEnd());
  const report = await importInto(target, { [key]: entry });
  assert.deepEqual([report.messages, report.lines], [2, []]);
});

test("a file that has grown adds what is missing; one that is shorter takes nothing away", async () => {
  await using target = await importTarget();
  const [one, two, three] = [line("user", "one"), line("assistant", "two"), line("user", "three")];
  target.writeTranscript(id, one + two);
  await importInto(target, { [key]: entry });
  target.writeTranscript(id, one + two + three);
  const grown = { ...entry, updated_at: "2026-04-07T10:00:00" };
  const report = await importInto(target, { [key]: grown });
  assert.deepEqual(report, { imported: 0, updated: 1, skipped: [], messages: 1, lines: [] });
  assert.equal(target.store.session(id)?.lastActiveMs, Date.parse("2026-04-07T10:00:00Z"));
  assert.equal(target.store.session(id)?.nextResetAtMs, Date.parse("2026-04-08T04:00:00Z"));
  target.writeTranscript(id, one);
  assert.equal((await importInto(target, { [key]: grown })).messages, 0);
  assert.deepEqual(
    target.messages(id).map((message) => message.content),
    ["one", "two", "three"],
  );
});

test("a history that went on in both programs keeps both parts, each line once", async () => {
  await using target = await importTarget();
  target.writeTranscript(id, line("user", "one") + line("assistant", "ok"));
  await importInto(target, { [key]: entry });
  const atMs = Date.parse("2026-04-06T12:00:00Z");
  const here = {
    role: "user",
    content: "here",
    atMs,
    messageId: "9",
    senderId: null,
    senderName: null,
    extra: null,
  } as const;
  await target.store.appendMessages(id, [here]);
  target.writeTranscript(
    id,
    line("user", "one") + line("assistant", "ok") + line("user", "there") + line("assistant", "ok"),
  );
  for (const added of [2, 0]) assert.equal((await importInto(target, { [key]: entry })).messages, added);
  assert.deepEqual(
    target.messages(id).map((message) => message.content),
    ["one", "ok", "here", "there", "ok"],
  );
  assert.equal(target.store.healTranscript(id).kind, "whole");
});

test("a second message with a platform id that the transcript has is reported, not swallowed", async () => {
  await using target = await importTarget();
  target.writeTranscript(id, line("user", "one", { message_id: "7" }) + line("user", "edited", { message_id: 7 }));
  const report = await importInto(target, { [key]: entry });
  assert.equal(report.messages, 1);
  assert.deepEqual(
    report.lines.map(({ line }) => line),
    [2],
  );
  assert.match(report.lines[0]?.why ?? "", /^message_id: /);
});

test("a file of garbage fills neither the report nor the transcript", async () => {
  await using target = await importTarget();
  target.writeTranscript(id, `x\n`.repeat(5_000));
  const report = await importInto(target, { [key]: entry });
  assert.equal(report.lines.length, 1_001);
  assert.match(report.lines.at(-1)?.why ?? "", /^this line and 3999 after it/);
  assert.equal(target.messages(id).length, 0);
});

test("a database that was lost is made again from the transcripts in its own folder", async () => {
  await using target = await importTarget();
  const own = join(target.transcripts, "../data/transcripts");
  const said = [
    line("user", "one", { ts: "2026-04-05T12:00:00.000Z" }),
    line("assistant", "two", { ts: "2026-04-05T12:00:01.000Z" }),
  ];
  writeFileSync(join(own, `${id}.jsonl`), said.join(""));
  const report = await importIndex(target.store, { [key]: entry }, own, utc);
  assert.deepEqual([report.messages, report.lines], [2, []]);
  assert.equal(linesOf(target.messages(id)), said.join(""));
  assert.equal(target.mirrored(id), said.join(""));
});
