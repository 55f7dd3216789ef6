import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { AgentFailure } from "../../src/agent/backend.ts";
import { type About, ask, askPosts, linesOf, liveSession } from "../support/ask.ts";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { type ScriptedAgent, scriptedAgent } from "../support/scripted-agent.ts";
import { tempDir } from "../support/temp-dir.ts";
import { copyDatabase, mirrorPath, mirrorText } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const photo = { kind: "image", mimeType: "image/png", sizeBytes: 8, name: "a.png", reference: "file-1" } as const;
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Lets the agent answer what runs now, as soon as it runs. */
async function answer(agent: ScriptedAgent, text: string): Promise<void> {
  await until("it runs", () => agent.running.length === 1);
  agent.running[0]?.answer(text);
}

async function exchange(bare: BareGateway, agent: ScriptedAgent, text: string, reply: string, about: About = {}) {
  const [got] = await Promise.all([ask(bare, text, about), answer(agent, reply)]);
  assert.equal(got, reply);
}

function said(bare: BareGateway): string[] {
  return linesOf(bare).map(({ seq, role, content }) => `${seq} ${role} ${content}`);
}

test("/retry drops the last answer and asks the same again", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  await exchange(bare, agent, "one", "1");
  await exchange(bare, agent, "two", "wrong");
  await exchange(bare, agent, "/retry", "right");
  assert.deepEqual(said(bare), ["1 user one", "2 assistant 1", "3 user two", "4 assistant right"]);
  assert.equal(liveSession(bare).messageCount, 4);
  const again = agent.requests.at(-1);
  assert.equal(again?.message.text, "two");
  assert.deepEqual(
    again?.history(10).map(({ text }) => text),
    ["one", "1"],
  );
  assert.deepEqual(await bare.store.search("wrong", { limit: 5 }), []);
  const { sessionId } = liveSession(bare);
  const path = mirrorPath(bare.dataDir, sessionId);
  await until("the file follows", () => readFileSync(path, "utf8") === mirrorText(bare.store, sessionId));
});

test("a message whose turn failed without a word is asked again", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  const failure: AgentFailure = { reason: "unavailable", message: "Overloaded.", detail: "529", retryable: true };
  const asked = ask(bare, "one");
  await until("it runs", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "failed", failure });
  assert.equal(await asked, "Overloaded.");
  await exchange(bare, agent, "/retry", "1");
  assert.deepEqual(said(bare), ["1 user one", "2 assistant 1"]);
});

test("there is nothing to ask again before the first message, or after /new", async () => {
  await using bare = await bareGateway();
  assert.equal(await ask(bare, "/retry"), "There is nothing to ask again here.");
  await ask(bare, "one");
  await ask(bare, "/new");
  assert.equal(await ask(bare, "/retry"), "There is nothing to ask again here.");
});

test("the repeated message has its files again", async () => {
  const agent = scriptedAgent();
  const fetched: string[] = [];
  const adapter = memoryAdapter({
    async fetchFile(reference) {
      fetched.push(reference);
      return (async function* () {
        yield PNG;
      })();
    },
  });
  await using bare = await bareGateway({ agent, adapter });
  await exchange(bare, agent, "look", "1", { attachments: [photo] });
  await exchange(bare, agent, "/retry", "2");
  assert.deepEqual(fetched, ["file-1", "file-1"]);
  const [first, again] = agent.requests;
  assert.equal(again?.message.text, first?.message.text);
  assert.deepEqual(
    again?.message.attachments.map(({ kind, name, sizeBytes }) => [kind, name, sizeBytes]),
    [["image", "a.png", PNG.length]],
  );
});

test("a repeated turn that is cut by a shutdown is gone on with by the next daemon, files included, once", async () => {
  using folder = tempDir();
  const dataDir = folder.path;
  const adapterOf = () =>
    memoryAdapter({
      fetchFile: async () =>
        (async function* () {
          yield PNG;
        })(),
    });
  const agent = scriptedAgent();
  const bare = await bareGateway({ agent, adapter: adapterOf(), dataDir, limits: { drainMs: 0 } });
  await exchange(bare, agent, "look", "wrong", { attachments: [photo] });
  await bare.say("c", "/retry");
  await until("it runs again", () => agent.requests.length === 2);
  await bare.shutDown();

  const nextAgent = scriptedAgent();
  await using next = await bareGateway({ agent: nextAgent, adapter: adapterOf(), dataDir });
  await answer(nextAgent, "right");
  await until("it is posted", () => next.adapter.posts.length === 1);
  assert.equal(nextAgent.requests.length, 1);
  assert.match(nextAgent.requests[0]?.message.text ?? "", /^look\n/);
  assert.equal(nextAgent.requests[0]?.message.attachments.length, 1);
  assert.deepEqual(said(next), ["1 user look", "2 assistant right"]);
});

test("a daemon that dies while it asks again asks once more when it starts, and mends the file", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  await exchange(bare, agent, "one", "wrong");
  const { sessionId } = liveSession(bare);
  const path = mirrorPath(bare.dataDir, sessionId);
  await until("the file has both", () => existsSync(path) && readFileSync(path, "utf8").includes("wrong"));
  bare.store.replaceTranscriptFile = () => {};
  await bare.say("c", "/retry");
  await until("it runs again", () => agent.running.length === 1);
  using left = tempDir();
  copyDatabase(bare.dataDir, left.path);
  cpSync(join(bare.dataDir, "transcripts"), join(left.path, "transcripts"), { recursive: true });

  const nextAgent = scriptedAgent();
  await using next = await bareGateway({ agent: nextAgent, dataDir: left.path });
  assert.equal(readFileSync(mirrorPath(left.path, sessionId), "utf8"), mirrorText(next.store, sessionId));
  await answer(nextAgent, "right");
  await until("it is posted", () => next.adapter.textsIn("c").includes("right"));
  assert.deepEqual([nextAgent.requests.length, nextAgent.requests[0]?.attempt], [1, 2]);
  assert.deepEqual(said(next), ["1 user one", "2 assistant right"]);
});

test("files that are only in the transcript are not fetched: they are told of as gone", async () => {
  const agent = scriptedAgent();
  const adapter = memoryAdapter({ fetchFile: () => assert.fail("nothing may be fetched") });
  await using bare = await bareGateway({ agent, adapter });
  await exchange(bare, agent, "one", "1");
  await bare.store.appendMessages(liveSession(bare).sessionId, [
    {
      role: "user",
      content: "look",
      atMs: 0,
      messageId: null,
      senderId: "u",
      senderName: "Ann",
      extra: { attachments: [{ ...photo, name: "*a*.png" }] },
    },
  ]);
  const [posts] = await Promise.all([askPosts(bare, "/retry"), answer(agent, "2")]);
  assert.deepEqual(
    posts.map(({ text }) => text),
    ["I ask again, without what I can't fetch any more: \\*a\\*.png.", "2"],
  );
});

const thread: About = { source: { chatType: "thread", threadId: "t" } };
const bob: About = { source: { ...thread.source, userId: "bob", userName: "Bob" } };

test("in a shared thread only whoever wrote the last message can have it asked again, and stays its speaker", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  await exchange(bare, agent, "of Ann", "1", thread);
  assert.equal(
    await ask(bare, "/retry", bob),
    "Only the person who wrote the last message can have it asked again.",
    "an admin's rights are not lent to what somebody else wrote",
  );
  await exchange(bare, agent, "/retry", "2", thread);
  assert.equal(agent.requests.at(-1)?.message.text, "[Ann] of Ann");
  assert.deepEqual(
    linesOf(bare).map(({ senderName }) => senderName),
    ["Ann", null],
  );
});

test("/retry moves the conversation's activity as a message does", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  await exchange(bare, agent, "one", "1");
  const before = liveSession(bare).lastActiveMs;
  await until("time has passed", () => performance.timeOrigin + performance.now() > before + 2);
  await exchange(bare, agent, "/retry", "2");
  assert.ok(liveSession(bare).lastActiveMs > before);
});
