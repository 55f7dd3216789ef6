import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { formatDeliveryTarget } from "../../src/session/delivery-target.ts";
import { selectJobRuns } from "../../src/store/job-runs.ts";
import { selectJobs } from "../../src/store/jobs.ts";
import { type ChatWorld, type Place, postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

const TEXT = "The oven is **hot**.";

test("a job is delivered to all three platforms, to their threads, and to a file, once", async () => {
  const targetOf = ({ platform }: ChatWorld, { chatId, threadId }: Place) =>
    formatDeliveryTarget({ kind: "chat", platform, account: null, chatId, threadId });
  const placesOf = (world: ChatWorld) => [world.group(1), world.thread(2)];
  const agent = {
    name: "silent",
    async *run() {
      yield { kind: "text", delta: "hello" } as const;
      yield { kind: "done" } as const;
    },
  };
  await using running = await startPlatformDaemon({
    agents: { main: agent },
    // The platforms know a chat once somebody has spoken there.
    more: (worlds) => ({
      jobs: [
        {
          name: "oven",
          schedule: "every 2s",
          maxRuns: 1,
          text: TEXT,
          deliver: [
            ...worlds.flatMap((world) =>
              placesOf(world).map((place) => {
                world.say(place, "hello", { mentionsBot: true });
                return targetOf(world, place);
              }),
            ),
            "local",
          ],
        },
      ],
    }),
  });
  for (const world of running.worlds) {
    for (const place of placesOf(world)) {
      const arrived = () => postsIn(world, place).filter(({ text }) => /^The oven is .*hot/.test(text));
      await until(`${targetOf(world, place)} has it`, () => arrived().length > 0);
      assert.equal(arrived().length, 1);
    }
  }
  const folder = join(running.dataDir, "jobs", "oven");
  assert.deepEqual(
    readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8")),
    [`${TEXT}\n`],
  );
  const { reader } = running.daemon().gateway.store;
  const [job] = selectJobs(reader, 0, 10);
  assert.deepEqual([job?.state, job?.state_reason], ["done", "it ran for the last time"]);
  const runs = selectJobRuns(reader, job?.id ?? 0, 10);
  assert.deepEqual(
    runs.map(({ state, error }) => [state, error]),
    [["done", null]],
  );
});

test("chats the bots are not in are refused by their platforms when jobs are made, however they are made", async () => {
  const targetOf = (world: ChatWorld) => `${world.platform}:${world.outside().chatId}`;
  await using running = await startPlatformDaemon({
    more: (worlds) => ({
      jobs: [{ name: "oven", schedule: "every day at 9", text: TEXT, deliver: worlds.map(targetOf) }],
    }),
  });
  const daemon = running.daemon();
  const { reader } = daemon.gateway.store;
  const jobs = () => selectJobs(reader, 0, 10);
  const reasonOf = (name: string) => jobs().find((job) => job.name === name)?.state_reason ?? "";
  await until("the configuration's job was asked about", () => reasonOf("oven") !== "");
  assert.equal(jobs()[0]?.state, "active");
  assert.match(running.logged(), /a job can't be delivered where it is to be/);

  for (const world of running.worlds) {
    const target = targetOf(world);
    assert.ok(reasonOf("oven").includes(`${target}: `), reasonOf("oven"));
    const made = await fetch(`${daemon.url}/api/jobs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ schedule: "in 1h", text: TEXT, deliver: [target] }),
    });
    assert.equal(made.status, 400);
    const words = await made.text();
    assert.ok(words.includes(`${target}: `), words);

    const text = `/schedule --to ${target} --name ${world.platform} in 1h ${TEXT}`;
    await daemon.receiveLocal({ chatId: "terminal", userId: "ann", text });
    await until("it is taken back", () =>
      jobs().some(({ name, state }) => name === world.platform && state === "done"),
    );
    assert.ok(reasonOf(world.platform).startsWith(`${target}: `), reasonOf(world.platform));
  }
});
