import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelReply } from "../fake/model/model-reply.ts";
import { startModelServer } from "../fake/model/model-server.ts";
import { openWorld, postsIn } from "../support/chat-world.ts";
import { startConfiguredDaemon } from "../support/configured-daemon.ts";
import { until } from "../support/until.ts";

const answer = (deltas: readonly string[], hold?: Promise<void>): ModelReply =>
  hold === undefined ? { kind: "answer", deltas } : { kind: "answer", deltas, hold };

for (const platform of ["telegram", "discord", "slack"] as const) {
  test(`${platform}: an answer is stopped as it grows, what waits is answered by a button, asked again, and gone back to by a button`, async () => {
    const never = Promise.withResolvers<void>();
    await using model = await startModelServer(
      answer(["Once upon a time"], never.promise),
      answer(["The short one."]),
      answer(["Another short one."]),
    );
    await using world = await openWorld(platform);
    await using parley = await startConfiguredDaemon({
      env: { OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: "small" },
      world,
    });
    const place = world.dm(1);
    const posts = () => postsIn(world, place);
    const postWith = async (part: string) => {
      await until(`“${part}” is posted`, () => posts().some(({ text }) => text.includes(part)));
      const post = posts().findLast(({ text }) => text.includes(part));
      assert.ok(post !== undefined);
      return post;
    };
    world.say(place, "a story");
    const isShown = () => world.draftCount() > 0 || posts().length > 0;
    await until("its beginning is shown", isShown);
    world.say(place, "something else");
    await until("it waits", () => parley.daemon.gateway.status().waitingMessages === 1);
    const startedMs = performance.now();
    world.say(place, "/stop");
    await until("the turn is over", () => parley.daemon.gateway.status().runningTurns === 0);
    assert.ok(performance.now() - startedMs < 1_000, "within a second");
    await postWith("(stopped)");
    const offer = await postWith("One message waits");
    assert.equal(model.requests.length, 1, "what waits is kept");
    assert.ok(offer.buttons.includes("/queue go"));
    world.press(offer, "/queue go");
    await postWith("The short one.");

    world.say(place, "/retry");
    await postWith("Another short one.");
    const { store } = parley.daemon.gateway;
    const [live] = store.listSessions({ live: true }).sessions;
    const lines = () =>
      store.transcript(live?.sessionId ?? "", { limit: 10 }).map(({ role, content }) => `${role}: ${content}`);
    const expected = [
      "user: a story",
      "assistant: Once upon a time",
      "user: something else",
      "assistant: Another short one.",
    ];
    assert.deepEqual(lines(), expected);

    world.say(place, "/new");
    await postWith("Started a new conversation");
    world.say(place, "/sessions");
    await until(
      "a list with buttons is there",
      () =>
        posts()
          .at(-1)
          ?.buttons.some((each) => each.startsWith("/resume")) === true,
    );
    const list = posts().at(-1);
    assert.ok(list !== undefined);
    world.press(list, list.buttons.find((each) => each.startsWith("/resume")) ?? "");
    await postWith("Back in the conversation");
    assert.equal(store.listSessions({ live: true }).sessions[0]?.sessionId, live?.sessionId);
    assert.deepEqual(lines(), expected);
    never.resolve();
  });
}
