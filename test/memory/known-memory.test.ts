import assert from "node:assert/strict";
import { test } from "node:test";
import { knownTo } from "../../src/memory/known-memory.ts";
import { remember } from "../../src/memory/remember.ts";
import { formatScope } from "../../src/session/memory-scope.ts";
import type { Session } from "../../src/store/session.ts";
import { logLine } from "../support/fake-memory.ts";
import { type LifecycleWorld, lifecycleWorld } from "../support/lifecycle-world.ts";
import { dmSource, groupSource } from "../support/test-store.ts";

const place = { platform: "telegram", account: "default" };
const scopeOf = (userId: string) => formatScope({ kind: "user", ...place, userId });

function tell(world: LifecycleWorld, userId: string, content: string, source: Session): Promise<unknown> {
  const scope = scopeOf(userId);
  const from = { sessionId: source.sessionId, seq: 1 };
  const telling = { scope, content, bucket: "preference", author: scope, source: from } as const;
  return world.store.write((tx) => remember(tx, telling, world.clock.nowMs()));
}

const contents = (known: readonly { readonly content: string }[]) => known.map(({ content }) => content);
const said = (senderId: string, text: string) => [logLine(1, "user", text, { senderId })];

test("what the lines are about is known, however much was learned since", async () => {
  await using world = await lifecycleWorld();
  const dm = await world.open(dmSource("1"));
  await tell(world, "ann", "Prefers jasmine tea on Mondays", dm);
  for (let number = 0; number < 150; number += 1) await tell(world, "ann", `Has visited town number ${number}`, dm);
  const known = contents(knownTo(world.store.reader, dm, said("ann", "No jasmine any more, bring me coffee")));
  assert.equal(known[0], "Prefers jasmine tea on Mondays");
  assert.ok(known.length <= 100);
  assert.ok(known.includes("Has visited town number 149"), "the newest are known in any case");
});

test("in a group the extraction is told what those who spoke said of themselves there, and nothing they said elsewhere", async () => {
  await using world = await lifecycleWorld();
  const dm = await world.open(dmSource("1"));
  const group = await world.open(groupSource("g", "ann"));
  await tell(world, "ann", "Prefers tea in private", dm);
  await tell(world, "ann", "Prefers tea among others", group);
  await tell(world, "bob", "Prefers tea too", group);
  const known = contents(knownTo(world.store.reader, group, said("ann", "Tea? Not any more.")));
  assert.deepEqual(known, ["Prefers tea among others"]);
});
