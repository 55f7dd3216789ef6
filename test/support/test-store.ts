import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../src/clock/clock.ts";
import type { ResetPolicy } from "../../src/session/reset-policy.ts";
import type { SessionSource } from "../../src/session/source.ts";
import type { Draft } from "../../src/store/append-message.ts";
import { selectGreatestMessageRow } from "../../src/store/messages.ts";
import { selectMeta } from "../../src/store/meta.ts";
import type { SessionRules } from "../../src/store/resolve-session.ts";
import type { Reader } from "../../src/store/sqlite.ts";
import { openStore, type SessionStore, type StoreEvents } from "../../src/store/store.ts";
import { transcriptLine } from "../../src/store/transcript-line.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { tempDir } from "./temp-dir.ts";
import { until } from "./until.ts";

/** Noon of a Wednesday, UTC: when test stores begin, unless they are given a clock. */
export const NOON_MS = Date.UTC(2026, 3, 1, 12);

/** A store in a folder of its own. */
export interface TestStore extends AsyncDisposable {
  readonly store: SessionStore;
  readonly dataDir: string;
  readonly clock: FakeClock;
}

/** Opens a store in a temporary folder (or in `dataDir`, which is left behind) whose sessions never reset unless the rules say so. */
export async function testStore(
  options: {
    readonly rules?: SessionRules;
    readonly clock?: FakeClock;
    readonly dataDir?: string;
    readonly events?: Partial<StoreEvents>;
  } = {},
): Promise<TestStore> {
  const folder = options.dataDir === undefined ? tempDir() : null;
  const dataDir = options.dataDir ?? folder?.path ?? "";
  const clock = options.clock ?? fakeClock(NOON_MS);
  const store = await openTestStore(dataDir, clock, options.rules, options.events);
  return {
    store,
    dataDir,
    clock,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      folder?.[Symbol.dispose]();
    },
  };
}

/** Moves the clock until the store has nothing left to do: files are synced on real time, whatever the clock says. */
export async function untilStill({ store, clock }: TestStore): Promise<void> {
  await until("the store stands still", async () => {
    await clock.advance(60_000);
    const mirrored = selectMeta(store.reader, "mirrored_through");
    return mirrored === `${selectGreatestMessageRow(store.reader)}` && clock.timerCount() === 0;
  });
}

/** Opens a store on a data directory that is there already. */
export function openTestStore(
  dataDir: string,
  clock: Clock,
  rules: SessionRules = testRules(),
  events: Partial<StoreEvents> = {},
): Promise<SessionStore> {
  const ignore = () => {};
  return openStore({
    dataDir,
    rules,
    clock,
    mirrorDelayMs: 0,
    events: { committed: ignore, mirrorFailed: ignore, mirrorHealed: ignore, ...events },
  });
}

/** Rules in UTC under which nothing resets by itself, but for what is given. */
export function testRules(policy: Partial<ResetPolicy> = {}, keys: Partial<SessionRules["keys"]> = {}): SessionRules {
  const never: ResetPolicy = {
    mode: "none",
    idleMinutes: 60,
    atHour: 4,
    timeZone: "UTC",
    graceMinutes: 0,
    notify: true,
  };
  return {
    keys: { groupSessionsPerUser: true, threadSessionsPerUser: false, ...keys },
    resets: { default: { ...never, ...policy }, byChatType: {}, byPlatform: {} },
  };
}

const nobody: SessionSource = {
  platform: "telegram",
  account: "default",
  chatType: "dm",
  chatId: "1",
  threadId: null,
  userId: null,
  userIdAlt: null,
  workspaceId: null,
  parentChatId: null,
  userName: null,
  chatName: null,
  chatTopic: null,
  chatIdAlt: null,
};

/** Ann's direct chat. */
export function dmSource(chatId: string, about: Partial<SessionSource> = {}): SessionSource {
  return { ...nobody, chatId, userId: "ann", userName: "Ann", ...about };
}

/** A person in a group. */
export function groupSource(chatId: string, userId: string, about: Partial<SessionSource> = {}): SessionSource {
  return { ...nobody, chatType: "group", chatId, userId, userName: userId, chatName: "Ops", ...about };
}

/** A person in a thread of a channel. */
export function threadSource(chatId: string, threadId: string, about: Partial<SessionSource> = {}): SessionSource {
  const place = { platform: "slack", chatType: "channel", chatId, threadId, parentChatId: chatId } as const;
  return { ...nobody, ...place, userId: "ann", userName: "Ann", ...about };
}

/** A line of a transcript: what a person wrote, unless `about` says otherwise. */
export function line(content: string, about: Partial<Draft> = {}): Draft {
  return {
    role: "user",
    content,
    atMs: NOON_MS,
    messageId: null,
    senderId: "ann",
    senderName: "Ann",
    extra: null,
    ...about,
  };
}

/** Runs SQL of a test's own on the store's connection. */
export function rowsOf(reader: Reader, sql: string): Record<string, unknown>[] {
  return reader.all({ compiled: () => ({ sql, names: [] }) }, {}) as Record<string, unknown>[];
}

/** What the JSONL file of a session should hold: the lines of all its rows. */
export function mirrorText(store: SessionStore, sessionId: string): string {
  const newestFirst: string[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = store.transcript(sessionId, { limit: 1_000, before });
    newestFirst.push(...page.map((message) => transcriptLine(message)).reverse());
    const [first] = page;
    if (first === undefined) return newestFirst.reverse().join("");
    before = first.seq;
  }
}

/** Where a session's JSONL file is. */
export function mirrorPath(dataDir: string, sessionId: string): string {
  return join(dataDir, "transcripts", `${sessionId}.jsonl`);
}

/** Copies the database as a process that dies now would leave it: `transcripts/` is the caller's to copy, as of when it likes. */
export function copyDatabase(fromDir: string, toDir: string): void {
  for (const name of ["parley.db", "parley.db-wal"]) cpSync(join(fromDir, name), join(toDir, name));
}
