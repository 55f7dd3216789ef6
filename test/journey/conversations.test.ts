import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChatWorld, type Place, postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { until } from "../support/until.ts";

test("in a group the bot answers who mentions it, knows what was said before, and follows in threads, on each platform", async () => {
  const agent = scriptedAgent();
  await using parley = await startPlatformDaemon({ agents: { main: agent } });

  const answer = async (world: ChatWorld, place: Place, words: string): Promise<string> => {
    await until("a turn runs", () => agent.running.length === 1);
    const [turn] = agent.running;
    const count = postsIn(world, place).length;
    turn?.answer(words);
    await until("it is answered", () => postsIn(world, place).length === count + 1);
    assert.equal(postsIn(world, place).at(-1)?.text, words);
    assert.match(turn?.request.prompt() ?? "", new RegExp(`What ${world.platform} allows\n.{80}`));
    return turn?.request.message.text ?? "";
  };

  for (const world of parley.worlds) {
    const group = world.group(1);
    world.say(group, "we meet at nine", { person: 2 });
    const { place, messageId } = world.say(group, "when do we meet?", { person: 1, mentionsBot: true });
    const asked = await answer(world, place, "At nine.");
    assert.match(asked, /when do we meet\?/);
    if (world.platform !== "slack") assert.match(asked, /we meet at nine/);
    if (world.platform !== "slack") assert.equal(postsIn(world, place)[0]?.replyTo, messageId);

    const thread = world.thread(1);
    world.say(thread, "this thread is about tea", { person: 2 });
    world.say(thread, "what is it about?", { person: 1, mentionsBot: true });
    const inThread = await answer(world, thread, "Tea.");
    assert.match(inThread, /about tea[\s\S]*what is it about\?/);
    assert.ok(!inThread.includes("we meet at nine"), "threads are kept apart");

    // Where the bot has taken part nobody need mention it; a topic of Telegram is no thread of the bot's.
    const needsMention = world.platform === "telegram";
    world.say(thread, "green or black?", { person: 2, mentionsBot: needsMention });
    assert.match(await answer(world, thread, "Green."), /green or black\?/);
    if (world.platform === "slack") {
      world.say(place, "and where?", { person: 2 });
      assert.match(await answer(world, place, "Here."), /and where\?/);
    }
  }
  const places = parley
    .daemon()
    .gateway.store.listSessions({ limit: 50 })
    .sessions.map(({ source }) => source);
  assert.deepEqual(places.map(({ platform, chatType }) => `${platform} ${chatType}`).toSorted(), [
    "discord channel",
    "discord thread",
    "slack thread",
    "slack thread",
    "telegram group",
    "telegram thread",
  ]);
});

test("a mention that opens a thread comes with what was said before it in the channel", async () => {
  const agent = scriptedAgent();
  await using parley = await startPlatformDaemon({ agents: { main: agent } });
  const slack = parley.worlds.find(({ platform }) => platform === "slack");
  slack?.say(slack.group(1), "we meet at nine", { person: 2 });
  slack?.say(slack.group(1), "when do we meet?", { person: 1, mentionsBot: true });
  await until("a turn runs", () => agent.running.length === 1);
  const [turn] = agent.running;
  turn?.answer("At nine.");
  assert.match(turn?.request.message.text ?? "", /we meet at nine/);
});
