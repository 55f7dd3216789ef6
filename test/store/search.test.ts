import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dmSource, line, NOON_MS, testStore } from "../support/test-store.ts";

/** text, query, found */
const table: readonly (readonly [text: string, query: string, isFound: boolean])[] = [
  ["The Quick brown fox", "quick", true],
  ["The Quick brown fox", "QUICK Fox", true],
  ["The Quick brown fox", "fox quick", true],
  ["The Quick brown fox", "fox wolf", false],
  ["The Quick brown fox", "quick bro", true],
  ["The Quick brown fox", "qui brown", false],
  ["The Quick brown fox", "uick", false],
  ["Crème brûlée", "creme brulee", true],
  ["creme brulee", "Crème Brûlée", true],
  ["cre\u0300me", "crème", true],
  ["Straße", "straße", true],
  ["İstanbul", "istanbul", true],
  ["ЁЛКА зелёная", "ёлка ЗЕЛЁНАЯ", true],
  ["αγάπη", "ΑΓΆΠΗ", true],
  ["हिन्दी में लिखा", "हिन्दी", true],
  ["안녕하세요 여러분", "안녕", true],
  ["我今天去北京出差", "北京", true],
  ["我今天去北京出差", "今天", true],
  ["我今天去北京出差", "上海", false],
  ["東京タワーに行く", "タワー", true],
  ["ひらがなの文", "がな", true],
  ["mixed 北京 and latin", "latin 北", true],
  ["𠀀𠀁 rare", "𠀁", true],
  ["issue #42: don't panic (yet)", "42 don't", true],
  ["mail to a.b@example.org", "a.b@example.org", true],
  ["path /etc/hosts", "/etc/hosts", true],
  ["emoji 😀 here", "😀", false],
  ["nothing", "", false],
  ["nothing", "  \n ", false],
  ["nothing", "\u0301", false],
];
for (const [text, query, isFound] of table) {
  test(`${JSON.stringify(query)} is ${isFound ? "" : "not "}found in ${JSON.stringify(text)}`, async () => {
    await using opened = await testStore();
    const { session } = await opened.store.resolveSession(dmSource("1"), NOON_MS);
    await opened.store.appendMessages(session.sessionId, [line(text)]);
    const hits = await opened.store.search(query, { limit: 5 });
    assert.equal(hits.length, isFound ? 1 : 0);
    if (isFound) assert.equal(hits[0]?.message.content, text);
  });
}

test("what the query language means by a word or a sign is only text here", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(session.sessionId, [line("this AND that OR not NEAR the text"), line("scope s1 rank")]);
  const queries: readonly (readonly [string, number])[] = [
    ["AND", 1],
    ["this AND", 1],
    ["OR", 1],
    ["NOT", 1],
    ["NOT this", 1],
    ["this NOT that", 1],
    ["NEAR(this that)", 1],
    ['"this', 1],
    ['this"', 1],
    ["th*", 1],
    ["*", 0],
    ["^this", 1],
    ["text : this", 1],
    ["scope : s1", 1],
    ["{scope} : s1", 1],
    ["s1", 1],
    ["-this", 1],
    ["(this", 1],
    ["this + that", 1],
    ["rank", 1],
    ["\u0000this", 1],
    ["this; DROP TABLE messages_fts", 0],
  ];
  for (const [query, count] of queries) assert.equal((await store.search(query, { limit: 9 })).length, count, query);
});

test("no text makes a search fail, and each word of a line finds it", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 60 }), async (query) => {
      await store.search(query, { limit: 5, sessionId: session.sessionId });
    }),
    { numRuns: 300 },
  );
  const word = fc.stringMatching(/^[a-zäöüéñß0-9]{1,8}$/);
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 5 }), async (words) => {
      const content = words.join(" ");
      await store.rewriteTranscript(session.sessionId, [line(content)]);
      for (const one of words) assert.equal((await store.search(one, { limit: 1 })).length, 1, one);
    }),
    { numRuns: 40 },
  );
});

test("a search stays inside the session or the platform it is for", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const sources = [dmSource("1"), dmSource("2"), dmSource("3", { platform: "slack" })];
  const ids: string[] = [];
  for (const source of sources) {
    const { session } = await store.resolveSession(source, NOON_MS);
    ids.push(session.sessionId);
    await store.appendMessages(session.sessionId, [line("the same words s1 s2")]);
  }
  assert.equal((await store.search("same", { limit: 9 })).length, 3);
  for (const sessionId of ids)
    assert.deepEqual(
      (await store.search("same words", { limit: 9, sessionId })).map((hit) => hit.sessionId),
      [sessionId],
    );
  assert.deepEqual(
    (await store.search("same", { limit: 9, platform: "slack" })).map((hit) => hit.sessionId),
    ids.slice(2),
  );
  assert.deepEqual(await store.search("same", { limit: 9, platform: "slack", sessionId: ids[0] ?? "" }), []);
});

test("pages of hits are newest first, and neither repeat nor miss", async () => {
  await using opened = await testStore();
  const { store } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  await store.appendMessages(
    session.sessionId,
    Array.from({ length: 25 }, (_, n) => line(n % 2 === 0 ? `even ${n}` : `odd ${n}`)),
  );
  const found: number[] = [];
  for (let before: number | undefined; ; ) {
    const hits = await store.search("even", { limit: 4, ...(before === undefined ? {} : { before }) });
    found.push(...hits.map(({ message }) => message.seq));
    before = hits.at(-1)?.cursor;
    if (before === undefined) break;
  }
  assert.deepEqual(found, [25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1]);
});

test("what was rewritten or deleted is not found any more, also after the index was merged", async () => {
  await using opened = await testStore();
  const { store, clock } = opened;
  const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
  const id = session.sessionId;
  await store.setTitle(id, "Fruit");
  await store.appendMessages(id, [line("apple"), line("banana"), line("cherry")]);
  await store.rewriteTranscript(id, [line("apple"), line("date")]);
  const found = async () => {
    const all = ["apple", "banana", "cherry", "date"];
    const hits = await Promise.all(all.map((word) => store.search(word, { limit: 1 })));
    return all.filter((_, place) => hits[place]?.length === 1);
  };
  assert.deepEqual(await found(), ["apple", "date"]);
  await clock.advance(5_000);
  assert.deepEqual(await found(), ["apple", "date"]);
  assert.deepEqual(
    (await store.search("date", { limit: 1 })).map(({ title, platform, message }) => ({
      title,
      platform,
      seq: message.seq,
    })),
    [{ title: "Fruit", platform: "telegram", seq: 2 }],
  );
  await store.deleteSession(id, NOON_MS);
  assert.deepEqual(await found(), []);
});
