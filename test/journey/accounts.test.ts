import assert from "node:assert/strict";
import { test } from "node:test";
import { openWorld, platformNames, postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon, untilConnected } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

for (const platform of platformNames) {
  test(`two bots of ${platform} keep their conversations apart`, async () => {
    await using second = await openWorld(platform, 2);
    await using parley = await startPlatformDaemon({
      sections: { [platform]: { accounts: { second: second.section } } },
    });
    const first = parley.worlds.find((world) => world.platform === platform);
    assert.ok(first !== undefined);
    const worlds = [first, second];
    await untilConnected(worlds);
    for (const [nth, world] of worlds.entries()) world.say(world.dm(1), `to bot ${nth + 1}`);
    for (const [nth, world] of worlds.entries()) {
      await until("it answers", () => postsIn(world, world.dm(1)).length === 1);
      assert.match(postsIn(world, world.dm(1))[0]?.text ?? "", new RegExp(`^to bot ${nth + 1}\\n`));
    }
    const { sessions } = parley.daemon().gateway.store.listSessions({ limit: 50 });
    assert.deepEqual(sessions.map(({ source }) => source.account).toSorted(), ["default", "second"]);
    assert.equal(new Set(sessions.map(({ sessionKey }) => sessionKey)).size, 2);
  });
}
