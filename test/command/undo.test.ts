import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../../src/command/run-command.ts";
import { undoCommand } from "../../src/command/undo.ts";
import type { Admittance } from "../../src/gateway/platform-rules.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import { type About, ask, linesOf, liveSession } from "../support/ask.ts";
import { type BareGateway, bareGateway, person } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { noDesk } from "../support/no-desk.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { tempDir } from "../support/temp-dir.ts";
import { copyDatabase, mirrorPath, mirrorText, NOON_MS, openTestStore } from "../support/test-store.ts";
import { until } from "../support/until.ts";

function said(bare: BareGateway): string[] {
  return linesOf(bare).map(({ content }) => content.replace(/\n\nThis is the built-in[\s\S]*/, ""));
}

test("/undo takes back the last message and its answer, /undo n the last n", async () => {
  await using bare = await bareGateway();
  for (const text of ["one", "two", "three", "four"]) await ask(bare, text);
  assert.equal(await ask(bare, "/undo"), "Took back “four” (2 messages).");
  assert.deepEqual(said(bare), ["one", "one", "two", "two", "three", "three"]);
  assert.equal(await ask(bare, "/undo 2"), "Took back 2 exchanges, from “two” on (4 messages).");
  assert.deepEqual(said(bare), ["one", "one"]);
  assert.equal(liveSession(bare).messageCount, 2);
  assert.equal(await ask(bare, "/undo 20"), "Took back all there was, from “one” on (2 messages).");
  assert.equal(await ask(bare, "/undo"), "There is nothing to take back here.");
  assert.equal(await ask(bare, "five"), "five");
  assert.deepEqual(said(bare), ["five", "five"]);
});

test("what was taken back is found no more, and the agent does not read it any more", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  const answer = async (text: string) => {
    await until("it runs", () => agent.running.length === 1);
    agent.running[0]?.answer(text);
  };
  for (const text of ["keep", "zebra"]) await Promise.all([ask(bare, text), answer(`on ${text}`)]);
  await ask(bare, "/undo");
  assert.deepEqual(await bare.store.search("zebra", { limit: 5 }), []);
  await Promise.all([ask(bare, "next"), answer("done")]);
  const history = agent.requests.at(-1)?.history(10) ?? [];
  assert.deepEqual(
    history.map(({ text }) => text),
    ["keep", "on keep"],
  );
});

for (const argument of ["0", "21", "-1", "two", "1 2", "99999999999"]) {
  test(`/undo ${argument} is refused and changes nothing`, async () => {
    await using bare = await bareGateway();
    await ask(bare, "one");
    assert.equal(await ask(bare, `/undo ${argument}`), "/undo: expected a number from 1 to 20, or nothing for 1.");
    assert.equal(liveSession(bare).messageCount, 2);
  });
}

test("/undo never reaches into an ended conversation", async () => {
  await using bare = await bareGateway();
  assert.equal(await ask(bare, "/undo"), "No conversation is open: there is nothing to take back.");
  await ask(bare, "one");
  await ask(bare, "/new");
  assert.equal(await ask(bare, "/undo"), "There is nothing to take back here.");
  assert.equal(bare.store.listSessions({ live: false }).sessions[0]?.messageCount, 2);
});

test("messages that became one turn are taken back together, and what is quoted stays text", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, queue: { mode: "collect" } });
  await bare.say("c", "first");
  await until("it runs", () => agent.running.length === 1);
  await bare.say("c", "*bold* <b>\nmore");
  await bare.say("c", "third");
  agent.running[0]?.answer("1");
  await until("they run as one", () => agent.requests.length === 2);
  agent.running[0]?.answer("2");
  assert.equal(await ask(bare, "/undo"), "Took back “\\*bold\\* \\<b\\> more” (3 messages).");
  assert.deepEqual(said(bare), ["first", "1"]);
});

const thread: About = { source: { chatType: "thread", threadId: "t" } };
const bob: About = { source: { ...thread.source, userId: "bob", userName: "Bob" } };

test("in a shared thread one takes back one's own, an admin everybody's", async () => {
  const admit = ({ source }: InboundMessage): Admittance => ({ kind: "admitted", isAdmin: source.userId === "boss" });
  await using bare = await bareGateway({ rules: { admit } });
  await ask(bare, "of Ann", thread);
  await ask(bare, "of Bob", bob);
  assert.equal(await ask(bare, "/undo", thread), "That has messages of other people: an admin can take it back.");
  assert.equal(await ask(bare, "/undo 2", bob), "That has messages of other people: an admin can take it back.");
  assert.equal(liveSession(bare).messageCount, 4);
  assert.match(await ask(bare, "/undo", bob), /^Took back “of Bob”/);
  const boss: About = { source: { ...thread.source, userId: "boss" } };
  assert.match(await ask(bare, "/undo", boss), /^Took back “of Ann”/);
});

test("in a group everybody takes back their own conversation, whoever wrote last", async () => {
  await using bare = await bareGateway();
  await ask(bare, "of Ann", { source: { chatType: "group" } });
  await ask(bare, "of Bob", { source: { chatType: "group", userId: "bob" } });
  assert.match(await ask(bare, "/undo", { source: { chatType: "group" } }), /^Took back “of Ann”/);
  assert.equal(liveSession(bare, { userId: "bob" }).messageCount, 2);
});

test("/undo while a turn runs waits for it, and takes back what it answers", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  await bare.say("c", "first");
  await until("it runs", () => agent.running.length === 1);
  const undone = ask(bare, "/undo");
  await until("it waits", () => bare.gateway.status().waitingMessages === 1);
  agent.running[0]?.answer("1");
  assert.match(await undone, /^Took back “first” \(2 messages\)/);
  assert.deepEqual(said(bare), []);
  const { sessionId } = liveSession(bare);
  await until("the file follows", () => readFileSync(mirrorPath(bare.dataDir, sessionId), "utf8") === "");
});

test("a running turn of the session is never pulled away from under its agent", async () => {
  await using bare = await bareGateway();
  await ask(bare, "one");
  const source = person("c");
  const result = await bare.store.write((tx) =>
    runCommand(
      [undoCommand],
      { name: "undo", argument: "" },
      {
        tx,
        rules: bare.store.rules,
        key: liveSession(bare).sessionKey,
        agentId: "main",
        message: { source, messageId: "x", text: "/undo", attachments: [] },
        isAdmin: true,
        activity: { runningMs: 5, waiting: 0, approvals: [] },
        agents: [],
        queueMode: "collect",
        choices: "admins",
        keepFile: () => assert.fail("expected no file"),
        receivedAtMs: 0,
        desk: noDesk,
        timeZone: "UTC",
        version: "0",
      },
    ),
  );
  assert.match(result.reply, /^I am working on an answer/);
  assert.equal(liveSession(bare).messageCount, 2);
});

test("a daemon that dies between an undo's commit and its file mends the file when it starts", async () => {
  await using bare = await bareGateway();
  await ask(bare, "one");
  await ask(bare, "two");
  const { sessionId } = liveSession(bare);
  const path = mirrorPath(bare.dataDir, sessionId);
  await until(
    "the file has all lines",
    () => existsSync(path) && readFileSync(path, "utf8") === mirrorText(bare.store, sessionId),
  );
  // The process dies before it gets there.
  bare.store.replaceTranscriptFile = () => {};
  await ask(bare, "/undo");
  using left = tempDir();
  copyDatabase(bare.dataDir, left.path);
  cpSync(join(bare.dataDir, "transcripts"), join(left.path, "transcripts"), { recursive: true });
  assert.match(readFileSync(mirrorPath(left.path, sessionId), "utf8"), /"two"/);
  await using next = await openTestStore(left.path, fakeClock(NOON_MS));
  assert.equal(readFileSync(mirrorPath(left.path, sessionId), "utf8"), mirrorText(next, sessionId));
  assert.equal(next.session(sessionId)?.messageCount, 2);
  assert.deepEqual(await next.search("two", { limit: 5 }), []);
});
