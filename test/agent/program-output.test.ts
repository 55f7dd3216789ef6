import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { serverSentData } from "../../src/agent/http-events.ts";
import type { ProgramEvent } from "../../src/agent/program-line.ts";
import { type OutputMode, programOutput } from "../../src/agent/program-output.ts";
import { textLines } from "../../src/agent/text-lines.ts";

/** The text in pieces that end at these places. */
function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
}

function read(mode: OutputMode, pieces: readonly string[]): readonly ProgramEvent[] {
  const output = programOutput(mode, () => {});
  return [...pieces.flatMap((piece) => output.push(piece)), ...output.end()];
}
const textOf = (events: readonly ProgramEvent[]) =>
  events.map((event) => (event.kind === "text" ? event.delta : "")).join("");

const anyText = fc.string({ unit: fc.constantFrom("a", "{", '"', "\n", "\r", " ", "🦜", "data:", ":") });
const places = fc.array(fc.nat(500), { maxLength: 8 });

describe("however output is cut into pieces", () => {
  test("plain text is itself without the line feeds at its end", () => {
    fc.assert(
      fc.property(anyText, places, (text, ends) => {
        assert.equal(textOf(read("text", cut(text, ends))), text.replace(/[\r\n]+$/, ""));
      }),
    );
  });

  test("text whose kind is found out loses nothing either", () => {
    fc.assert(
      fc.property(anyText, places, (text, ends) => {
        assert.equal(textOf(read("auto", cut(text, ends))), text.replace(/[\r\n]+$/, ""));
      }),
    );
  });

  test("JSON lines are the same events", () => {
    const lines = fc
      .array(fc.string(), { maxLength: 5 })
      .map((deltas) => deltas.map((delta) => ({ type: "text", delta })));
    fc.assert(
      fc.property(lines, places, fc.boolean(), (said, ends, isEnded) => {
        const text = said.map((line) => JSON.stringify(line)).join("\r\n") + (isEnded ? "\n" : "");
        const expected = said.map(({ delta }) => ({ kind: "text", delta }));
        assert.deepEqual(read("jsonl", cut(text, ends)), expected);
        assert.deepEqual(read("auto", cut(text, ends)), expected);
      }),
    );
  });

  test("lines are those of the whole", () => {
    fc.assert(
      fc.property(anyText, places, (text, ends) => {
        const lines = textLines();
        const found = [...cut(text, ends).flatMap((piece) => lines.push(piece)), lines.rest()];
        assert.deepEqual(
          found,
          text.split("\n").map((line) => line.replace(/\r$/, "")),
        );
        assert.equal(lines.pendingLength(), 0);
      }),
    );
  });

  test("server-sent events have the same data", () => {
    fc.assert(
      fc.property(anyText, places, (text, ends) => {
        const whole = serverSentData().push(text);
        const stream = serverSentData();
        assert.deepEqual(
          cut(text, ends).flatMap((piece) => stream.push(piece)),
          whole,
        );
      }),
    );
  });
});

describe("too much", () => {
  const endings: readonly (readonly [what: string, mode: OutputMode, piece: string, detail: RegExp])[] = [
    ["text", "text", "x", /2097152 characters of text/],
    ["a first line that never ends", "auto", "{", /2097152 characters of text/],
    ["a line of JSON that never ends", "jsonl", "x", /29360128 characters in one line/],
    [
      "lines without end",
      "jsonl",
      `{"type":"tool","name":"t","summary":"${"x".repeat(1_000)}"}\n`,
      /67108864 characters/,
    ],
  ];
  for (const [what, mode, piece, detail] of endings) {
    test(`${what} is a failure`, () => {
      const output = programOutput(mode, () => {});
      const block = piece.repeat(Math.ceil((1024 * 1024) / piece.length));
      let last: ProgramEvent | undefined;
      for (let blocks = 0; blocks < 70 && last?.kind !== "failed"; blocks++) last = output.push(block).at(-1) ?? last;
      assert.equal(last?.kind, "failed");
      assert.match(last?.kind === "failed" ? last.failure.detail : "", detail);
    });
  }
});
