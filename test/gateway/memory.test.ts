import assert from "node:assert/strict";
import { test } from "node:test";
import { selectLiveArchives } from "../../src/store/archives.ts";
import { selectWindow } from "../../src/store/windows.ts";
import { ask, liveSession } from "../support/ask.ts";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";
import { attentiveAgent, usualMemory } from "../support/usual-memory.ts";

const inGroup = (userId: string, userName: string) =>
  ({ source: { chatType: "group", chatId: "g", userId, userName } }) as const;

async function chat(bare: BareGateway, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await ask(bare, `small talk ${turn}`);
}

test("what two people say in a group is remembered of each apart, and what one said in private stays private", async () => {
  const agent = attentiveAgent();
  await using bare = await bareGateway({ agent, memory: usualMemory });
  const [ann, bob] = [inGroup("ann", "Ann"), inGroup("bob", "Bob")];
  await ask(bare, "my colour is blue", ann);
  await ask(bare, "my colour is green", bob);
  await ask(bare, "my secret is basalt", { source: { chatId: "ann-alone", userId: "ann", userName: "Ann" } });
  for (const about of [ann, bob]) for (const text of ["well", "so"]) await ask(bare, text, about);
  for (const text of ["well", "so", "/new"]) await ask(bare, text, { source: { chatId: "ann-alone", userId: "ann" } });
  for (const about of [ann, bob]) await ask(bare, "/new", about);
  const { reader } = bare.store;
  const remembered = () =>
    rowsOf(
      reader,
      "SELECT scope, content FROM memory_placements JOIN memory_nodes USING (addr) WHERE state = 'active'",
    ).map(({ scope, content }) => `${String(scope).split(":").at(-1)} ${String(content)}`);
  await until("all three facts are promoted", () => remembered().length === 3);
  assert.deepEqual(remembered().sort(), [
    "ann Their colour is blue.",
    "ann Their secret is basalt.",
    "bob Their colour is green.",
  ]);
  assert.equal(await ask(bare, "what is my colour?", ann), "It is blue.");
  assert.equal(await ask(bare, "what is my colour?", bob), "It is green.");
  assert.equal(await ask(bare, "what is my secret?", ann), "I don't know.", "others read along");
  assert.equal(await ask(bare, "what is my secret?", { source: { chatId: "c2", userId: "ann" } }), "It is basalt.");
});

test("a conversation its provider finds too long is compacted at once, and the message answered", async () => {
  const agent = attentiveAgent({ messages: 100, tokens: 50_000 });
  await using bare = await bareGateway({ agent, memory: usualMemory });
  await ask(bare, "my ferry is Aurora");
  await chat(bare, 6);
  agent.refusals = 1;
  assert.equal(await ask(bare, "what is my ferry?"), "It is Aurora.");
  const [first, second] = agent.shown.slice(-2);
  assert.equal(first?.lines.length, 14);
  assert.ok(second !== undefined && second.lines.length < 6 && second.earlier.includes("my ferry is Aurora"));
  agent.refusals = 2;
  assert.equal(await ask(bare, "and again?"), "Too long.", "once a turn");
});

test("an agent that reads no history has nothing compacted, and no row but its lines", async () => {
  await using bare = await bareGateway({ memory: usualMemory });
  for (let turn = 0; turn < 15; turn++) await ask(bare, `turn ${turn}`);
  assert.deepEqual(selectLiveArchives(bare.store.reader, liveSession(bare).row), []);
  assert.deepEqual(rowsOf(bare.store.reader, "SELECT * FROM windows"), []);
});

test("an agent that wants no messages is shown nothing in their place, and never has anything compacted", async () => {
  const agent = attentiveAgent({ messages: 0, tokens: 4_000 });
  await using bare = await bareGateway({ agent, memory: usualMemory });
  await chat(bare, 12);
  assert.deepEqual(agent.shown.at(-1), { earlier: "", remembered: "", lines: [] });
  assert.deepEqual(agent.asides, []);
});

test("where memory is off, the newest lines are shown and nothing is done with them", async () => {
  const agent = attentiveAgent();
  await using bare = await bareGateway({ agent, memory: { ...usualMemory, enabled: false } });
  await chat(bare, 15);
  assert.deepEqual(agent.asides, []);
  assert.ok((agent.shown.at(-1)?.lines.length ?? 0) > 13);
  assert.deepEqual(
    agent.requests[0]?.tools.filter(({ name }) => name === "remember"),
    [],
  );
});

test("/compact sums up the older part with what the person wants dwelt on, and says what it did", async () => {
  const agent = attentiveAgent({ messages: 100, tokens: 50_000 });
  await using bare = await bareGateway({ agent, memory: usualMemory });
  assert.match(await ask(bare, "/compact"), /Nothing was said/);
  await chat(bare, 1);
  const said = () => bare.adapter.posts.map(({ text }) => text);
  await ask(bare, "/compact");
  await until("it says why not", () => said().some((text) => text.startsWith("There is nothing to sum up yet")));
  await chat(bare, 5);
  assert.match(await ask(bare, "/compact focus on the ferry"), /summing up/);
  await until("it says what it did", () =>
    said().some((text) => /^Summed up messages 1 to 7: about \d+ tokens became \d+/.test(text)),
  );
  const { row } = liveSession(bare);
  assert.deepEqual(
    selectLiveArchives(bare.store.reader, row).map(({ fromSeq, toSeq }) => [fromSeq, toSeq]),
    [[1, 7]],
  );
  assert.equal(bare.store.transcript(liveSession(bare).sessionId, { limit: 100 }).length, 12, "nothing is lost");
});

test("an agent without a model behind it has its conversations archived as well, in quotations", async () => {
  const { complete, ...agent } = attentiveAgent();
  assert.ok(complete);
  await using bare = await bareGateway({ agent, memory: usualMemory });
  await ask(bare, "my ferry is Aurora and it leaves at five");
  await chat(bare, 12);
  await until(
    "the beginning is archived",
    () => selectLiveArchives(bare.store.reader, liveSession(bare).row).length > 0,
  );
  const [archive] = selectLiveArchives(bare.store.reader, liveSession(bare).row);
  assert.equal(archive?.details.strategy, "truncate");
  assert.equal(await ask(bare, "what is my ferry?"), "It is Aurora.");
});

test("what its tools note stays in view, what they remember is for whoever said it, and secrets are refused", async () => {
  const agent = attentiveAgent();
  const admit = () => ({ kind: "admitted", isAdmin: false }) as const;
  await using bare = await bareGateway({ agent, memory: usualMemory, rules: { admit } });
  await ask(bare, "hello", inGroup("ann", "Ann"));
  const run = async (name: string, input: unknown) =>
    await agent.requests
      .at(-1)
      ?.tools.find((tool) => tool.name === name)
      ?.run(input);
  assert.equal(await run("remember", { text: "Likes short answers." }), "Remembered.");
  assert.match(String(await run("remember", { text: "The password is hunter2hunter2." })), /looks like a secret/);
  assert.match(String(await run("remember", { text: "We release on Tuesdays.", about: "chat" })), /only admins/);
  assert.equal(await run("set_task", { text: "Book the ferry" }), "Noted.");
  assert.equal(await run("note_commitment", { kind: "loop", text: "Send the offer" }), "Noted.");
  await ask(bare, "what now?", inGroup("ann", "Ann"));
  const shown = agent.shown.at(-1)?.remembered ?? "";
  for (const text of ["Likes short answers.", "Book the ferry", "Send the offer"])
    assert.ok(shown.includes(text), shown);
  await ask(bare, "and of me?", inGroup("bob", "Bob"));
  assert.ok(!agent.shown.at(-1)?.remembered.includes("short answers"), "another person");
  await ask(bare, "forget that", inGroup("ann", "Ann"));
  const [, line = ""] = String(await run("recall", { query: "answers" })).split("\n");
  assert.match(line, /^[0-9a-f]{12} \d{4}-\d\d-\d\d "Likes short answers\."$/);
  const [id] = line.split(" ");
  assert.equal(await run("forget", { id }), "It is put aside.");
  assert.equal(await run("recall", { query: "answers" }), "Nothing is remembered of that.");
  assert.match(String(await run("remember", { text: "" })), /^Wrong input/);
});

test("what a provider counts corrects what is estimated", async () => {
  const inner = attentiveAgent({ messages: 100, tokens: 20_000 });
  const agent = {
    ...inner,
    async *run(...[request, signal]: Parameters<typeof inner.run>) {
      for await (const event of inner.run(request, signal)) {
        if (event.kind === "done") {
          const usage = { inputTokens: 9_000, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null };
          yield { kind: "usage", usage } as const;
        }
        yield event;
      }
    },
  };
  await using bare = await bareGateway({ agent, memory: usualMemory });
  await ask(bare, "x".repeat(18_000));
  const window = () => selectWindow(bare.store.reader, liveSession(bare).row);
  await until("it is noted", () => window().calibration !== null);
  // 9,000 where 4,500 were estimated: a third of the way to 2.
  assert.ok(Math.abs((window().calibration ?? 0) - 1.3) < 0.02, String(window().calibration));
});
