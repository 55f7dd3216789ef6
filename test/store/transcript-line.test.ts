import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readTranscriptLine, type TranscriptMessage, transcriptLine } from "../../src/store/transcript-line.ts";

type Message = Omit<TranscriptMessage, "seq">;
const plain: Message = {
  role: "user",
  content: "hello",
  atMs: Date.UTC(2026, 3, 5, 12),
  messageId: null,
  senderId: null,
  senderName: null,
  extra: null,
};
const berlin = { timeZone: "Europe/Berlin", unknownAtMs: plain.atMs };

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)), // lone surrogates too
);
const ownKey = fc.constantFrom("role", "content", "ts", "message_id", "sender_id", "sender_name", "extra", "timestamp");
const anyKey = fc.oneof(ownKey, anyText, fc.constantFrom("0", "__proto__", "toJSON", "tool_calls"));
const anyJson = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
const anyExtra = fc
  .array(fc.tuple(anyKey, fc.oneof(anyJson, fc.dictionary(anyKey, anyJson, { noNullPrototype: true }))))
  .map((entries) => (entries.length === 0 ? null : Object.fromEntries(entries)));
const anyMessage: fc.Arbitrary<Message> = fc.record(
  {
    role: fc.constantFrom("user", "assistant", "system", "tool"),
    content: anyText,
    atMs: fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.integer({ min: 0, max: 2e12 })),
    messageId: fc.option(anyText),
    senderId: fc.option(anyText),
    senderName: fc.option(anyText),
    extra: anyExtra,
  },
  { noNullPrototype: true },
);
/** What some program or other takes for the end of a line. */
const LINE_BREAKS = "\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029";
/** The same cases in every run. */
const RUNS = { seed: 20260405, numRuns: 500 };

test("a line has its keys in order, the absent ones left out", () => {
  assert.equal(transcriptLine(plain), '{"role":"user","content":"hello","ts":"2026-04-05T12:00:00.000Z"}\n');
  const full = { ...plain, messageId: "7", senderId: "42", senderName: "Ann", extra: { 0: 1, tool_call_id: "c" } };
  assert.equal(
    transcriptLine(full),
    '{"role":"user","content":"hello","ts":"2026-04-05T12:00:00.000Z","message_id":"7","sender_id":"42","sender_name":"Ann","0":1,"tool_call_id":"c"}\n',
  );
});

test("extra never overrides a field of the message", () => {
  const line = transcriptLine({ ...plain, extra: { role: "system", a: 1 } });
  assert.equal(
    line,
    '{"role":"user","content":"hello","ts":"2026-04-05T12:00:00.000Z","a":1,"extra":{"role":"system"}}\n',
  );
});

test("a message without a valid time is a bug that shows", () => {
  assert.throws(() => transcriptLine({ ...plain, atMs: Number.NaN }), RangeError);
});

test("reading a written line gives the message back", () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const reading = readTranscriptLine(transcriptLine(message));
      assert.deepEqual(reading, { ok: true, message });
    }),
    RUNS,
  );
});

test("a line is one line for every reader, and deterministic", () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const line = transcriptLine(message);
      assert.deepEqual(
        [...line].filter((character) => LINE_BREAKS.includes(character)),
        ["\n"],
      );
      assert.ok(line.endsWith("\n"));
      assert.ok(line.isWellFormed());
      assert.equal(transcriptLine(structuredClone(message)), line);
    }),
    RUNS,
  );
});

test("reading anything neither throws nor loses a key", () => {
  const anyLine = fc.tuple(fc.constantFrom("user", "robot"), anyExtra, anyJson);
  fc.assert(
    fc.property(anyLine, ([role, fields, content]) => {
      const value = { ...fields, role, content };
      const reading = readTranscriptLine(JSON.stringify(value), berlin);
      if (!reading.ok) return;
      const again = readTranscriptLine(transcriptLine(reading.message), berlin);
      assert.deepEqual(again, reading);
      const kept = JSON.stringify(reading.message);
      for (const key of Object.keys(value))
        if (!/^(role|content|ts|timestamp|message_id|sender_id|sender_name|extra)$/.test(key))
          assert.ok(kept.includes(JSON.stringify(key)), key);
    }),
    RUNS,
  );
});

const legacy: readonly (readonly [string, string, Partial<Message>])[] = [
  ["Python's spacing, no time", '{"role": "user", "content": "u7"}', { content: "u7" }],
  ["a carriage return at the end", '{"role":"user","content":"u7"}\r\n', { content: "u7" }],
  [
    "a time without a zone",
    '{"role":"user","content":"x","timestamp":"2026-04-05T12:00:00.123456"}',
    { content: "x", atMs: Date.UTC(2026, 3, 5, 10, 0, 0, 123) },
  ],
  [
    "a time in seconds",
    '{"role":"user","content":"x","timestamp":1775390400.5}',
    { content: "x", atMs: Date.UTC(2026, 3, 5, 12, 0, 0, 500) },
  ],
  [
    "a time that is none",
    '{"role":"user","content":"x","timestamp":"t7"}',
    { content: "x", extra: { timestamp: "t7" } },
  ],
  [
    "both times: ts wins, the other is kept",
    '{"role":"user","content":"x","ts":"2026-04-05T10:00:00.000Z","timestamp":5}',
    { content: "x", atMs: Date.UTC(2026, 3, 5, 10), extra: { timestamp: 5 } },
  ],
  [
    "tool fields",
    '{"role":"tool","content":"o3","tool_call_id":"c3","tool_name":"f"}',
    { role: "tool", content: "o3", extra: { tool_call_id: "c3", tool_name: "f" } },
  ],
  [
    "reasoning",
    '{"role":"assistant","content":"a5","reasoning":"r"}',
    { role: "assistant", content: "a5", extra: { reasoning: "r" } },
  ],
  [
    "content null beside tool calls",
    '{"role":"assistant","content":null,"tool_calls":[{"id":"c"}]}',
    { role: "assistant", content: "", extra: { tool_calls: [{ id: "c" }] } },
  ],
  [
    "no content at all",
    '{"role":"assistant","tool_calls":[]}',
    { role: "assistant", content: "", extra: { tool_calls: [] } },
  ],
  [
    "a list of parts",
    '{"role":"user","content":[{"type":"text","text":"a"},{"type":"image","url":"u"},"b"]}',
    { content: "a\nb", extra: { content: [{ type: "text", text: "a" }, { type: "image", url: "u" }, "b"] } },
  ],
  ["a numeric id", '{"role":"user","content":"x","message_id":42}', { content: "x", messageId: "42" }],
  [
    "an id that JSON has rounded, and one that is none",
    '{"role":"user","content":"x","message_id":1152921504606846977,"sender_id":{"a":1}}',
    { content: "x", extra: { message_id: 2 ** 60, sender_id: { a: 1 } } },
  ],
  [
    "an extra of somebody else",
    '{"role":"user","content":"x","extra":{"role":"r","b":1}}',
    { content: "x", extra: { extra: { role: "r", b: 1 } } },
  ],
  [
    "an extra that clashes with a value kept",
    '{"role":"user","content":["a"],"extra":{"content":"b"}}',
    { content: "a", extra: { content: ["a"], extra: { content: "b" } } },
  ],
];

for (const [name, line, expected] of legacy)
  test(`a line of another gateway: ${name}`, () => {
    const reading = readTranscriptLine(line, berlin);
    assert.deepEqual(reading, { ok: true, message: { ...plain, content: "", ...expected } });
    if (reading.ok) assert.deepEqual(readTranscriptLine(transcriptLine(reading.message)), reading);
  });

const refused: readonly (readonly [string, string])[] = [
  ["", "expected a JSON object, got text that is not JSON"],
  ['{"role": "us', "expected a JSON object, got text that is not JSON"],
  ["5", "expected a JSON object, got a value of type number"],
  ['"s"', "expected a JSON object, got a value of type string"],
  ["[1]", "expected a JSON object, got a list"],
  ["null", "expected a JSON object, got nothing"],
  ['{"content":"x"}', "role: expected user, assistant, system or tool, got nothing"],
  ['{"role":"session_meta","content":"x"}', 'role: expected user, assistant, system or tool, got "session_meta"'],
  ['{"role":"user","content":5}', "content: expected text, a list of parts or null, got a value of type number"],
];

for (const [line, why] of refused)
  test(`a line is refused with its reason: ${line}`, () => {
    assert.deepEqual(readTranscriptLine(line, berlin), { ok: false, why });
  });

test("a line without a time is refused where no other time is given, and says nothing of its text", () => {
  const why = "ts: expected an ISO 8601 time, got nothing";
  assert.deepEqual(readTranscriptLine('{"role":"user","content":"secret"}'), { ok: false, why });
});
