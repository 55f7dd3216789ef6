import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readEvents, type ServerEvent } from "../../src/cli/read-events.ts";

async function eventsOf(text: string, cuts: readonly number[]): Promise<readonly ServerEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const chunks = ends.map((end, place) => bytes.slice(place === 0 ? 0 : ends[place - 1], end));
  const events: ServerEvent[] = [];
  for await (const event of readEvents(chunks)) events.push(event);
  return events;
}

test("events are read whatever way the network cuts them", async () => {
  const stream =
    ': hi\n\nevent: post\nid: 7\ndata: {"text":"grüß\\n日本 🙂"}\n\ndata: [1,\ndata: 2]\r\n\r\nevent: x\n\ndata: no json\n\n';
  const expected = [
    { id: "7", data: { text: "grüß\n日本 🙂" } },
    { id: null, data: [1, 2] },
    { id: null, data: null },
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(200), { maxLength: 12 }), async (cuts) => {
      assert.deepEqual(await eventsOf(stream, cuts), expected);
    }),
  );
});

test("an event that is cut off by the end of the stream is not told", async () => {
  assert.deepEqual(await eventsOf('data: {"a":1}\n\ndata: {"b"', []), [{ id: null, data: { a: 1 } }]);
});
