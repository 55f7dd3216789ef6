import assert from "node:assert/strict";
import { test } from "node:test";
import { type LegacySessionId, legacySessionIdText, readLegacySessionId } from "../../src/memory/legacy-session-id.ts";
import { readMemoryVectors, type Vector } from "./vectors/read-vectors.ts";

interface Parts {
  readonly agent_id: string;
  readonly channel_id: string;
  readonly peer_id: string;
  readonly thread_id: string;
}
type Read = { readonly id: Parts; readonly round_trips: boolean; readonly string: string } | { readonly error: string };

const vectors = readMemoryVectors<{
  readonly parse_session_id: readonly Vector<string, Read>[];
  readonly session_id_string: readonly Vector<
    Parts,
    { readonly parses_back_equal: boolean; readonly string: string }
  >[];
}>("hygiene");

function idOf(parts: Parts): LegacySessionId {
  return {
    agentId: parts.agent_id,
    channelId: parts.channel_id,
    peerId: parts.peer_id,
    threadId: parts.thread_id,
  };
}

test("older ids are read as they were", () => {
  for (const { in: text, out } of vectors.parse_session_id) {
    const id = readLegacySessionId(text);
    if ("error" in out) assert.equal(id, null, text);
    else {
      assert.deepEqual(id, idOf(out.id), text);
      assert.equal(legacySessionIdText(idOf(out.id)), out.string);
      assert.equal(out.string === text, out.round_trips);
    }
  }
});

test("older ids are written as they were, whether they read back or not", () => {
  for (const { in: parts, out } of vectors.session_id_string) {
    const text = legacySessionIdText(idOf(parts));
    assert.equal(text, out.string);
    const back = readLegacySessionId(text);
    assert.equal(JSON.stringify(back) === JSON.stringify(idOf(parts)), out.parses_back_equal, text);
  }
});
