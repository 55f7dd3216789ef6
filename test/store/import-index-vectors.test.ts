import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sourceToJson } from "../../src/session/source-json.ts";
import { importIndex } from "../../src/store/import-index.ts";
import { type ImportTarget, importTarget } from "./import-index-store.ts";

interface Case {
  readonly kind: string;
  readonly label?: string;
  readonly input: unknown;
  readonly output?: unknown;
}
type Fields = Readonly<Record<string, unknown>>;

const path = join(import.meta.dirname, "../fixtures/vectors/sessions_json.json");
const { cases }: { readonly cases: readonly Case[] } = JSON.parse(readFileSync(path, "utf8"));
const ofKind = (kind: string) => cases.filter((one) => one.kind === kind);
const utc = { timeZone: "UTC" };
const times = { created_at: "2026-04-05T12:00:00", updated_at: "2026-04-05T12:00:00.123456" };

/** The source of the one session that was imported, as the file would say it; null when none was. */
function importedOrigin(target: ImportTarget): Fields | null {
  const session = target.store.listSessions({}).sessions[0];
  return session === undefined ? null : { ...sourceToJson(session.source) };
}

/**
 * Where a source is read otherwise than by the reference, by its JSON:
 * - junk that it turns into text ("None", "True") is no chat id;
 * - a chat type is one of four;
 * - platforms are an open set: an adapter's name needs only the form of one.
 */
const refusedSources: readonly Fields[] = [
  { platform: "telegram", chat_id: null },
  { platform: "telegram", chat_id: true },
  { platform: "telegram", chat_id: "1", chat_type: "weird" },
];

for (const { input, output } of ofKind("source"))
  test(`an origin is read as the reference reads it: ${JSON.stringify(input)}`, async () => {
    await using target = await importTarget();
    const index = { key: { session_id: "S1", ...times, origin: input } };
    const report = await importIndex(target.store, index, null, utc);
    const isRefused =
      output === undefined || refusedSources.some((source) => JSON.stringify(source) === JSON.stringify(input));
    assert.deepEqual(importedOrigin(target), isRefused ? null : output);
    assert.deepEqual(
      report.skipped.map(({ key }) => key),
      isRefused ? ["key"] : [],
    );
    for (const { why } of report.skipped) assert.match(why, /^origin: /);
  });

/** The reference refuses platforms it has no adapter for; with us the set is open. */
const openPlatform = "nope";

for (const { input, output } of ofKind("entry")) {
  const entry = input as Fields & { readonly origin?: Fields };
  const differing = JSON.stringify({ ...entry, origin: entry.origin?.platform });
  test(`an entry is read as the reference reads it: ${differing}`, async () => {
    await using target = await importTarget();
    const report = await importIndex(target.store, { key: entry }, null, utc);
    // Without a chat there is no key: the reference keeps such an entry, and can never find it again.
    const hasChat = entry.origin !== undefined && Object.keys(entry.origin).length > 0;
    if (hasChat && (output !== undefined || entry.origin?.platform === openPlatform)) {
      assert.deepEqual(report, { imported: 1, updated: 0, skipped: [], messages: 0, lines: [] });
      assertEntry(target, (output ?? entry) as Fields);
    } else {
      assert.deepEqual([report.imported, report.skipped.length], [0, 1]);
      assert.equal(target.store.hasAnySessions(), false);
    }
  });
}

/** Microseconds are cut to milliseconds; numbers that are null are 0; `total_tokens` is the sum; `memory_flushed` is not ours. */
function assertEntry(target: ImportTarget, expected: Fields): void {
  const exported: Readonly<Record<string, Fields>> = JSON.parse(target.exported());
  const entry = Object.values(exported)[0] ?? {};
  const number = (name: string) => expected[name] ?? 0;
  assert.equal(entry.session_id, expected.session_id);
  assert.equal(entry.created_at, `${String(expected.created_at)}.000Z`);
  assert.equal(entry.updated_at, new Date(`${String(expected.updated_at)}Z`).toISOString());
  for (const name of ["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "last_prompt_tokens"])
    assert.equal(entry[name], number(name), name);
  assert.equal(entry.estimated_cost_usd, number("estimated_cost_usd"));
  assert.equal(entry.cost_status, expected.cost_status ?? "unknown");
  const origin = entry.origin as Fields;
  const given = expected.origin as Fields;
  assert.deepEqual({ ...origin, ...given }, origin, "the origin has all that the reference's has");
}

test("the reference's own bytes are imported", async () => {
  for (const { output } of ofKind("sessions_json_bytes")) {
    await using target = await importTarget();
    const report = await importIndex(target.store, JSON.parse(String(output)), null, utc);
    assert.deepEqual(report, { imported: 1, updated: 0, skipped: [], messages: 0, lines: [] });
    const session = target.store.liveSession("agent:main:telegram:dm:0");
    assert.deepEqual(
      [session?.source.chatName, session?.createdAtMs],
      ["plain", Date.parse("2026-04-05T12:00:00.005Z")],
    );
  }
});

/**
 * What comes of each entry of whole files; the vectors give one session several times, which we import once, so each entry
 * gets an id of its own here. The reference drops the rest of the file at "null date" and "entry is a list"; we never do.
 */
const files: Readonly<Record<string, { readonly imported: number; readonly skipped: readonly string[] }>> = {
  "bad date": { imported: 2, skipped: ["b"] },
  "null date": { imported: 2, skipped: ["b"] },
  "entry is a list": { imported: 2, skipped: ["b"] },
  "unknown entry platform": { imported: 1, skipped: [] },
};

for (const { label = "", input, output } of ofKind("load_sessions_json")) {
  const expected = files[label];
  if (expected === undefined)
    test(`a file that is no JSON is an error where it is parsed: ${label}`, () => {
      assert.deepEqual(output, []);
      assert.throws(() => JSON.parse(String(input)), SyntaxError);
    });
  else
    test(`a file with one bad entry loses that entry alone: ${label}`, async () => {
      await using target = await importTarget();
      const index: Record<string, Fields> = JSON.parse(String(input));
      const own = Object.entries(index).map(([key, entry]) =>
        Array.isArray(entry) ? [key, entry] : [key, { ...entry, session_id: `S-${key}` }],
      );
      const report = await importIndex(target.store, Object.fromEntries(own), null, utc);
      assert.equal(report.imported, expected.imported);
      assert.deepEqual(
        report.skipped.map(({ key }) => key),
        expected.skipped,
      );
    });
}
