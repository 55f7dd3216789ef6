import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { importIndex } from "../../src/store/import-index.ts";
import { importTarget } from "./import-index-store.ts";

const text = readFileSync(join(import.meta.dirname, "../../sessions.example.json"), "utf8");
const example: Readonly<Record<string, Entry>> = JSON.parse(text);
type Entry = Partial<Session> & { readonly ended_sessions?: readonly Session[] };
interface Session {
  readonly session_id: string;
  readonly message_count: number;
  readonly chat_type: string;
}
const sessions = Object.values(example).flatMap(({ ended_sessions = [], ...live }) => [
  ...ended_sessions,
  ...(live.session_id === undefined ? [] : [live as Session]),
]);
const utc = { timeZone: "UTC" };

test("the example index is imported as it stands, without a complaint", async () => {
  await using target = await importTarget();
  const report = await importIndex(target.store, example, null, utc);
  assert.deepEqual(report, { imported: sessions.length, updated: 0, skipped: [], messages: 0, lines: [] });
});

test("the example index is what a store with these sessions exports", async () => {
  await using target = await importTarget();
  for (const { session_id, message_count } of sessions)
    target.writeTranscript(session_id, '{"role":"user","content":"hello"}\n'.repeat(message_count));
  const report = await importIndex(target.store, example, target.transcripts, utc);
  assert.equal(
    report.messages,
    sessions.reduce((sum, session) => sum + session.message_count, 0),
  );
  assert.equal(target.exported(), `${JSON.stringify(example, null, 2)}\n`);
});

test("the example index shows a DM, people of their own in a group, a shared thread and ended sessions", async () => {
  await using target = await importTarget();
  await importIndex(target.store, example, null, utc);
  const { store } = target;
  const dm = store.liveSession("agent:main:telegram:dm:584100217");
  assert.deepEqual([dm?.title, dm && store.tags(dm.sessionId)], ["Packing for Lisbon", ["travel"]]);
  assert.ok(store.liveSession("agent:main:telegram:group:-1001987654321:user:610443982"));
  const thread = store.liveSession("agent:main:slack:channel:C07QZOPS41:thread:1775461620.000100");
  assert.deepEqual(
    [thread?.usage.costUsd, thread?.usage.costKnown, thread?.usage.lastPromptTokens],
    [0.0874, true, 9120],
  );
  const ended = store.session("20260331_210915_44d2c6f0");
  assert.deepEqual(
    [ended?.live, ended?.endReason, ended?.agentId, ended?.source.account],
    [false, "timeout", "support", "helpdesk"],
  );
});
