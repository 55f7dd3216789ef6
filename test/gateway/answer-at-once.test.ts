import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentBackend, InstantRequest } from "../../src/agent/backend.ts";
import { selectInbox } from "../../src/store/inbox.ts";
import { bareGateway, neverResets } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { NOON_MS, rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

/** Answers "now …" at once and all else in a turn; counts how often it was asked for which. */
function quickAgent(
  answerOf: (text: string) => string | null = (text) => (text.startsWith("now") ? `at once: ${text}` : null),
) {
  const asked: InstantRequest[] = [];
  const runs: string[] = [];
  const agent: AgentBackend = {
    name: "quick",
    answerAtOnce(request) {
      asked.push(request);
      return answerOf(request.text);
    },
    async *run({ message }) {
      runs.push(message.text);
      yield { kind: "text", delta: `in a turn: ${message.text}` };
      yield { kind: "done" };
    },
  };
  return { agent, asked, runs };
}

test("what an agent answers at once is stored and answered by one transaction", async () => {
  const { agent, asked, runs } = quickAgent();
  await using bare = await bareGateway({ agent });
  const feed: string[] = [];
  bare.gateway.feed.subscribe((event) => feed.push(event.kind));
  let seen: unknown[] | null = null;
  bare.gateway.feed.subscribe((event) => {
    if (event.kind === "message") {
      seen ??= rowsOf(
        bare.store.reader,
        "SELECT i.state AS inbox, o.state AS outbox FROM inbox i JOIN outbox o ON o.inbox_id = i.id",
      );
    }
  });
  const accepted = await bare.say("c1", "now 1");
  assert.deepEqual(seen, [{ inbox: "done", outbox: "pending" }], "as soon as anybody can hear of it");
  await until("it is posted", () => bare.adapter.posts.length === 1);
  assert.deepEqual(bare.adapter.textsIn("c1"), ["at once: now 1"]);
  assert.deepEqual(runs, []);
  const [session] = bare.store.listSessions({}).sessions;
  assert.deepEqual(asked, [
    { sessionId: session?.sessionId, sessionKey: session?.sessionKey, text: "now 1", isFirst: true },
  ]);
  assert.deepEqual(
    bare.store.transcript(session?.sessionId ?? "", { limit: 9 }).map(({ seq, role, content }) => [seq, role, content]),
    [
      [1, "user", "now 1"],
      [2, "assistant", "at once: now 1"],
    ],
  );
  assert.deepEqual(
    feed.filter((kind) => kind !== "session"),
    ["message", "turn_started", "delta", "post", "turn_finished"],
  );
  const inboxId = accepted.kind === "accepted" ? accepted.inboxId : 0;
  assert.equal((await bare.gateway.waitForReply(inboxId, 1_000))?.text, "at once: now 1");
  assert.equal((await bare.say("c1", "now 2")).kind, "accepted");
  await until("the next one is posted", () => bare.adapter.posts.length === 2);
  assert.equal(asked[1]?.isFirst, false);
});

test("what it leaves to a turn is answered in one, in order with the rest, and what waited may be answered at once", async () => {
  const { agent, runs } = quickAgent();
  await using bare = await bareGateway({ agent, queue: { mode: "followup" } });
  const texts = ["slow 1", "now 2", "slow 3", "now 4", "now 5"];
  await Promise.all(texts.map((text) => bare.say("c1", text)));
  await until("all are answered", () => bare.adapter.posts.length === texts.length);
  assert.deepEqual(bare.adapter.textsIn("c1"), [
    "in a turn: slow 1",
    "at once: now 2",
    "in a turn: slow 3",
    "at once: now 4",
    "at once: now 5",
  ]);
  assert.deepEqual(runs, ["slow 1", "slow 3"]);
});

test("a long answer, and an agent that throws or gives half a character, fail nobody", async () => {
  const answers: Readonly<Record<string, () => string>> = {
    long: () => "x".repeat(40_001),
    broken: () => {
      throw new Error("not today");
    },
    half: () => "a\ud800",
  };
  const { agent, runs } = quickAgent((text) => answers[text]?.() ?? null);
  await using bare = await bareGateway({ agent });
  for (const [place, text] of Object.keys(answers).entries()) {
    await bare.say(text, text);
    await until("it is answered", () => bare.adapter.posts.length === place + 1);
  }
  assert.deepEqual(runs, ["long", "broken"]);
  assert.deepEqual(bare.adapter.textsIn("half"), ["a\ufffd"]);
});

test("an answer that can't be stored for a fault of ours costs that answer, and neither the message nor its neighbours", async () => {
  const { agent } = quickAgent();
  const adapter = memoryAdapter();
  const split = (text: string) => {
    if (text.includes("bad")) throw new TypeError("a fault of our own");
    return [text];
  };
  await using bare = await bareGateway({ agent, adapter: { ...adapter, split } });
  const accepted = await Promise.all([
    bare.say("c1", "now good"),
    bare.say("c2", "now bad"),
    bare.say("c3", "now fine"),
  ]);
  assert.deepEqual(
    accepted.map(({ kind }) => kind),
    ["accepted", "accepted", "accepted"],
  );
  await until("the others are answered", () => adapter.posts.length === 2);
  const bad = accepted[1]?.kind === "accepted" ? accepted[1].inboxId : 0;
  await until("the one is a dead letter", () => selectInbox(bare.store.reader, bad)?.state === "dead");
  const lines = rowsOf(bare.store.reader, "SELECT content FROM messages WHERE content LIKE '%bad%'");
  assert.deepEqual(lines, [{ content: "now bad" }]);
});

test("after a reset the notice comes first, then the answer", async () => {
  const clock = fakeClock(NOON_MS);
  const { agent } = quickAgent();
  const policy = { ...neverResets, mode: "idle", idleMinutes: 10 } as const;
  await using bare = await bareGateway({ agent, clock, policy });
  await bare.say("c1", "now 1");
  await until("it is answered", () => bare.adapter.posts.length === 1);
  await clock.advance(11 * 60_000);
  await bare.say("c1", "now 2");
  await until("both are posted", () => bare.adapter.posts.length === 3);
  assert.match(bare.adapter.textsIn("c1")[1] ?? "", /fresh|new/i);
  assert.equal(bare.adapter.textsIn("c1")[2], "at once: now 2");
});
