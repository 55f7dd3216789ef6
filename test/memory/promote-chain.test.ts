import assert from "node:assert/strict";
import { test } from "node:test";
import type { Claim } from "../../src/memory/claims.ts";
import { chainOf } from "../../src/memory/file-claims.ts";
import { fingerprint } from "../../src/memory/fingerprint.ts";
import { memoryAsOf, memoryOf } from "../../src/memory/memory-of.ts";
import { promoteChain } from "../../src/memory/promote-chain.ts";
import { refreshSession } from "../../src/memory/refresh-session.ts";
import { remember } from "../../src/memory/remember.ts";
import { pop, stash } from "../../src/memory/set-aside.ts";
import { formatScope } from "../../src/session/memory-scope.ts";
import type { Session } from "../../src/store/session.ts";
import { claimOf, type LifecycleWorld, lifecycleWorld } from "../support/lifecycle-world.ts";
import { groupSource, rowsOf } from "../support/test-store.ts";

const ann = formatScope({ kind: "user", platform: "telegram", account: "default", userId: "ann" });
const three = [
  claimOf("Prefers short answers"),
  claimOf("Uses Go.", { bucket: "project_fact" }),
  claimOf("Lives in Berlin"),
];

async function learn(world: LifecycleWorld, session: Session, claims: readonly Claim[]): Promise<void> {
  await world.say(session, "something", "answer");
  world.claims.push([...claims]);
  assert.ok((await refreshSession(world.lifecycle, session.sessionId, { reason: "test" })).ok);
}

const promote = (world: LifecycleWorld, session: Session) =>
  world.store.write((tx) => promoteChain(tx, world.row(session), world.clock.nowMs()));
const contents = (world: LifecycleWorld, state: "active" | "superseded" | "stashed" = "active") =>
  memoryOf(world.store.reader, ann, { limit: 50, state }).map(({ content }) => content);
const nothing = { promoted: 0, reinforced: 0, held: 0, archived: 0 };

test("a chain of three is promoted at once, and again changes nothing", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await learn(world, session, three);
  assert.deepEqual(contents(world), []);
  assert.deepEqual(await promote(world, session), { ...nothing, promoted: 3 });
  assert.deepEqual(contents(world).toSorted(), three.map(({ content }) => content).toSorted());
  assert.deepEqual(await promote(world, session), nothing);
  assert.equal(chainOf(world.store.reader, session.sessionId).length, 0);
});

test("the same words in another session are one memory, reinforced once", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await learn(world, session, [claimOf("Uses Go.")]);
  await promote(world, session);
  const fresh = await world.store.resetSession(session.sessionKey, "new", world.clock.nowMs());
  assert.ok(fresh);
  await learn(world, fresh, [claimOf("uses go")]);
  await promote(world, fresh);
  const memories = memoryOf(world.store.reader, ann, { limit: 50 });
  assert.deepEqual(
    memories.map(({ content, reinforced }) => [content, reinforced]),
    [["Uses Go.", 1]],
  );
});

test("what was put aside, corrected or forgotten after it was learned does not come back", async () => {
  await using world = await lifecycleWorld();
  const { store, clock } = world;
  const session = await world.open();
  await learn(world, session, three);
  await clock.advance(1_000);
  // Meanwhile a person says the same and puts it aside, and says another place.
  await store.write((tx) => {
    const told = (content: string, about: object = {}) =>
      remember(tx, { scope: ann, content, bucket: "preference", author: ann, source: null, ...about }, clock.nowMs());
    const short = told("Prefers short answers");
    assert.ok(short.kind === "remembered" && stash(tx, short.placement.id, clock.nowMs()));
    const berlin = told("Lives in Berlin");
    assert.ok(berlin.kind === "remembered");
    assert.equal(told("Lives in Munich", { replaces: berlin.placement.id }).kind, "remembered");
  });
  assert.deepEqual(await promote(world, session), { ...nothing, promoted: 1, held: 2 });
  assert.deepEqual(contents(world).toSorted(), ["Lives in Munich", "Uses Go."]);
  assert.deepEqual(contents(world, "stashed"), ["Prefers short answers"]);
  assert.deepEqual(contents(world, "superseded"), ["Lives in Berlin"]);
});

test("a fault after two of three promotes nothing, and so does a member without content", async () => {
  for (const sabotage of [
    "CREATE TRIGGER fault BEFORE INSERT ON memory_placements WHEN NEW.state = 'active' AND (SELECT COUNT(*) FROM memory_placements WHERE state = 'active') = 2 BEGIN SELECT RAISE(ABORT, 'fault'); END",
    "DELETE FROM memory_nodes WHERE content = 'Lives in Berlin'",
  ]) {
    await using world = await lifecycleWorld();
    const session = await world.open();
    await learn(world, session, three);
    const run = (sql: string) => world.store.write((tx) => tx.run({ compiled: () => ({ sql, names: [] }) }, {}));
    if (sabotage.startsWith("DELETE")) {
      await assert.rejects(run(sabotage), /FOREIGN KEY/);
      continue;
    }
    await run(sabotage);
    await assert.rejects(promote(world, session), /fault/);
    assert.deepEqual(contents(world), []);
    assert.equal(chainOf(world.store.reader, session.sessionId).length, 3);
  }
});

test("the unsure stays with its session, until a second session says it too; a summary never leaves", async () => {
  await using world = await lifecycleWorld();
  let session = await world.open();
  const unsure = claimOf("Lives in Berlin", { confidence: 0.4 });
  await learn(world, session, [unsure, claimOf("We discussed cities", { bucket: "session_summary", confidence: 1 })]);
  assert.deepEqual(await promote(world, session), { ...nothing, archived: 2 });
  const fresh = await world.store.resetSession(session.sessionKey, "new", world.clock.nowMs());
  assert.ok(fresh);
  session = fresh;
  await learn(world, session, [unsure]);
  assert.deepEqual(await promote(world, session), { ...nothing, promoted: 1 });
  assert.deepEqual(contents(world), ["Lives in Berlin"]);
});

test("a correction supersedes what it names, readable as of the time before; going back makes it true again", async () => {
  await using world = await lifecycleWorld();
  const { clock, store } = world;
  let session = await world.open();
  const first = claimOf("Lives in Berlin");
  await learn(world, session, [first]);
  await promote(world, session);
  const berlinMs = clock.nowMs();
  const next = async (content: string, replaces: string) => {
    await clock.advance(60_000);
    const fresh = await store.resetSession(session.sessionKey, "new", clock.nowMs());
    assert.ok(fresh);
    session = fresh;
    await learn(world, session, [claimOf(content, { kind: "update", replaces })]);
    assert.deepEqual(contents(world).length, 1);
    await promote(world, session);
  };
  await next("Lives in Munich", "lives in berlin");
  assert.deepEqual(contents(world), ["Lives in Munich"]);
  const munichMs = clock.nowMs();
  await next("Lives in Berlin", "lives in munich");
  assert.deepEqual(contents(world), ["Lives in Berlin"]);
  const asOf = (atMs: number) => [...memoryAsOf(store.reader, ann, atMs)].map(({ content }) => content);
  assert.deepEqual(asOf(berlinMs), ["Lives in Berlin"]);
  assert.deepEqual(asOf(munichMs), ["Lives in Munich"]);
  assert.deepEqual(asOf(berlinMs - 1), []);
});

test("what a session corrects twice ends what was remembered before; what it takes back stays true", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  const update = (content: string, old: string) => claimOf(content, { kind: "update", replaces: fingerprint(old) });
  for (const content of ["Likes tea", "Uses Go"]) {
    const telling = { scope: ann, content, bucket: "preference", author: ann, source: null } as const;
    await world.store.write((tx) => remember(tx, telling, world.clock.nowMs()));
  }
  await world.clock.advance(1_000);
  await learn(world, session, [update("Likes coffee", "Likes tea"), update("Uses Rust", "Uses Go")]);
  await learn(world, session, [update("Likes water", "Likes coffee"), update("Uses Go", "Uses Rust")]);
  await promote(world, session);
  assert.deepEqual(contents(world).toSorted(), ["Likes water", "Uses Go"]);
  assert.deepEqual(contents(world, "superseded"), ["Likes tea"]);
});

test("in a group what a person says of themselves is theirs, and what is said of the group stays there", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open(groupSource("g1", "bob"));
  await learn(world, session, [
    claimOf("Prefers tea", { author: "bob" }),
    claimOf("Somebody prefers coffee", { author: null }),
    claimOf("The release is on Fridays", { about: "chat", bucket: "project_fact" }),
  ]);
  await promote(world, session);
  assert.deepEqual(
    rowsOf(world.store.reader, "SELECT scope, state FROM memory_placements WHERE state = 'active' ORDER BY scope"),
    [
      { scope: "chat:telegram:default:g1", state: "active" },
      { scope: "user:telegram:default:bob", state: "active" },
    ],
  );
});

test("what was put aside can be taken up again, unless the same is known by then", async () => {
  await using world = await lifecycleWorld();
  const { store } = world;
  const told = { scope: ann, content: "Prefers tea", bucket: "preference", author: ann, source: null } as const;
  await store.write((tx) => {
    const made = remember(tx, told, 1);
    assert.ok(made.kind === "remembered");
    const { id } = made.placement;
    assert.equal(pop(tx, id, 2), false);
    assert.equal(stash(tx, id, 2), true);
    assert.equal(stash(tx, id, 2), false);
    assert.equal(pop(tx, id, 3), true);
    assert.equal(stash(tx, id, 4), true);
    // Said again in so many words, it is taken up.
    assert.equal(remember(tx, told, 5).kind, "remembered");
    assert.equal(remember(tx, told, 6).kind, "reinforced");
  });
  assert.deepEqual(contents(world), ["Prefers tea"]);
});
