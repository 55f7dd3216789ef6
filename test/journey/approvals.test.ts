import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChatWorld, type Place, postsIn, type SeenPost } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { until } from "../support/until.ts";

async function questionOf(world: ChatWorld, place: Place, title: string): Promise<SeenPost> {
  const isAsked = ({ text }: SeenPost) => text.includes(title);
  await until("it is asked", () => postsIn(world, place).some(isAsked));
  const question = postsIn(world, place).find(isAsked);
  assert.ok(question !== undefined);
  assert.deepEqual(
    question.buttons.map((command) => command.split(" ")[0]),
    ["/approve", "/deny"],
  );
  return question;
}

test("what an agent asks to do is allowed and refused by buttons, by whom it works for and nobody else, on each platform", async () => {
  const agent = scriptedAgent();
  await using parley = await startPlatformDaemon({ agents: { main: agent } });
  for (const world of parley.worlds) {
    const { place } = world.say(world.thread(1), "tidy up", { person: 1, mentionsBot: true });
    await until("the agent works", () => agent.running.length === 1);
    const request = agent.requests.at(-1);
    let presses = 0;
    for (const [title, choice, isAllowed] of [
      ["Delete the first", 0, true],
      ["Delete the second", 1, false],
    ] as const) {
      let answer: boolean | null = null;
      const asking = request?.askApproval({ title, detail: "rm -r old" }).then((given) => (answer = given));
      const question = await questionOf(world, place, title);
      const command = question.buttons[choice] ?? "";
      world.press(question, question.buttons[1 - choice] ?? "", 2);
      await until("the other's press is acknowledged", () => world.pressesConfirmed() === presses + 1);
      assert.equal(answer, null, "somebody else decides nothing");
      world.press(question, command, 1);
      await asking;
      assert.equal(answer, isAllowed);
      presses += 2;
      await until("the press is acknowledged", () => world.pressesConfirmed() === presses);
    }
    agent.running[0]?.answer("Done.");
    await until("it is answered", () => postsIn(world, place).some(({ text }) => text === "Done."));
  }
});
