import assert from "node:assert/strict";
import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type KeyOptions, sessionKey } from "../../src/session/key.ts";
import { legacySessionKey } from "../../src/session/legacy-key.ts";
import { completeResetPolicy, defaultResetPolicy, type ResetPolicy } from "../../src/session/reset-policy.ts";
import { resetReason } from "../../src/session/reset-reason.ts";
import { sourceFromJson, sourceToJson } from "../../src/session/source-json.ts";
import { walkMessages } from "../../src/store/messages.ts";
import { touchSession } from "../../src/store/resolve-session.ts";
import { selectSession } from "../../src/store/sessions.ts";
import { openStore, type SessionStore } from "../../src/store/store.ts";
import { readTranscriptLine } from "../../src/store/transcript-line.ts";
import { fakeClock } from "../support/fake-clock.ts";

/** One sequence of `transcripts.json`: operations and what the reference answered. */
export interface Sequence {
  readonly name: string;
  readonly start: string;
  readonly config: {
    readonly policy?: {
      readonly mode?: ResetPolicy["mode"];
      readonly at_hour?: number;
      readonly idle_minutes?: number;
    };
    readonly group_sessions_per_user?: boolean;
    readonly thread_sessions_per_user?: boolean;
  };
  readonly ops: readonly Op[];
  readonly results: readonly { readonly result: unknown; readonly now: string }[];
}

type Fields = Readonly<Record<string, unknown>>;

/** One operation; which fields are there depends on `op`. */
export interface Op {
  readonly op: string;
  readonly source?: Fields & Parameters<typeof legacySessionKey>[0];
  readonly force_new?: boolean;
  readonly session?: string;
  readonly key?: string;
  readonly message?: Fields;
  readonly messages?: readonly Fields[];
  readonly text?: string;
  readonly last_prompt_tokens?: number;
  readonly total_tokens?: number;
  readonly active_minutes?: number;
}

/** What the reference says of a session. */
interface Entry {
  readonly session_key: string;
  readonly session_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly auto_reset_reason: string | null;
  readonly last_prompt_tokens: number;
  readonly origin: Fields;
}

/** How a step compares; `diverged`: from here on the two stores hold different sessions, by a departure. */
export type Step = "same" | "departure" | "diverged";

const UNKNOWN = "20000101_000000_00000000";

/** The real store in the reference's place, in `dataDir`. */
export async function openReplay(sequence: Sequence, dataDir: string) {
  const { config } = sequence;
  const keys: KeyOptions = {
    groupSessionsPerUser: config.group_sessions_per_user ?? true,
    threadSessionsPerUser: config.thread_sessions_per_user ?? false,
  };
  const { mode, at_hour, idle_minutes } = config.policy ?? {};
  const policy = completeResetPolicy(
    {
      graceMinutes: 0,
      ...(mode === undefined ? {} : { mode }),
      ...(at_hour === undefined ? {} : { atHour: at_hour }),
      ...(idle_minutes === undefined ? {} : { idleMinutes: idle_minutes }),
    },
    defaultResetPolicy("UTC"),
  );
  const rules = { keys, resets: { default: policy, byChatType: {}, byPlatform: {} } };
  const open = () => openStore({ mirrorDelayMs: 0, dataDir, rules, clock: fakeClock(timeOf(sequence.start)) });
  let store: SessionStore = await open();

  /** Our ids and keys by the reference's. */
  const ids = new Map<string, string>();
  const keyOf = new Map<string, string>();
  /** Lines the reference copied from a DM into its thread; we copy none. */
  const copied = new Map<string, number>();
  const switched = new Set<string>();

  const idOf = (name: string | undefined) => ids.get(name ?? "") ?? UNKNOWN;
  const liveOf = (key: string | undefined) => store.liveSession(keyOf.get(key ?? "") ?? "none");
  const rows = (name: string) => [...walkMessages(store.reader, store.session(idOf(name))?.row ?? 0)];
  const mirrorPath = (name: string) => join(dataDir, "transcripts", `${idOf(name)}.jsonl`);
  const draftOf = (message: Fields, atMs: number) => {
    const reading = readTranscriptLine(JSON.stringify(message), { timeZone: "UTC", unknownAtMs: atMs });
    assert.ok(reading.ok);
    return reading.message;
  };

  const assertEntry = (entry: Entry, session: NonNullable<ReturnType<typeof liveOf>>) => {
    assert.equal(session.sessionId, ids.get(entry.session_id));
    assert.equal(session.sessionKey, keyOf.get(entry.session_key));
    assert.equal(session.lastActiveMs, timeOf(entry.updated_at));
    // The reference makes a new entry of a session that is reopened; ours goes on with what it had.
    if (switched.has(entry.session_id)) return;
    assert.equal(session.createdAtMs, timeOf(entry.created_at));
    assert.equal(session.usage.lastPromptTokens, entry.last_prompt_tokens);
  };

  const getOrCreate = async (op: Op, entry: Entry, nowMs: number): Promise<Step> => {
    assert.ok(op.source);
    const source = sourceFromJson(op.source);
    const key = sessionKey(source, keys);
    assert.equal(legacySessionKey(op.source, keys), entry.session_key);
    assert.equal(keyOf.get(entry.session_key) ?? key, key);
    keyOf.set(entry.session_key, key);
    const forced = op.force_new === true && store.liveSession(key) !== null;
    if (forced) await store.resetSession(key, "new", nowMs);
    const { session, reset } = await store.resolveSession(source, nowMs);
    if (!ids.has(entry.session_id)) {
      ids.set(entry.session_id, session.sessionId);
      assert.equal(reset?.reason ?? null, entry.auto_reset_reason);
      assert.deepEqual(sourceToJson(session.source), entry.origin);
      const parent = op.source.chat_type === "dm" && op.source.thread_id && reset === null;
      const parentKey = legacySessionKey({ ...op.source, thread_id: null }, keys);
      if (parent) copied.set(entry.session_id, liveOf(parentKey)?.messageCount ?? 0);
    } else assert.equal(reset, null);
    assertEntry(entry, session);
    return forced ? "departure" : "same";
  };

  const load = (op: Op, expected: readonly Fields[]): Step => {
    if (!ids.has(op.session ?? "")) {
      assert.throws(() => store.transcript(UNKNOWN, { limit: 10 }), { kind: "not_found" });
      return "departure";
    }
    const ours = rows(op.session ?? "").map(({ role, content, extra }): Fields => ({ ...extra, role, content }));
    const skip = copied.get(op.session ?? "") ?? 0;
    assert.equal(ours.length, expected.length - skip);
    ours.forEach((message, place) => {
      const theirs = expected[place + skip] ?? {};
      assert.deepEqual(Object.fromEntries(Object.keys(theirs).map((name) => [name, message[name]])), theirs);
    });
    return skip > 0 ? "departure" : "same";
  };

  const unlessUnknown = async (op: Op, act: (id: string) => Promise<unknown>): Promise<Step> => {
    const isKnown = ids.has(op.session ?? "");
    if (isKnown) await act(idOf(op.session));
    else await assert.rejects(act(UNKNOWN), { kind: "not_found" });
    return isKnown ? "same" : "departure";
  };

  const switchTo = async (op: Op, entry: Entry | null, nowMs: number): Promise<Step> => {
    const left = liveOf(op.key);
    const kind = await store.switchSession(keyOf.get(op.key ?? "") ?? "none", idOf(op.session), nowMs);
    if (entry === null) assert.ok(left === null && kind !== "switched");
    else if (kind === "switched" || kind === "already_live") {
      if (kind === "switched") {
        switched.add(op.session ?? "");
        assert.equal(store.session(left?.sessionId ?? "")?.endReason ?? "archive", "archive");
      }
      assert.equal(liveOf(op.key)?.sessionId, ids.get(entry.session_id));
      return kind === "switched" ? "departure" : "same";
    } else {
      assert.deepEqual(liveOf(op.key), left);
      return "diverged";
    }
    return "same";
  };

  const step = async (op: Op, result: unknown, nowMs: number): Promise<Step> => {
    switch (op.op) {
      case "get_or_create":
        return await getOrCreate(op, result as Entry, nowMs);
      case "append":
        return await unlessUnknown(op, (id) => store.appendMessages(id, [draftOf(op.message ?? {}, nowMs)]));
      case "rewrite":
        if (ids.has(op.session ?? "")) copied.delete(op.session ?? "");
        return await unlessUnknown(op, (id) =>
          store.rewriteTranscript(
            id,
            (op.messages ?? []).map((message) => draftOf(message, nowMs)),
          ),
        );
      case "load":
        return load(op, result as readonly Fields[]);
      case "reset": {
        const entry = result as Entry | null;
        const left = liveOf(op.key);
        const session = await store.resetSession(keyOf.get(op.key ?? "") ?? "none", "reset", nowMs);
        assert.equal(session === null, entry === null);
        if (entry === null || session === null) return "same";
        ids.set(entry.session_id, session.sessionId);
        assertEntry(entry, session);
        assert.equal(store.session(left?.sessionId ?? "")?.endReason, "reset");
        return "same";
      }
      case "switch":
        return await switchTo(op, result as Entry | null, nowMs);
      case "list": {
        const since = op.active_minutes === undefined ? {} : { activeFromMs: nowMs - op.active_minutes * 60_000 };
        const { sessions } = store.listSessions({ live: true, limit: 500, ...since });
        assert.deepEqual(sessions.map((session) => session.sessionId).sort(), (result as string[]).map(idOf).sort());
        const times = (result as string[]).map((name) => store.session(idOf(name))?.lastActiveMs);
        assert.deepEqual(
          sessions.map((session) => session.lastActiveMs),
          times,
        );
        return "same";
      }
      case "index":
        assert.equal(
          Object.keys(result as Fields).length,
          store.listSessions({ live: true, limit: 500 }).sessions.length,
        );
        for (const [key, name] of Object.entries(result as Record<string, string>))
          assert.equal(liveOf(key)?.sessionId, idOf(name));
        return "same";
      case "reload":
        await store[Symbol.asyncDispose]();
        store = await open();
        assert.deepEqual(
          store
            .listSessions({ live: true, limit: 500 })
            .sessions.map((session) => session.sessionKey as string)
            .sort(),
          (result as string[]).map((key) => keyOf.get(key) ?? key).sort(),
        );
        return "same";
      case "has_any":
        assert.equal(store.hasAnySessions(), ids.size > 0);
        return store.hasAnySessions() === result ? "same" : "departure";
      case "expired": {
        const live = liveOf(op.key);
        assert.equal(live === null ? null : resetReason(policy, live.lastActiveMs, nowMs) !== null, result);
        return "same";
      }
      case "update": {
        const row = selectSession(store.reader, liveOf(op.key)?.sessionId ?? UNKNOWN);
        if (row === null) return "same";
        // Bookkeeping keeps no session alive with us: a person's message stands in for it.
        await store.write((tx) => touchSession(tx, rules, row, nowMs, row.message_count));
        if (op.last_prompt_tokens !== undefined) await use(row.session_id, op.last_prompt_tokens);
        return "departure";
      }
      case "set_tokens":
        return "departure";
      case "raw_jsonl":
        appendFileSync(mirrorPath(op.session ?? ""), op.text ?? "");
        return "same";
      case "delete_jsonl":
        rmSync(mirrorPath(op.session ?? ""));
        return "same";
      case "read_jsonl": {
        const texts = (jsonl: string) => jsonl.split("\n").filter((line) => line !== "");
        const theirs = texts(String(result)).map((line): Fields => JSON.parse(line));
        const ours = texts(readFileSync(mirrorPath(op.session ?? ""), "utf8")).map((line): Fields => JSON.parse(line));
        assert.deepEqual(
          ours.map(({ role, content }) => ({ role, content })),
          theirs.map(({ role, content }) => ({ role, content })),
        );
        return "departure";
      }
      default:
        throw new Error(`unknown operation ${op.op}`);
    }
  };

  const use = (sessionId: string, inputTokens: number) =>
    store.recordUsage(sessionId, { inputTokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 });

  return {
    step,
    /** What a session's transcript is with us. */
    contents: (name: string) => rows(name).map((message) => message.content),
    /** Whether every JSONL file mirrors its rows; mends those that do not. */
    heal: () => [...ids.values()].map((id) => store.healTranscript(id).kind),
    close: () => store[Symbol.asyncDispose](),
  };
}

/** The vectors' clock has no zone: it is read as UTC. */
export function timeOf(text: string): number {
  return Date.parse(`${text}Z`);
}
