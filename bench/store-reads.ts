import type { SessionFilter } from "../src/store/list-sessions.ts";
import { selectSessionRow } from "../src/store/sessions.ts";
import { openStore } from "../src/store/store.ts";
import type { Benchmark, Finding } from "./benchmark.ts";
import { keyOf, PLATFORM, rules } from "./conversation.ts";
import { LONG_SESSION_ROW, largeDatabase } from "./large-database.ts";
import { COMMON_WORD, FREQUENT_WORDS, RARE_WORD } from "./sample-text.ts";
import { spreadOf } from "./spread.ts";

const LIST_MS = 1;
const SEARCH_MS = 10;

/** Lists, pages and searches in a database of a million sessions and a million messages. */
export const storeReads: Benchmark = async ({ isQuick, workFolder }, tell) => {
  const many = isQuick ? 20_000 : 1_000_000;
  const dataDir = await largeDatabase(workFolder, many, tell);
  await using store = await openStore({ dataDir, rules });
  const long = selectSessionRow(store.reader, LONG_SESSION_ROW);
  if (long === null) throw new Error("expected the long session to be there");
  const sessionId = long.session_id;
  const middle = Math.floor(long.message_count / 2);
  const second = store.listSessions({ limit: 50 }).next ?? "";
  const list = (filter: SessionFilter) => () => store.listSessions({ limit: 50, ...filter }).sessions.length;
  const find = (text: string, where: { sessionId?: string; platform?: string } = {}) => {
    return async () => (await store.search(text, { limit: 20, ...where })).length;
  };
  const [first, other] = FREQUENT_WORDS;

  tell("lists, pages, searches");
  const time = async (what: string, limitMs: number | null, read: () => number | Promise<number>): Promise<Finding> => {
    const rows = await read();
    const times: number[] = [];
    for (let round = 0; round < (isQuick ? 5 : 51); round++) {
      const startedMs = performance.now();
      await read();
      times.push(performance.now() - startedMs);
    }
    const target = limitMs === null ? {} : { target: { bound: "at most", value: limitMs } as const };
    return { what, unit: "ms", measured: spreadOf(times), ...target, note: `${rows} rows` };
  };
  return [
    await time("session list, first page of 50", LIST_MS, list({})),
    await time("session list, next page", LIST_MS, list({ cursor: second })),
    await time("session list, live ones of a platform", LIST_MS, list({ live: true, platform: PLATFORM })),
    await time("session list, ended ones", LIST_MS, list({ live: false })),
    await time("session list, one chat", LIST_MS, list({ chatId: "chat4711" })),
    await time("session list, one key", LIST_MS, list({ sessionKey: keyOf(4711) })),
    await time("session list, one person", LIST_MS, list({ userId: "user4711" })),
    await time("session list, a word of the title", LIST_MS, list({ title: "holiday" })),
    await time("transcript, newest 50 of 100,000", LIST_MS, () => store.transcript(sessionId, { limit: 50 }).length),
    await time(
      "transcript, 50 in the middle",
      LIST_MS,
      () => store.transcript(sessionId, { limit: 50, before: middle }).length,
    ),
    await time("search, a word of every message", SEARCH_MS, find(COMMON_WORD)),
    await time("search, a frequent word", SEARCH_MS, find(first)),
    await time("search, a rare word", SEARCH_MS, find(RARE_WORD)),
    await time("search, two frequent words", SEARCH_MS, find(`${first} ${other}`)),
    await time("search, a frequent and a rare word", SEARCH_MS, find(`${first} ${RARE_WORD}`)),
    await time("search, one letter (unfinished word)", SEARCH_MS, find("t")),
    await time("search, no such word", SEARCH_MS, find("xylophone")),
    await time("search, a frequent word on one platform", SEARCH_MS, find(first, { platform: "other" })),
    await time("search, a frequent word on a platform without messages", SEARCH_MS, find(first, { platform: "none" })),
    await time("search, a frequent word in one session", SEARCH_MS, find(first, { sessionId })),
  ];
};
