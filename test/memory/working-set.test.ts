import assert from "node:assert/strict";
import { test } from "node:test";
import { changeWindow, withTask } from "../../src/memory/change-window.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import { lifecycleState } from "../../src/memory/lifecycle-state.ts";
import { listWorkingSet } from "../../src/memory/working-set.ts";
import { lifecycleWorld, numbered } from "../support/lifecycle-world.ts";
import { dmSource } from "../support/test-store.ts";

test("live sessions come with what is in their window, what is pending, and their task", async () => {
  await using world = await lifecycleWorld();
  const one = await world.open(dmSource("1"));
  await world.say(one, ...numbered(1, 12));
  assert.ok((await commitSession(world.lifecycle, one.sessionId, { reason: "test" })).ok);
  await world.clock.advance(1_000);
  const two = await world.open(dmSource("2"));
  await world.store.write((tx) =>
    changeWindow(tx, { id: two.row }, (window) => ({
      ...window,
      state: withTask(window.state, "ship it", "agent", 1),
    })),
  );
  assert.deepEqual(
    listWorkingSet(world.store.reader, 10).map(({ session, ...rest }) => ({ id: session.sessionId, ...rest })),
    [
      { id: two.sessionId, windowTokens: 0, windowLines: 0, pendingLines: 0, activeTask: "ship it" },
      { id: one.sessionId, windowTokens: 50, windowLines: 5, pendingLines: 5, activeTask: null },
    ],
  );
});

test("a session's state is told from its row and the time", () => {
  const live = { live: true, endReason: null, lastActiveMs: 0 } as const;
  const minutes = (count: number) => count * 60_000;
  assert.equal(lifecycleState(live, minutes(29), false), "active");
  assert.equal(lifecycleState(live, minutes(29), true), "compacting");
  assert.equal(lifecycleState(live, minutes(30), false), "idle");
  assert.equal(lifecycleState(live, minutes(24 * 60), false), "suspended");
  assert.equal(lifecycleState({ ...live, live: false, endReason: "new" }, 0, false), "archived");
  assert.equal(lifecycleState({ ...live, live: false, endReason: "delete" }, 0, false), "deleted");
});
