import assert from "node:assert/strict";
import { test } from "node:test";
import { commitSession } from "../../src/memory/commit-session.ts";
import { prepareCompaction } from "../../src/memory/prepare-compaction.ts";
import { markExtracted } from "../../src/store/extractions.ts";
import type { Session } from "../../src/store/session.ts";
import { takeBack } from "../../src/store/undo.ts";
import { clearExpiredTokens, selectWindow } from "../../src/store/windows.ts";
import { type LifecycleWorld, lifecycleWorld, numbered } from "../support/lifecycle-world.ts";

async function prepared(world: LifecycleWorld): Promise<{ session: Session; token: string }> {
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const token = await world.store.write((tx) => prepareCompaction(tx, world.row(session), world.clock.nowMs()));
  return { session, token };
}

type Meanwhile = (world: LifecycleWorld, session: Session) => Promise<unknown>;
const table: readonly (readonly [what: string, meanwhile: Meanwhile, isValid: boolean])[] = [
  ["nothing", async () => {}, true],
  ["a message came", (world, session) => world.say(session, "m13"), false],
  [
    "the first lines were extracted",
    (world, session) => world.store.write((tx) => markExtracted(tx, session.row, { fromSeq: 1, toSeq: 3 })),
    false,
  ],
  [
    "one was taken back and another one came",
    async (world, session) => {
      await world.store.write((tx) => takeBack(tx, world.row(session), 12));
      await world.say(session, "another");
    },
    false,
  ],
  ["299.999 s went by", (world) => world.clock.advance(299_999), true],
  ["300 s went by", (world) => world.clock.advance(300_000), false],
  [
    "another one was issued",
    (world, session) => world.store.write((tx) => prepareCompaction(tx, world.row(session), world.clock.nowMs())),
    false,
  ],
];

for (const [what, meanwhile, isValid] of table) {
  test(`a prepare token is ${isValid ? "good" : "void"}, and gone, after this: ${what}`, async () => {
    await using world = await lifecycleWorld();
    const { session, token } = await prepared(world);
    await meanwhile(world, session);
    const compact = () => commitSession(world.lifecycle, session.sessionId, { reason: "test", token });
    const result = await compact();
    assert.equal(result.ok || result.reason, isValid || "token_invalid");
    assert.equal(selectWindow(world.store.reader, session.row).token, null);
    const again = await compact();
    assert.equal(!again.ok && again.reason, "token_invalid");
  });
}

test("a wrong token is refused and burns the right one", async () => {
  await using world = await lifecycleWorld();
  const { session, token } = await prepared(world);
  for (const given of ["wrong", token]) {
    const result = await commitSession(world.lifecycle, session.sessionId, { reason: "test", token: given });
    assert.equal(!result.ok && result.reason, "token_invalid");
  }
  assert.equal(world.window(session).length, 12);
});

test("a token outlives a restart, and is forgotten once it is too old", async () => {
  await using world = await lifecycleWorld();
  const { session, token } = await prepared(world);
  await world.store[Symbol.asyncDispose]();
  await using again = await lifecycleWorld({ dataDir: world.dataDir, clock: world.clock });
  assert.ok((await commitSession(again.lifecycle, session.sessionId, { reason: "test", token })).ok);
  await again.store.write((tx) => prepareCompaction(tx, again.row(session), again.clock.nowMs()));
  const clear = () => again.store.write((tx) => clearExpiredTokens(tx, again.clock.nowMs(), 10));
  assert.equal(await clear(), 0);
  await again.clock.advance(300_000);
  assert.equal(await clear(), 1);
});
