import assert from "node:assert/strict";
import { test } from "node:test";
import { LLMock } from "@copilotkit/aimock";
import type { ModelReply } from "../fake/model/model-reply.ts";
import { startModelServer } from "../fake/model/model-server.ts";
import { startConfiguredDaemon } from "../support/configured-daemon.ts";
import { until } from "../support/until.ts";

const KEY = "sk-this-key-is-secret-0123456789";
const says = (...deltas: readonly string[]): ModelReply => ({ kind: "answer", deltas });
const refused: ModelReply = {
  kind: "error",
  status: 401,
  body: { error: { message: `Incorrect API key provided: ${KEY}.`, type: "invalid_request_error" } },
};

test("without anything set the echo answers, and says once how to connect a model", async () => {
  await using parley = await startConfiguredDaemon();
  const first = await parley.ask("hello");
  assert.match(first, /^hello\n\n/);
  for (const word of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL", "README.md"]) {
    assert.ok(first.includes(word), `${word} in ${first}`);
  }
  assert.equal(await parley.ask("and again"), "and again");
});

test("the environment alone points it at a model, which is told what was said before", async () => {
  await using model = await startModelServer(says("Hello", ", Ann."), says("You said hello."));
  await using parley = await startConfiguredDaemon({
    env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: "small" },
  });
  assert.equal(await parley.ask("hello"), "Hello, Ann.");
  assert.equal(await parley.ask("what did I say?"), "You said hello.");
  const [first, second] = model.requests;
  assert.equal(first?.headers.authorization, `Bearer ${KEY}`);
  const body = JSON.parse(second?.body ?? "{}") as { model: string; messages: { role: string; content: unknown }[] };
  assert.equal(body.model, "small");
  const said = body.messages.map(({ role, content }) => `${role}: ${JSON.stringify(content)}`);
  assert.match(said.slice(-3).join("\n"), /user: .*hello.*\nassistant: .*Hello, Ann\..*\nuser: .*what did I say\?/);
  assert.ok(!parley.logged().includes(KEY));
});

test("with a wrong key the person hears what they can understand, and the log what to change", async () => {
  await using model = await startModelServer(refused);
  await using parley = await startConfiguredDaemon({
    env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: "small" },
  });
  assert.equal(
    await parley.ask("hello"),
    "My language model does not accept my key. Whoever runs me has to mend that; the log says how.",
  );
  assert.match(
    parley.logged(),
    /Set agents\.main\.apiKey to a key that is valid and may use agents\.main\.model \(small\)/,
  );
  assert.ok(!parley.logged().includes(KEY), "the key is in no log");
});

test("when the first agent can't answer, its fallback does, and the log says so", async () => {
  await using first = await startModelServer(refused);
  await using second = await startModelServer(says("I stand in."));
  const agent = (url: string, more: object = {}) => ({ kind: "openai", baseUrl: `${url}/v1`, model: "small", ...more });
  await using parley = await startConfiguredDaemon({
    file: { agents: { main: agent(first.url, { fallback: "spare" }), spare: agent(second.url) } },
  });
  assert.equal(await parley.ask("hello"), "I stand in.");
  assert.match(parley.logged(), /"agent":"main","to":"spare"/);
});

test("an overloaded agent with a fallback is given up at once, and after two turns not asked for a while", async () => {
  await using first = await startModelServer({ kind: "error", status: 503, body: { error: { message: "busy" } } });
  await using second = await startModelServer(says("I stand in."));
  const agent = (url: string, more: object = {}) => ({ kind: "openai", baseUrl: `${url}/v1`, model: "small", ...more });
  await using parley = await startConfiguredDaemon({
    file: { agents: { main: agent(first.url, { fallback: "spare" }), spare: agent(second.url) } },
  });
  const startedMs = performance.now();
  for (let turn = 0; turn < 4; turn++) assert.equal(await parley.ask("hello"), "I stand in.");
  assert.ok(
    performance.now() - startedMs < 4_000,
    "nobody waited for repetitions, of which the first comes after a second",
  );
  assert.equal(first.requests.length, 2);
  assert.match(parley.logged(), /It is left alone for a moment, since it failed: HTTP 503/);
});

test("a model searches what was said in earlier conversations of the chat, and nowhere else", async () => {
  const calls = ["colour", "swordfish"].map((query) => {
    return { id: `call_${query}`, name: "search_history", input: JSON.stringify({ query }) };
  });
  const search: ModelReply = { kind: "answer", deltas: [], calls };
  await using model = await startModelServer(says("noted"), says("noted"), search, says("It is blue."));
  await using parley = await startConfiguredDaemon({
    file: { agents: { main: { kind: "openai", baseUrl: `${model.url}/v1`, model: "small" } } },
  });
  await parley.ask("my word is swordfish", "elsewhere");
  await parley.ask("my colour is blue");
  assert.match(await parley.ask("/new"), /Started a new conversation/);
  assert.equal(await parley.ask("what is my colour?"), "It is blue.");
  const body = JSON.parse(model.requests.at(-1)?.body ?? "{}") as { messages: { role: string; content: unknown }[] };
  const [colour, swordfish] = body.messages.filter(({ role }) => role === "tool").map(({ content }) => content);
  assert.match(String(colour), /user: my colour is blue/);
  assert.equal(swordfish, "Nothing was found.");
});

test("a conversation is named by its model after the first exchange, and the list shows it", async () => {
  await using model = await startModelServer(says("Four days it is."), says('"Four days in Rome"'), says("Yes."));
  await using parley = await startConfiguredDaemon({
    file: { sessions: {}, agents: { main: { kind: "openai", baseUrl: `${model.url}/v1`, model: "small" } } },
  });
  await parley.ask("Plan my trip to Rome. I have four days.");
  const titles = () => parley.daemon.gateway.store.listSessions({}).sessions.map(({ title }) => title);
  await until("it has a title", () => titles()[0] !== null);
  assert.deepEqual(titles(), ["Four days in Rome"]);
  assert.match(await parley.ask("/sessions"), /Four days in Rome/);
  const asked = JSON.parse(model.requests[1]?.body ?? "{}") as { messages: { role: string; content: string }[] };
  assert.deepEqual(
    asked.messages.map(({ role }) => role),
    ["system", "user"],
  );
  assert.equal(await parley.ask("Really?"), "Yes.");
  assert.equal(model.requests.length, 3);
});

test("a model server of others streams an answer through the whole program", async () => {
  const mock = new LLMock({ port: 0 });
  await mock.start();
  try {
    const content = "A long answer, word by word. ".repeat(200).trim();
    mock.onMessage("tell me", { content });
    await using parley = await startConfiguredDaemon({
      file: { agents: { main: { kind: "anthropic", baseUrl: mock.url, model: "claude", apiKey: KEY } } },
    });
    assert.equal(await parley.ask("tell me"), content);
  } finally {
    await mock.stop();
  }
});
