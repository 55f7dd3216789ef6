import assert from "node:assert/strict";
import { test } from "node:test";
import { erasePerson, ofPerson } from "../../src/memory/forget-person.ts";
import { listMemory } from "../../src/memory/list-memory.ts";
import { namedScopes, type ScopeNames } from "../../src/memory/named-scopes.ts";
import { remember } from "../../src/memory/remember.ts";
import { formatScope, type Scope } from "../../src/session/memory-scope.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

const user = (userId: string, account = "default") =>
  formatScope({ kind: "user", platform: "telegram", account, userId });
const chat = (chatId: string) => formatScope({ kind: "chat", platform: "telegram", account: "default", chatId });

function tell({ store, clock }: TestStore, scope: Scope, content: string, author: Scope | null = null) {
  return store.write((tx) =>
    remember(tx, { scope, content, bucket: "preference", author, source: null }, clock.nowMs()),
  );
}

const rows: readonly [ScopeNames, readonly string[]][] = [
  [{}, []],
  [{ user: "telegram:42" }, [user("42"), user("42", "work")]],
  [{ user: " telegram:42 " }, [user("42"), user("42", "work")]],
  [{ user: "telegram@work:42" }, [user("42", "work")]],
  [{ user: "telegram:2" }, [user("2")]],
  [{ user: "telegram:a:b%" }, [user("a:b%")]],
  // Of this one nothing is remembered but what was said for a chat.
  [{ user: "telegram:7" }, [user("7"), user("7", "work")]],
  [{ user: "slack:42" }, ["user:slack:default:42"]],
  [{ chat: "telegram:-100", agent: "main" }, [chat("-100"), "agent:main"]],
  [{ session: "s", scope: "session:s" }, ["session:s"]],
  [{ scope: "global" }, ["global"]],
];
for (const [names, scopes] of rows) {
  test(`${JSON.stringify(names)} names ${scopes.join(", ") || "nothing"}`, async () => {
    await using opened = await testStore();
    for (const scope of [user("42"), user("42", "work"), user("142"), user("a:b%"), chat("-100")])
      await tell(opened, scope, "likes tea");
    await tell(opened, chat("-100"), "ships on Mondays", user("7", "work"));
    const named = namedScopes(opened.store.reader, names);
    assert.ok(named.kind === "scopes");
    assert.deepEqual([...named.scopes].sort(), [...scopes].sort());
  });
}

for (const names of [
  { user: "42" },
  { user: "Telegram:42" },
  { chat: ":42" },
  { chat: "telegram@:1" },
  { scope: "user:a" },
]) {
  test(`${JSON.stringify(names)} names nothing that can be`, async () => {
    await using opened = await testStore();
    const named = namedScopes(opened.store.reader, names);
    assert.ok(named.kind === "wrong");
    assert.equal(named.name, Object.keys(names)[0]);
  });
}

test("a person is erased in parts where there is a limit, and in the end altogether", async () => {
  await using opened = await testStore();
  const { store } = opened;
  for (let count = 0; count < 5; count += 1) await tell(opened, user("42"), `likes tea ${count}`, user("42"));
  await tell(opened, chat("-100"), "ships on Mondays", user("42"));
  await tell(opened, user("43"), "likes jazz", user("43"));
  const reports: number[] = [];
  while (ofPerson(store.reader, user("42"), 1).length > 0)
    reports.push((await store.write((tx) => erasePerson(tx, user("42"), { limit: 2, nowMs: 0 }))).total);
  assert.equal(
    reports.reduce((sum, total) => sum + total),
    6,
  );
  assert.ok(reports.length > 1 && reports.every((total) => total > 0 && total <= 4), reports.join(" "));
  const all = { scopes: null, text: null, states: ["active", "forgotten"], before: 1_000, limit: 10 } as const;
  assert.deepEqual(
    listMemory(store.reader, all).map(({ content }) => content),
    ["likes jazz"],
  );
});

test("a search goes on to the page on which there is something to show", async () => {
  await using opened = await testStore();
  for (let count = 0; count < 7; count += 1) await tell(opened, user(`${count}`), `likes tea ${count}`);
  const found = (before: number, scopes: readonly Scope[] | null = null) =>
    listMemory(opened.store.reader, { scopes, text: "tea LIKE", states: ["active"], before, limit: 3 });
  const texts: string[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = found(before);
    texts.push(...page.map(({ content }) => content.at(-1) ?? ""));
    const last = page.at(-1);
    if (last === undefined) break;
    before = last.id;
  }
  assert.equal(texts.join(""), "6543210");
  assert.deepEqual(
    found(Number.MAX_SAFE_INTEGER, [user("2")]).map(({ content }) => content),
    ["likes tea 2"],
  );
  assert.deepEqual(found(Number.MAX_SAFE_INTEGER, []), []);
});
