import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChatWorld, type Place, postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

/** A conversation that has begun. */
interface Begun {
  readonly world: ChatWorld;
  readonly place: Place;
}

test("what is said while the daemon is down is answered once after its start, in order and in place, on each platform", async () => {
  await using parley = await startPlatformDaemon();
  const chats: Begun[] = parley.worlds.flatMap((world) =>
    [world.dm(1), world.group(1), world.thread(1)].map((place) => ({
      world,
      place: world.say(place, "said 0", { mentionsBot: place.chatType !== "dm" }).place,
    })),
  );
  await until("every conversation has begun", () =>
    chats.every(({ world, place }) => postsIn(world, place).length === 1),
  );
  await parley.stop();

  for (const { world } of chats) world.forgetsWhileDown();
  for (const text of ["said 1", "said 2", "said 3"]) {
    for (const { world, place } of chats) world.say(place, text, { mentionsBot: place.chatType !== "dm" });
  }
  await parley.start();
  await until("everything is answered", () => chats.every(({ world, place }) => postsIn(world, place).length === 4));
  // The next one would come behind whatever was answered twice.
  for (const { world, place } of chats) world.say(place, "said 4", { mentionsBot: place.chatType !== "dm" });
  await until("the next one is answered", () =>
    chats.every(({ world, place }) => postsIn(world, place).at(-1)?.text.includes("said 4")),
  );
  for (const { world, place } of chats) {
    const answers = postsIn(world, place).map(({ text }) => /said \d/.exec(text)?.[0]);
    assert.deepEqual(
      answers,
      ["said 0", "said 1", "said 2", "said 3", "said 4"],
      `${world.platform} ${place.chatType}`,
    );
  }
});
