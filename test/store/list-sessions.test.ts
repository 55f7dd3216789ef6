import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SessionSource } from "../../src/session/source.ts";
import type { SessionFilter } from "../../src/store/list-sessions.ts";
import type { Session } from "../../src/store/session.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { dmSource, groupSource, NOON_MS, testStore, threadSource } from "../support/test-store.ts";

const HOUR_MS = 3_600_000;

interface Sample {
  readonly source: SessionSource;
  readonly agentId: string;
  readonly atHour: number;
  readonly title: string | null;
  readonly tag: string | null;
  readonly after: "live" | "reset" | "deleted";
}
const anySource: fc.Arbitrary<SessionSource> = fc
  .tuple(fc.nat(5), fc.constantFrom("ann", "bob"), fc.constantFrom("telegram", "slack", "web"))
  .chain(([chat, userId, platform]) =>
    fc.constantFrom(
      dmSource(`d${chat}`, { platform, userId }),
      groupSource(`g${chat}`, userId, { platform }),
      threadSource(`c${chat % 2}`, `t${chat}`, { platform, userId }),
    ),
  );
const titles = ["Trip to Lyon", "TRIP 100%", "Ärger mit É_lan", "a_b", "\\path", null];
const sample: fc.Arbitrary<Sample> = fc.record({
  source: anySource,
  agentId: fc.constantFrom("main", "support"),
  atHour: fc.nat(6),
  title: fc.constantFrom(...titles),
  tag: fc.constantFrom("red", "blue", null),
  after: fc.constantFrom("live", "live", "reset", "deleted"),
});
const hours = fc.nat(7).map((hour) => NOON_MS + hour * HOUR_MS);
const filterOf: fc.Arbitrary<SessionFilter> = fc.record(
  {
    platform: fc.constantFrom("telegram", "slack", "nowhere"),
    live: fc.boolean(),
    chatType: fc.constantFrom("dm", "group", "channel"),
    agentId: fc.constantFrom("main", "support"),
    chatId: fc.constantFrom("d1", "g2", "c0"),
    threadId: fc.constantFrom("t1", "t2"),
    userId: fc.constantFrom("ann", "bob"),
    tag: fc.constantFrom("red", "blue"),
    title: fc.constantFrom("trip", "TRIP", "%", "_", "\\", "arger", "élan", "É_", "ä", "x"),
    createdFromMs: hours,
    createdToMs: hours,
    activeFromMs: hours,
    activeToMs: hours,
  },
  { requiredKeys: [] },
);

async function fill(store: SessionStore, samples: readonly Sample[]): Promise<void> {
  for (const { source, agentId, atHour, title, tag, after } of samples) {
    const atMs = NOON_MS + atHour * HOUR_MS;
    const { session } = await store.resolveSession(source, atMs, agentId);
    if (title !== null) await store.setTitle(session.sessionId, title);
    if (tag !== null) await store.addTag(session.sessionId, tag);
    if (after === "reset") await store.resetSession(session.sessionKey, "new", atMs + HOUR_MS);
    if (after === "deleted") await store.deleteSession(session.sessionId, atMs);
  }
}

const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The filter as a person would read it. */
function isWanted(session: Session, filter: SessionFilter, tags: readonly string[]): boolean {
  const { source } = session;
  // Threads are shared by all, other conversations of these samples are one person's.
  const owner = source.threadId === null ? source.userId : null;
  return (
    (filter.platform ?? source.platform) === source.platform &&
    (filter.live ?? session.live) === session.live &&
    (filter.chatType ?? source.chatType) === source.chatType &&
    (filter.agentId ?? session.agentId) === session.agentId &&
    (filter.chatId ?? source.chatId) === source.chatId &&
    (filter.sessionKey ?? session.sessionKey) === session.sessionKey &&
    (filter.threadId === undefined || filter.threadId === source.threadId) &&
    (filter.userId === undefined || filter.userId === owner) &&
    (filter.tag === undefined || tags.includes(filter.tag)) &&
    (filter.title === undefined || (session.title !== null && folded(session.title).includes(folded(filter.title)))) &&
    session.createdAtMs >= (filter.createdFromMs ?? 0) &&
    session.createdAtMs < (filter.createdToMs ?? Number.POSITIVE_INFINITY) &&
    session.lastActiveMs >= (filter.activeFromMs ?? 0) &&
    session.lastActiveMs < (filter.activeToMs ?? Number.POSITIVE_INFINITY)
  );
}

/** All pages, one after the other. */
function pagesOf(store: SessionStore, filter: SessionFilter, limit: number): Session[] {
  const found: Session[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page = store.listSessions({ ...filter, limit, ...(cursor === "" ? {} : { cursor }) });
    assert.ok(page.sessions.length <= limit);
    assert.ok(page.sessions.length > 0 || cursor === "", "an empty page after one that promised more");
    found.push(...page.sessions);
    cursor = page.next;
  }
  return found;
}

test("every filter finds what a naive one finds, newest first, and its pages neither repeat nor miss", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(sample, { minLength: 15, maxLength: 30 }),
      fc.array(fc.tuple(filterOf, fc.integer({ min: 1, max: 7 })), { minLength: 40, maxLength: 40 }),
      async (samples, filters) => {
        await using opened = await testStore();
        const { store } = opened;
        await fill(store, samples);
        const all = store.listSessions({ limit: 500 }).sessions;
        const tagged = new Map(all.map(({ sessionId }) => [sessionId, store.tags(sessionId)]));
        const counted = store.stats().sessions.reduce((sum, { count }) => sum + count, 0);
        assert.equal(counted, all.length);
        const [chosen] = all;
        for (const [filter, limit] of [...filters, [chosen ? { sessionKey: chosen.sessionKey } : {}, 2] as const]) {
          const expected = all
            .filter((session) => isWanted(session, filter, tagged.get(session.sessionId) ?? []))
            .sort((a, b) => b.lastActiveMs - a.lastActiveMs || b.row - a.row);
          assert.deepEqual(
            pagesOf(store, filter, limit).map(({ sessionId }) => sessionId),
            expected.map(({ sessionId }) => sessionId),
            JSON.stringify(filter),
          );
        }
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
});

test("a page has 50 sessions unless it is told otherwise, and 500 at most", async () => {
  await using opened = await testStore();
  const { store } = opened;
  await Promise.all(Array.from({ length: 510 }, (_, n) => store.resolveSession(dmSource(String(n)), NOON_MS)));
  assert.equal(store.listSessions({}).sessions.length, 50);
  assert.equal(store.listSessions({ limit: 9_999 }).sessions.length, 500);
  assert.equal(store.listSessions({ limit: 0 }).sessions.length, 1);
  assert.equal(pagesOf(store, {}, 100).length, 510, "all of them were active at the same moment");
});

test("a session that is active meanwhile does not make another be missed", async () => {
  await using opened = await testStore();
  const { store } = opened;
  for (let n = 0; n < 6; n++) await store.resolveSession(dmSource(String(n)), NOON_MS + n);
  const first = store.listSessions({ limit: 3 });
  await store.resolveSession(dmSource("0"), NOON_MS + 100);
  const rest = store.listSessions({ limit: 10, cursor: first.next ?? "" });
  assert.deepEqual(
    [...first.sessions, ...rest.sessions].map(({ source }) => source.chatId),
    ["5", "4", "3", "2", "1"],
  );
});

test("a cursor that no page gave is refused", async () => {
  await using opened = await testStore();
  for (const cursor of ["", "x", "1", "1.2.3", "1;DROP TABLE sessions", "-1.5"])
    assert.throws(
      () => opened.store.listSessions({ cursor }),
      (error) => error instanceof StoreError && error.kind === "invalid" && /cursor/.test(error.message),
    );
});

test("text in a filter is text, whatever it says", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.setTitle(session.sessionId, 'it\'s 100% "so"; --');
  for (const title of ["'", '"', "%", ";", "--", "IT'S 100% "])
    assert.equal(store.listSessions({ title }).sessions.length, 1);
  for (const title of ["' OR 1=1", "%s", "_", "\\"]) assert.deepEqual(store.listSessions({ title }).sessions, []);
});
