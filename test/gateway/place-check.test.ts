import assert from "node:assert/strict";
import { test } from "node:test";
import { openPlaceCheck } from "../../src/gateway/place-check.ts";
import type { Adapter } from "../../src/platform/adapter.ts";
import { placed } from "../../src/session/resolve-targets.ts";
import { selectJobOfName } from "../../src/store/jobs.ts";
import { ask } from "../support/ask.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { addJob, hourly, jobNow } from "../support/job-world.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { NOON_MS } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const WHY = "the bot is not in this chat. Add it there.";
const place = (chatId: string) => placed({ platform: "memory", account: "default", chatId, threadId: null });

/** A platform in memory that refuses every place but those the bot is in, and notes what it was asked. */
function choosy(...isIn: readonly string[]) {
  const asked: string[] = [];
  const canPost: NonNullable<Adapter["canPost"]> = async ({ chatId }) => {
    asked.push(chatId);
    return isIn.includes(chatId) ? null : WHY;
  };
  return { asked, adapter: memoryAdapter({ canPost }) };
}

test("each place is asked about once, and only what refuses is named", async () => {
  const { asked, adapter } = choosy("team");
  const stopping = new AbortController();
  const check = openPlaceCheck({ adapterOf: () => adapter, clock: fakeClock(NOON_MS), stopping: stopping.signal });
  const targets = ["team", "secret", "team", "a", "b", "c", "d"].map(place);
  assert.deepEqual(
    [...(await check([...targets, { kind: "local", text: "local" }]))],
    ["secret", "a", "b", "c", "d"].map((chatId) => [`memory:${chatId}`, `memory:${chatId}: ${WHY}`]),
  );
  assert.deepEqual(asked, ["team", "secret", "a", "b", "c", "d"]);
});

test("a platform that does not answer in time refuses nothing, nor does one that can't be asked", async () => {
  const clock = fakeClock(NOON_MS);
  const givenUp: string[] = [];
  const silent = memoryAdapter({
    canPost: (_, signal) => new Promise(() => signal.addEventListener("abort", () => void givenUp.push("silent"))),
  });
  for (const adapter of [silent, memoryAdapter(), undefined]) {
    const check = openPlaceCheck({ adapterOf: () => adapter, clock, stopping: new AbortController().signal });
    const answer = check([place("team")]);
    await clock.advance(5_000);
    assert.equal((await answer).size, 0);
  }
  assert.deepEqual(givenUp, ["silent"]);
});

test("a job of a command goes to a chat that the bot is in, or is taken back, and whoever made it is told why", async () => {
  const { asked, adapter } = choosy("team");
  await using bare = await bareGateway({ clock: fakeClock(NOON_MS), adapter });
  await ask(bare, "/schedule --to origin,memory:team every day at 9 tell them");
  await ask(bare, "/schedule --to origin,memory:secret --name news every day at 9 tell them");
  await until("it is told", () => adapter.textsIn("c").some((text) => text.includes("not kept")));
  assert.equal(adapter.textsIn("c").at(-1), `The job \`news\` is not kept:\nmemory:secret: ${WHY}`);
  assert.equal(selectJobOfName(bare.store.reader, "news"), null);
  assert.equal(selectJobOfName(bare.store.reader, "tell-them")?.state, "active");
  // Where it was asked for the bot is.
  assert.deepEqual(asked, ["team", "secret"]);
});

test("what stands in the way of a job of the configuration is shown with it, until it arrives everywhere", async () => {
  const clock = fakeClock(NOON_MS);
  const inChats = ["team"];
  const adapter = memoryAdapter({ canPost: async ({ chatId }) => (inChats.includes(chatId) ? null : WHY) });
  await using bare = await bareGateway({ clock, adapter });
  const about = { madeBy: "config", agent: null } as const;
  const well = await addJob(bare.store, clock, hourly({ ...about, name: "well" }));
  const wrong = await addJob(bare.store, clock, hourly({ ...about, deliver: ["memory:team", "memory:secret"] }));
  const reasonOf = (job: { readonly id: number }) => jobNow(bare.store, job.id).stateReason;
  bare.gateway.jobs.checkConfigured();
  await until("it is shown", () => reasonOf(wrong) !== null);
  assert.equal(reasonOf(wrong), `memory:secret: ${WHY}`);
  assert.deepEqual([jobNow(bare.store, wrong.id).state, reasonOf(well)], ["active", null]);
  inChats.push("secret");
  bare.gateway.jobs.checkConfigured();
  await until("it is shown no more", () => reasonOf(wrong) === null);
});
