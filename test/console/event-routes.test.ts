import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { echoAgent } from "../../src/agent/echo.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { until } from "../support/until.ts";
import { codeOf } from "./answers.ts";
import { eventReader, type ReadEvent } from "./event-reader.ts";

const withText = z.object({ text: z.string() });
const textOf = (event: ReadEvent | null) => withText.parse(event?.data).text;
const say = async (daemon: TestGateway, chatId: string, text: string, platform = "web") =>
  await daemon.post("/api/messages?wait=10", { platform, chatId, userId: "u", userName: "Ann", text });
const watch = async (daemon: TestGateway, query: string, headers: Record<string, string> = {}) =>
  eventReader(await daemon.request(`/api/events${query}`, { headers }));

const inPieces: AgentBackend = {
  name: "in pieces",
  async *run() {
    for (const delta of ["one ", "two"]) yield { kind: "text", delta };
    yield { kind: "done" };
  },
};
const tellings: readonly (readonly [of: string, agent: AgentBackend, deltas: readonly string[]])[] = [
  ["of an agent that is asked", inPieces, ["delta", "delta"]],
  ["that is answered at once", echoAgent(), ["delta"]],
];
for (const [of, agent, deltas] of tellings) {
  test(`a turn ${of} is told as it goes: the message, the session, the work, the words, the post, the end`, async () => {
    await using daemon = await startTestGateway({ agent });
    const events = await watch(daemon, "?platform=web&chatId=c");
    const hello = await events.next();
    assert.deepEqual(hello, {
      name: "hello",
      id: "0",
      data: { version: "0.0.0-test", needsToken: false, maxFileBytes: 1024 * 1024 },
    });
    await say(daemon, "c", "hi");
    const seen: ReadEvent[] = [];
    while (seen.at(-1)?.name !== "turn_finished") {
      const event = await events.next();
      assert.ok(event !== null);
      seen.push(event);
    }
    const order = ["message", "turn_started", ...deltas, "post", "turn_finished"];
    assert.deepEqual(
      seen.map(({ name }) => name).filter((name) => name !== "session"),
      order,
    );
    assert.ok(seen.some(({ name }) => name === "session"));
    const message = z.object({ userName: z.string(), text: z.string(), messageId: z.string() });
    assert.equal(message.parse(seen.find(({ name }) => name === "message")?.data).userName, "Ann");
    assert.equal(seen.find(({ name }) => name === "post")?.id, "1");
    await events.cancel();
  });
}

test("who comes in the middle of a turn is told how far it has come, if they ask", async () => {
  const agent = scriptedAgent();
  await using daemon = await startTestGateway({ agent });
  const early = await watch(daemon, "?platform=web&chatId=c");
  await daemon.post("/api/messages", { chatId: "c", userId: "u", text: "hi" });
  await until("the turn runs", () => agent.running.length === 1);
  for (const delta of ["one ", "two "]) agent.running[0]?.say({ kind: "text", delta });
  agent.running[0]?.say({ kind: "tool", name: "search", phase: "started", summary: "Searching for three" });
  const tool = z.object({ name: z.string(), phase: z.string(), summary: z.string() });
  assert.deepEqual(tool.parse((await early.nextOf("tool"))?.data), {
    name: "search",
    phase: "started",
    summary: "Searching for three",
  });
  const late = await watch(daemon, "?platform=web&chatId=c&underWay=true");
  const elsewhere = await watch(daemon, "?platform=web&chatId=d&underWay=true");
  const names = [await late.next(), await late.next()].map((event) => event?.name);
  assert.deepEqual(names, ["hello", "turn_started"]);
  assert.equal(textOf(await late.next()), "one two ");
  assert.equal((await late.next())?.name, "tool");
  agent.running[0]?.answer("three");
  assert.equal(textOf(await late.next()), "three");
  assert.equal(textOf(await late.nextOf("post")), "one two three");
  const after = await watch(daemon, "?platform=web&chatId=c&underWay=true");
  await after.next();
  await daemon.post("/api/send", { platform: "web", chatId: "d", text: "x" });
  await daemon.post("/api/send", { platform: "web", chatId: "c", text: "y" });
  assert.equal(textOf(await after.nextOf("turn_started", "post")), "y");
  assert.equal(textOf(await elsewhere.nextOf("turn_started", "post")), "x");
  for (const events of [early, late, elsewhere, after]) await events.cancel();
});

test("a stream that is narrowed to a place tells of no other, but of every session", async () => {
  await using daemon = await startTestGateway();
  const events = await watch(daemon, "?platform=local&chatId=c");
  await events.next();
  await say(daemon, "c", "on the web");
  await say(daemon, "d", "elsewhere", "local");
  await say(daemon, "c", "here", "local");
  const names: string[] = [];
  for (let event = await events.next(); ; event = await events.next()) {
    names.push(event?.name ?? "");
    if (event?.name !== "message") continue;
    assert.equal(textOf(event), "here");
    break;
  }
  assert.deepEqual(names.slice(0, -1), ["session", "session"]);
  await events.cancel();
});

test("who comes back is told the posts it missed, in order, once", async () => {
  await using daemon = await startTestGateway();
  for (const text of ["one", "two", "three"]) await say(daemon, "c", text);
  await say(daemon, "d", "elsewhere");
  for (const [query, headers] of [
    ["?platform=web&chatId=c", { "last-event-id": "1" }],
    ["?platform=web&chatId=c&lastEventId=1", {}],
    ["?chatId=c&lastEventId=1", {}],
  ] as const) {
    const events = await watch(daemon, query, headers);
    assert.equal((await events.next())?.name, "hello");
    const [second, third] = [await events.next(), await events.next()];
    assert.deepEqual([second?.id, textOf(second)], ["2", "two"]);
    assert.deepEqual([third?.id, textOf(third)], ["3", "three"]);
    await say(daemon, "c", "now");
    assert.equal(textOf(await events.nextOf("post")), "now");
    await events.cancel();
  }
});

test("who missed more than can be told again, or comes from another database, is told of the gap", async () => {
  await using daemon = await startTestGateway();
  const big = "x".repeat(60_000);
  for (let count = 0; count < 10; count++) await daemon.post("/api/send", { platform: "web", chatId: "c", text: big });
  for (const lastEventId of ["0", "99"]) {
    const events = await watch(daemon, `?platform=web&chatId=c&lastEventId=${lastEventId}`);
    assert.equal((await events.next())?.id, "10");
    assert.deepEqual(await events.next(), { name: "gap", id: null, data: {} });
    await events.cancel();
  }
});

test("a silent stream shows every 15 seconds that it lives", async () => {
  const clock = fakeClock(0);
  await using daemon = await startTestGateway({ clock });
  const events = await watch(daemon, "?platform=web");
  await events.next();
  for (let beat = 0; beat < 2; beat++) {
    await clock.advance(15_000);
    assert.deepEqual(await events.next(), { name: "comment", id: null, data: "still here" });
  }
  await events.cancel();
});

test("who leaves is forgotten", async () => {
  await using daemon = await startTestGateway();
  const events = await watch(daemon, "");
  await events.next();
  assert.equal(daemon.gateway.feed.watchers(), 1);
  await events.cancel();
  await until("nobody watches", () => daemon.gateway.feed.watchers() === 0);
});

test("64 may watch at a time, and one more when one has gone", async () => {
  await using daemon = await startTestGateway();
  const watching = await Promise.all(Array.from({ length: 64 }, () => watch(daemon, "?platform=web")));
  const refused = await daemon.request("/api/events");
  assert.equal(refused.status, 503);
  assert.equal(await codeOf(refused), "too_many_streams");
  await watching[0]?.cancel();
  await until("there is room", () => daemon.gateway.feed.watchers() < 64);
  const late = await watch(daemon, "");
  assert.equal((await late.next())?.name, "hello");
  await Promise.all([...watching, late].map((one) => one.cancel()));
});

test("a reader that does not read is cut off, and the others are not", async () => {
  await using daemon = await startTestGateway();
  const slow = await daemon.request("/api/events");
  const events = await watch(daemon, "?platform=web&chatId=c");
  await events.next();
  const big = "x".repeat(60_000);
  for (let count = 0; count < 40; count++) {
    await daemon.post("/api/send", { platform: "web", chatId: "c", text: big });
    assert.equal((await events.next())?.name, "post");
  }
  await until("one watcher is left", () => daemon.gateway.feed.watchers() === 1);
  await assert.rejects(slow.text(), /too slow/);
  await events.cancel();
});

test("24 of one login may watch at a time, and those of others besides", async () => {
  await using daemon = await startTestGateway();
  const watchAs = (login: string) => daemon.request("/api/events", { headers: { cookie: `parley_1=${login}` } });
  const watching = await Promise.all(Array.from({ length: 24 }, () => watchAs("ann")));
  const refused = await watchAs("ann");
  assert.equal(refused.status, 429);
  assert.equal(await codeOf(refused), "too_many_streams");
  const other = await watchAs("bob");
  assert.equal(other.status, 200);
  for (const { body } of [...watching, other]) await body?.cancel();
});
