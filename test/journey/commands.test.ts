import assert from "node:assert/strict";
import { test } from "node:test";
import { postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

test("a conversation is begun anew and gone back to, by commands typed and by the platform's own, on each platform", async () => {
  await using parley = await startPlatformDaemon();
  for (const world of parley.worlds) {
    const place = world.dm(1);
    const last = () => postsIn(world, place).at(-1)?.text ?? "";
    const answered = async (count: number, ask: () => unknown) => {
      ask();
      await until(`answer ${count} is there`, () => postsIn(world, place).length === count);
    };
    await answered(1, () => world.say(place, "one"));
    await answered(2, () => world.useCommand(place, "new"));
    assert.match(last(), /Started a new conversation/);
    await answered(3, () => world.say(place, "two"));
    await answered(4, () => world.say(place, "/resume"));
    assert.match(last(), /Back in the conversation/);
    await answered(5, () => world.say(place, "three"));
    await answered(6, () => world.say(place, "/new"));
    await answered(7, () => world.useCommand(place, "resume"));
    assert.match(last(), /Back in the conversation/);
    await answered(8, () => world.say(place, "four"));

    const { store } = parley.daemon().gateway;
    const { sessions } = store.listSessions({ limit: 50 });
    const transcripts = sessions
      .filter(({ source }) => source.platform === world.platform)
      .map(({ sessionId }) =>
        store
          .transcript(sessionId, { limit: 50 })
          .filter(({ role }) => role === "user")
          .map(({ content }) => content),
      );
    assert.ok(
      transcripts.some((said) => JSON.stringify(said) === '["one","three","four"]'),
      JSON.stringify(transcripts),
    );
    assert.ok(transcripts.some((said) => JSON.stringify(said) === '["two"]'));
  }
});
