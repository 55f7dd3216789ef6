import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChatWorld, type Place, type PlatformName, postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { type ScriptedAgent, scriptedAgent } from "../support/scripted-agent.ts";
import { until } from "../support/until.ts";

const parts = [
  "Here is how:\n\n```ts\nconst answer: number = 6 ",
  "* 7;\n```\n\nAnd **what** it is:\n\n",
  "| in | out |\n| --- | --- |\n| six | seven |\n| forty | two |\n",
];

/** What each platform's own form of it has. */
const formatted: Record<PlatformName, readonly RegExp[]> = {
  telegram: [
    /<pre><code class="language-ts">const answer: number = 6 \* 7;\n?<\/code><\/pre>/,
    /<b>what<\/b>/,
    /<pre>/,
  ],
  discord: [/```ts\nconst answer: number = 6 \* 7;\n```/, /\*\*what\*\*/, /```\n[^`]*forty/],
  slack: [/```(?:ts)?\nconst answer: number = 6 \* 7;\n```/, /\*\*what\*\*/, /forty/],
};

const turnIn = (agent: ScriptedAgent, { chatId, threadId }: Place) =>
  agent.running.find(({ request }) => request.message.text.includes(`${chatId} ${threadId}`));

async function followAnswer(world: ChatWorld, agent: ScriptedAgent, asked: Place): Promise<void> {
  const label = `${asked.chatId} ${asked.threadId}`;
  const { place } = world.say(asked, `how in ${label}?`, { mentionsBot: asked.chatType !== "dm" });
  await until("the turn runs", () => turnIn(agent, asked) !== undefined);
  await until("it is confirmed while the turn runs", () => (world.unconfirmed() ?? 0) === 0);
  const turn = turnIn(agent, asked);
  const [first = "", second = "", third = ""] = parts;
  const before = { drafts: world.draftCount(), edits: world.editCount() };

  turn?.say({ kind: "text", delta: first });
  const isShown = () => postsIn(world, place).length > 0 || world.draftCount() > before.drafts;
  await until("its beginning is shown", isShown);
  turn?.say({ kind: "text", delta: second });
  const hasGrown = () => world.editCount() > before.edits || world.draftCount() > before.drafts + 1;
  await until("it grows", hasGrown);
  // What is said meanwhile is answered after it.
  world.say(place, `next in ${label}`, { mentionsBot: asked.chatType !== "dm" });
  turn?.answer(third);
  await until("the next turn runs", () => turnIn(agent, asked) !== undefined && turnIn(agent, asked) !== turn);
  turnIn(agent, asked)?.answer("After it.");
  await until("both are there", () => postsIn(world, place).length === 2 && isWhole(world, place));

  const [answer, next] = postsIn(world, place);
  for (const part of formatted[world.platform]) assert.match(answer?.markup ?? "", part);
  for (const word of ["Here is how", "const answer", "what", "in", "out", "six", "seven", "forty", "two"]) {
    assert.ok(answer?.text.includes(word), `${word} in ${answer?.text}`);
  }
  assert.equal(next?.text, "After it.");
}

function isWhole(world: ChatWorld, place: Place): boolean {
  const [answer] = postsIn(world, place);
  return answer?.text.includes("forty") === true;
}

test("a slow answer with code and a table appears as it grows, and is whole and formatted in the end, on each platform", async () => {
  const agent = scriptedAgent();
  await using parley = await startPlatformDaemon({ agents: { main: agent } });
  await Promise.all(
    parley.worlds.flatMap(async (world) => {
      for (const place of [world.dm(1), world.thread(1)]) await followAnswer(world, agent, place);
      assert.ok(world.typingCount() > 0, "typing is shown while the agent works");
      assert.equal(world.draftCount() > 0, world.platform === "telegram");
    }),
  );
});
