import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { tempDir } from "../support/temp-dir.ts";
import { type Op, openReplay, type Sequence, type Step, timeOf } from "./transcripts-vectors-replay.ts";

const path = join(import.meta.dirname, "../fixtures/vectors/transcripts.json");
const { cases: sequences }: { readonly cases: readonly Sequence[] } = JSON.parse(readFileSync(path, "utf8"));
const counts: Record<Step, number> = { same: 0, departure: 0, diverged: 0 };
let ran = 0;
/** The shortest sequence has two operations; on average nineteen are compared. */
const MIN_OPERATIONS = 2;

/**
 * Where the store departs from the reference, on purpose. An operation that is not listed under its kind must answer the same.
 *
 * - `get_or_create` with `force_new`: the session that is left ends with reason `new`; the reference forgets it unended.
 * - `append`, `rewrite` and `load` of a session that does not exist are errors; the reference makes a file, or says "empty".
 * - `load` of a thread that starts from a DM has no copies of the DM's lines. In every `load` each of our messages has every
 *   field of the reference's: ours keep those that its database form drops (`reasoning`, `timestamp`).
 * - `switch` to a session of another conversation, or to none, is refused; the reference does it, and from there on the two
 *   hold different sessions, so the rest of that sequence is not compared (18 sequences, all of them random ones). A session that
 *   is reopened keeps its `created_at` and its counters.
 * - `has_any`: one session is enough; the reference wants two.
 * - `update` moves no activity with us: in the replay a person's message does it instead.
 * - `set_tokens`: whether there is something to tell is judged by messages, not by tokens.
 * - `read_jsonl`: lines carry `ts`; role and content are the same.
 * Keys are compared by what they join and part, and with `legacySessionKey` to the letter.
 */
const departures: Readonly<Record<Step, readonly string[]>> = {
  same: [],
  departure: ["get_or_create", "append", "rewrite", "load", "switch", "has_any", "update", "set_tokens", "read_jsonl"],
  diverged: ["switch"],
};

/** Two sequences break the JSONL from outside: there we keep what the reference loses, and drop what is no message. */
const broken: Readonly<Record<string, readonly string[]>> = {
  "torn last line then append glues": ["1", "2"],
  "non-dict json line survives": [],
};

for (const sequence of sequences.filter(({ name }) => !(name in broken)))
  test(`the store does what the reference does: ${sequence.name}`, async () => {
    using folder = tempDir();
    const replay = await openReplay(sequence, folder.path);
    ran += 1;
    try {
      for (const [place, op] of sequence.ops.entries()) {
        const step = await stepOf(replay, sequence, op, place);
        counts[step] += 1;
        assert.ok(step === "same" || departures[step].includes(op.op), `${op.op} departs from the reference`);
        if (step === "diverged") break;
      }
      const touchesFiles = sequence.ops.some(({ op }) => op === "delete_jsonl");
      const kinds = replay.heal();
      if (!touchesFiles) assert.ok(kinds.every((kind) => kind === "whole"));
      assert.ok(replay.heal().every((kind) => kind === "whole"));
    } finally {
      await replay.close();
    }
  });

for (const [name, contents] of Object.entries(broken))
  test(`a JSONL file that was broken from outside costs no message: ${name}`, async () => {
    const sequence = sequences.find((one) => one.name === name);
    assert.ok(sequence);
    using folder = tempDir();
    const replay = await openReplay(sequence, folder.path);
    try {
      for (const [place, op] of sequence.ops.entries())
        if (op.op !== "load" && op.op !== "read_jsonl") await stepOf(replay, sequence, op, place);
      assert.deepEqual(replay.contents("S1"), contents);
      assert.deepEqual(replay.heal(), ["healed"]);
      assert.deepEqual(replay.heal(), ["whole"]);
    } finally {
      await replay.close();
    }
  });

async function stepOf(replay: Awaited<ReturnType<typeof openReplay>>, sequence: Sequence, op: Op, place: number) {
  const expected = sequence.results[place];
  assert.ok(expected);
  try {
    return await replay.step(op, expected.result, timeOf(expected.now));
  } catch (error) {
    throw new Error(`operation ${place}, ${JSON.stringify(op)}`, { cause: error });
  }
}

test("of the sequences that were run, nearly all was compared", () => {
  const compared = counts.same + counts.departure;
  assert.ok(counts.diverged <= 18 && compared >= MIN_OPERATIONS * ran, JSON.stringify({ ran, ...counts }));
});
