import assert from "node:assert/strict";
import { test } from "node:test";
import { importIndex } from "../../src/store/import-index.ts";
import { importTarget, linesOf } from "./import-index-store.ts";

const LINES = 10_000;
const id = "20260101_080000_00c0ffee";
const index = {
  "agent:main:telegram:dm:42": {
    session_id: id,
    created_at: "2026-01-01T08:00:00",
    updated_at: "2026-04-05T12:00:00",
    origin: { platform: "telegram", chat_id: "42", chat_type: "dm" },
  },
};
const words = [
  "Übung",
  "用户",
  "مرحبا",
  "👩‍👩‍👧‍👦",
  "naïve",
  "line\nbreak",
  'a "quote"',
  "tab\there",
  "\u2028",
  "e\u0301",
  "plain",
  "C:\\path",
  "\u0000",
];

/** Numbers from 0 to below `n`, always the same for a seed (mulberry32). */
function randomFrom(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

/** A transcript as the Python gateway writes them: times without a zone or none, tool calls, texts short and long. */
function legacyLines(seed: number): readonly string[] {
  const random = randomFrom(seed);
  const text = () =>
    Array.from({ length: 1 + random(random(50) === 0 ? 500 : 20) }, () => words[random(words.length)]).join(" ");
  const startMs = Date.parse("2026-01-01T08:00:00Z");
  return Array.from({ length: LINES }, (_, n) => {
    const timestamp = new Date(startMs + n * 61_000).toISOString().replace("Z", "000");
    switch (random(6)) {
      case 0:
        return JSON.stringify({ role: "user", content: text(), timestamp, message_id: n });
      case 1:
        return JSON.stringify({
          role: "user",
          content: [
            { type: "text", text: text() },
            { type: "image_url", image_url: "x" },
          ],
        });
      case 2:
        return JSON.stringify({
          role: "assistant",
          content: null,
          tool_calls: [{ id: `c${n}`, function: { name: "f", arguments: text() } }],
        });
      case 3:
        return JSON.stringify({ role: "tool", content: text(), tool_call_id: `c${n - 1}`, tool_name: "f", timestamp });
      default:
        return JSON.stringify({ role: "assistant", content: text(), reasoning: text(), timestamp });
    }
  });
}

test("ten thousand lines with a torn end are imported whole, mirrored exactly and never twice", async () => {
  const lines = legacyLines(7);
  const torn = JSON.stringify({ role: "assistant", content: "the power went out he" }).slice(0, -7);
  await using target = await importTarget();
  target.writeTranscript(id, `${lines.join("\n")}\n${torn}`);

  const first = await importIndex(target.store, index, target.transcripts, { timeZone: "Europe/Berlin" });
  assert.deepEqual({ ...first, lines: [] }, { imported: 1, updated: 0, skipped: [], messages: LINES, lines: [] });
  assert.deepEqual(
    first.lines.map(({ file, line }) => [file, line]),
    [[`${id}.jsonl`, LINES + 1]],
  );
  assert.match(first.lines[0]?.why ?? "", /^the file ends within this line/);

  const messages = target.messages(id);
  assert.equal(messages.length, LINES);
  assert.equal(target.store.session(id)?.messageCount, LINES);
  messages.forEach((message, n) => {
    const given: { role: string; content: unknown; timestamp?: string } = JSON.parse(lines[n] ?? "");
    assert.deepEqual([message.seq, message.role], [n + 1, given.role]);
    if (typeof given.content === "string") assert.equal(message.content, given.content);
    else assert.deepEqual(message.extra?.content ?? null, given.content);
    if (given.timestamp !== undefined)
      assert.equal(
        message.atMs,
        Date.parse(`${given.timestamp.slice(0, 23)}${message.atMs < summerMs ? "+01:00" : "+02:00"}`),
      );
  });
  assert.equal(target.mirrored(id), linesOf(messages));
  assert.deepEqual(target.store.healTranscript(id), { kind: "whole" });

  const second = await importIndex(target.store, index, target.transcripts, { timeZone: "Europe/Berlin" });
  assert.deepEqual(
    { ...second, lines: second.lines.length },
    { imported: 0, updated: 0, skipped: [], messages: 0, lines: 1 },
  );
  assert.equal(target.mirrored(id), linesOf(messages));

  await using again = await importTarget();
  again.writeTranscript(id, target.mirrored(id) ?? "");
  const own = await importIndex(again.store, JSON.parse(target.exported()), again.transcripts, { timeZone: "UTC" });
  assert.deepEqual([own.messages, own.lines], [LINES, []]);
  assert.equal(linesOf(again.messages(id)), linesOf(messages));
});

const summerMs = Date.parse("2026-03-29T01:00:00Z");

test("lines longer than a chunk of the file, and ends at any byte of a character, are read right", async () => {
  const content = "é".repeat(200_000);
  const whole = Buffer.from(`${JSON.stringify({ role: "user", content })}\n`);
  const last = Buffer.from(JSON.stringify({ role: "user", content: "😀" }));
  for (let cut = last.length - 6; cut < last.length; cut++) {
    await using target = await importTarget();
    target.writeTranscript(id, Buffer.concat([whole, last.subarray(0, cut)]));
    const report = await importIndex(target.store, index, target.transcripts, { timeZone: "UTC" });
    assert.deepEqual([report.messages, report.lines.length], [1, 1]);
    assert.equal(target.messages(id)[0]?.content, content);
  }
});

test("half a surrogate pair is stored as the character that UTF-8 has for it, in both places", async () => {
  await using target = await importTarget();
  target.writeTranscript(id, '{"role":"user","content":"cut \\ud83d","sender_name":"\\udc00","x":"\\ud83d"}\n');
  await importIndex(target.store, index, target.transcripts, { timeZone: "UTC" });
  const messages = target.messages(id);
  assert.deepEqual([messages[0]?.content, messages[0]?.senderName], ["cut \ufffd", "\ufffd"]);
  assert.equal(target.mirrored(id), linesOf(messages));
  assert.deepEqual(target.store.healTranscript(id), { kind: "whole" });
  const again = await importIndex(target.store, index, target.transcripts, { timeZone: "UTC" });
  assert.equal(again.messages, 0);
});
