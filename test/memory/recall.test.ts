import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint } from "../../src/memory/fingerprint.ts";
import { forgetPerson, forgetSource, nothingForgotten } from "../../src/memory/forget-person.ts";
import { exportMemory, memoryOf } from "../../src/memory/memory-of.ts";
import { recall } from "../../src/memory/recall.ts";
import { refreshSession } from "../../src/memory/refresh-session.ts";
import { remember } from "../../src/memory/remember.ts";
import { forget, pop, stash } from "../../src/memory/set-aside.ts";
import { placeOf } from "../../src/memory/source-place.ts";
import { visibleScopes } from "../../src/memory/visible-scopes.ts";
import { formatScope, type Scope } from "../../src/session/memory-scope.ts";
import { selectNewestPlacements } from "../../src/store/memory-placements.ts";
import { indexMemory, unindexMemory } from "../../src/store/memory-search.ts";
import { moveChat } from "../../src/store/move-chat.ts";
import { reindexMemory } from "../../src/store/reindex-memory.ts";
import type { Session } from "../../src/store/session.ts";
import { claimOf, type LifecycleWorld, lifecycleWorld } from "../support/lifecycle-world.ts";
import { dmSource, groupSource, rowsOf } from "../support/test-store.ts";

const place = { platform: "telegram", account: "default" };
const scopeOf = (userId: string) => formatScope({ kind: "user", ...place, userId });

function tell(world: LifecycleWorld, scope: Scope, content: string, about: object = {}) {
  const telling = { scope, content, bucket: "preference", author: scope, source: null, ...about } as const;
  return world.store.write((tx) => remember(tx, telling, world.clock.nowMs()));
}

function recalled(world: LifecycleWorld, session: Session, userId: string, text: string): string[] {
  const here = placeOf(session.source);
  const scopes = visibleScopes(here, { sessionId: session.sessionId, agentId: session.agentId, userId });
  const query = { text, scopes, place: here, nowMs: world.clock.nowMs(), budgetTokens: 1_000 };
  return recall(world.store.reader, query).map(({ content }) => content);
}

test("recall finds by words and by plural, in the scopes it is given and no other", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await tell(world, scopeOf("ann"), "Sends invoices on Mondays");
  await tell(world, scopeOf("bob"), "Sends every invoice late");
  assert.deepEqual(recalled(world, session, "ann", "when does the invoice go out?"), ["Sends invoices on Mondays"]);
  assert.deepEqual(recalled(world, session, "bob", "when does the invoice go out?"), ["Sends every invoice late"]);
});

test("what a session learned is seen in it alone, until it is promoted", async () => {
  await using world = await lifecycleWorld();
  const a = await world.open(dmSource("1"));
  const b = await world.open(dmSource("2"));
  await world.say(a, "hello");
  world.claims.push([claimOf("Prefers short answers")]);
  await refreshSession(world.lifecycle, a.sessionId, { reason: "test" });
  assert.deepEqual(recalled(world, a, "ann", "answers"), ["Prefers short answers"]);
  assert.deepEqual(recalled(world, b, "ann", "answers"), []);
});

test("what a session has corrected is not recalled beside the correction, though it is remembered until the session ends", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  const elsewhere = await world.open(dmSource("2"));
  await tell(world, scopeOf("ann"), "Prefers tea in the morning");
  await world.say(session, "coffee it is from now on");
  const replaces = fingerprint("Prefers tea in the morning");
  world.claims.push([claimOf("Prefers coffee in the morning", { kind: "update", replaces })]);
  await refreshSession(world.lifecycle, session.sessionId, { reason: "test" });
  assert.deepEqual(recalled(world, session, "ann", "the morning"), ["Prefers coffee in the morning"]);
  assert.deepEqual(recalled(world, elsewhere, "ann", "the morning"), ["Prefers tea in the morning"]);
});

test("what a person said in private is not recalled in a group", async () => {
  await using world = await lifecycleWorld();
  const dm = await world.open(dmSource("1"));
  const group = await world.open(groupSource("g", "ann"));
  await tell(world, scopeOf("ann"), "Prefers tea", { source: { sessionId: dm.sessionId, seq: 1 } });
  await tell(world, scopeOf("ann"), "Prefers tea in the group", { source: { sessionId: group.sessionId, seq: 1 } });
  assert.deepEqual(recalled(world, group, "ann", "tea"), ["Prefers tea in the group"]);
  assert.equal(recalled(world, dm, "ann", "tea").length, 2);
});

test("in a group what a person said there is recalled, however much they said in private since", async () => {
  await using world = await lifecycleWorld();
  const dm = await world.open(dmSource("1"));
  const group = await world.open(groupSource("g", "ann"));
  const said = (session: Session) => ({ source: { sessionId: session.sessionId, seq: 1 } });
  await tell(world, scopeOf("ann"), "Prefers jasmine tea in the group", said(group));
  await tell(world, formatScope({ kind: "chat", ...place, chatId: "g" }), "Drinks tea on Fridays", said(group));
  for (let number = 0; number < 300; number += 1)
    await tell(world, scopeOf("ann"), `Prefers tea of sort ${number} when alone`, said(dm));
  const here = ["Drinks tea on Fridays", "Prefers jasmine tea in the group"];
  assert.deepEqual(recalled(world, group, "ann", "which tea is preferred?").toSorted(), here);
  assert.deepEqual(recalled(world, group, "ann", "").toSorted(), here, "the newest of the place, without words");
  // What is put aside and taken up again, and what moves with its chat, is found there too.
  await world.store.write((tx) => {
    const [jasmine] = selectNewestPlacements(tx, { scope: scopeOf("ann"), state: "active", before: 2, limit: 1 });
    assert.ok(jasmine !== undefined && stash(tx, jasmine.id, 1) && pop(tx, jasmine.id, 2));
    moveChat(tx, { ...place, fromChatId: "g", toChatId: "g2" }, 3);
  });
  assert.deepEqual(recalled(world, group, "ann", "tea"), [], "nothing is left where the chat was");
  const moved = world.store.session(group.sessionId);
  assert.ok(moved !== null);
  assert.deepEqual(recalled(world, moved, "ann", "tea").toSorted(), here);
});

test("an index of an older version is made anew once, at the first start", async () => {
  await using world = await lifecycleWorld();
  const group = await world.open(groupSource("g", "ann"));
  await tell(world, scopeOf("ann"), "Prefers tea", { source: { sessionId: group.sessionId, seq: 1 } });
  await world.store.write((tx) => {
    unindexMemory(tx, 1);
    indexMemory(tx, { id: 1, scope: scopeOf("ann"), text: "Prefers tea", saidIn: null });
  });
  assert.deepEqual(recalled(world, group, "ann", "tea"), []);
  await reindexMemory(world.store);
  assert.deepEqual(recalled(world, group, "ann", "tea"), ["Prefers tea"]);
  await world.store.write((tx) => unindexMemory(tx, 1));
  await reindexMemory(world.store);
  assert.deepEqual(recalled(world, group, "ann", "tea"), [], "not again");
});

test("scopes whose names share words, quotes or operators are told apart", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  const odd = ['a"b', "a b", 'x" OR "y', "a:b", "NOT", "*"];
  for (const [place, userId] of odd.entries()) await tell(world, scopeOf(userId), `likes tea number ${place}`);
  for (const [place, userId] of odd.entries())
    assert.deepEqual(recalled(world, session, userId, 'tea" OR "*'), [`likes tea number ${place}`]);
});

test("what was forgotten is found by nobody and exported to nobody", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  const told = await tell(world, scopeOf("ann"), "Prefers tea");
  assert.ok(told.kind === "remembered");
  assert.equal(await world.store.write((tx) => forget(tx, told.placement.id, 1)), true);
  assert.equal(await world.store.write((tx) => forget(tx, told.placement.id, 1)), false);
  assert.deepEqual(recalled(world, session, "ann", "tea"), []);
  assert.deepEqual([...exportMemory(world.store.reader, [scopeOf("ann")])], []);
  assert.deepEqual(rowsOf(world.store.reader, "SELECT rowid FROM memory_fts"), []);
});

test("forgetting a person erases their scope and what they said elsewhere, with its content, and says where", async () => {
  await using world = await lifecycleWorld();
  const chat = formatScope({ kind: "chat", ...place, chatId: "g" });
  await tell(world, scopeOf("ann"), "Prefers tea");
  await tell(world, scopeOf("ann"), "Prefers coffee at night");
  await tell(world, chat, "Ann releases on Fridays", { author: scopeOf("ann") });
  await tell(world, chat, "Bob reviews on Mondays", { author: scopeOf("bob") });
  const report = await forgetPerson(world.store, scopeOf("ann"), 0);
  assert.deepEqual(report, { total: 3, byScope: { [scopeOf("ann")]: 2, [chat]: 1 }, byState: { active: 3 } });
  assert.deepEqual(rowsOf(world.store.reader, "SELECT content FROM memory_nodes"), [
    { content: "Bob reviews on Mondays" },
  ]);
  assert.deepEqual(await forgetPerson(world.store, scopeOf("ann"), 0), nothingForgotten);
});

test("what was learned in a session goes when its deletion asks for it", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await tell(world, scopeOf("ann"), "Prefers tea", { source: { sessionId: session.sessionId, seq: 1 } });
  await tell(world, scopeOf("ann"), "Prefers coffee at night");
  await world.store.deleteSession(session.sessionId, world.clock.nowMs());
  assert.equal(memoryOf(world.store.reader, scopeOf("ann"), { limit: 9 }).length, 2);
  assert.equal((await forgetSource(world.store, session.sessionId, 0)).total, 1);
  assert.deepEqual(
    memoryOf(world.store.reader, scopeOf("ann"), { limit: 9 }).map(({ content }) => content),
    ["Prefers coffee at night"],
  );
});
