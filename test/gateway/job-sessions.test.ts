import assert from "node:assert/strict";
import { test } from "node:test";
import { updateEnded } from "../../src/store/session-ends.ts";
import { anns, jobGateway } from "../support/job-gateway.ts";
import { addJob, hourly } from "../support/job-world.ts";

const inChat = { platform: "memory", account: "default", chatId: "c", threadId: null };
const DM_KEY = "agent:main:memory:dm:c";

for (const [what, speak] of [
  ["the bot was sent to say something", (world) => world.gateway.send(inChat, "Sent.")],
  [
    "a job spoke in their session",
    async (world) => {
      await addJob(world.store, world.clock, anns(world.clock, { session: "origin" }));
      await world.hour();
    },
  ],
] as readonly (readonly [string, (world: Awaited<ReturnType<typeof jobGateway>>) => Promise<unknown>])[]) {
  test(`a person is told of a timed reset when they write again, also where ${what} meanwhile`, async () => {
    await using world = await jobGateway();
    const told = () => world.adapter.textsIn("c").filter((text) => text.includes("started afresh")).length;
    await world.say("c", "hello");
    await world.clock.advance(1);
    await world.store.write((tx) => {
      const row = world.store.liveSession(DM_KEY)?.row ?? 0;
      updateEnded(tx, { row, endedAtMs: world.clock.nowMs(), reason: "timeout", notice: "idle" });
    });
    await speak(world);
    assert.equal(told(), 0);
    for (const text of ["back", "again"]) {
      await world.say("c", text);
      await world.clock.advance(1);
      assert.equal(told(), 1);
    }
    assert.equal(world.adapter.textsIn("c").at(-1), "again");
  });
}

test("a job's session is called by the job's name", async () => {
  await using world = await jobGateway();
  await addJob(world.store, world.clock, hourly({ session: "own" }));
  await world.hour();
  assert.equal(world.store.liveSession("agent:main:job:dm:standup")?.title, "standup");
});
