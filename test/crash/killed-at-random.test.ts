import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { selectOutboxAfter } from "../../src/store/outbox.ts";
import { openStore } from "../../src/store/store.ts";
import { neverResets } from "../support/bare-gateway.ts";
import { type DaemonProcess, startDaemonProcess } from "../support/daemon-process.ts";
import { halfAtOnce } from "../support/half-at-once.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const CHATS = 50;
const MESSAGES_A_CHAT = 10;
const KILLS = 20;
const MESSAGES_A_LIFE = (CHATS * MESSAGES_A_CHAT) / KILLS;

test("killed at 20 random moments during 500 messages over 50 chats: each is answered exactly once, in order", async (t) => {
  using folder = tempDir();
  writeFileSync(join(folder.path, "parley.yaml"), JSON.stringify({ agents: { main: halfAtOnce } }));
  let daemon: DaemonProcess = await startDaemonProcess(folder.path);
  t.after(() => daemon.child.kill("SIGKILL"));
  let isUp = true;
  let permits = 0;
  let accepted = 0;
  const chats = Array.from({ length: CHATS }, async (_, chat) => {
    for (let n = 0; n < MESSAGES_A_CHAT; n++) {
      await until("it may be sent", () => permits > 0 && permits-- > 0);
      await until("it is accepted", () => isUp && post(daemon.url, chat, n));
      accepted += 1;
    }
  });
  for (let kill = 0; kill < KILLS; kill++) {
    permits += MESSAGES_A_LIFE;
    // Anywhere between the first message of this life and about when the last one is answered.
    const enough = kill * MESSAGES_A_LIFE + ((kill * 7) % MESSAGES_A_LIFE);
    await until("some are accepted", () => accepted >= enough);
    const pauseMs = (kill * 3) % 8;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const death = daemon.end("SIGKILL");
    isUp = false; // what was on its way at that moment has to be posted again; nothing else is posted to nobody
    assert.equal((await death).signal, "SIGKILL");
    daemon = await startDaemonProcess(folder.path);
    isUp = true;
  }
  await Promise.all(chats);
  assert.equal(accepted, CHATS * MESSAGES_A_CHAT);
  await until("nothing is left to do", async () => {
    const status = (await (await fetch(`${daemon.url}/api/status`)).json()) as {
      runningTurns: number;
      waitingMessages: number;
    };
    return status.runningTurns + status.waitingMessages === 0;
  });
  assert.deepEqual(await daemon.end("SIGTERM"), { code: 0, signal: null });

  await using store = await openStore({
    dataDir: folder.path,
    rules: {
      keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
      resets: { default: neverResets, byChatType: {}, byPlatform: {} },
    },
  });
  assert.deepEqual(store.integrityProblems(), []);
  assert.deepEqual(store.stats().inbox, { waiting: 0, running: 0, dead: 0 });
  const sessions = store.listSessions({ limit: 500 }).sessions;
  assert.equal(sessions.length, CHATS);
  for (const { sessionId, source } of sessions) {
    const lines = store.transcript(sessionId, { limit: 1000 });
    const expected = Array.from({ length: MESSAGES_A_CHAT }, (_, n) => [
      `user message ${n}`,
      `assistant message ${n}`,
    ]).flat();
    assert.deepEqual(
      lines.map(({ role, content }) => `${role} ${content.split("\n")[0]}`),
      expected,
      `the transcript of chat ${source.chatId}`,
    );
    assert.deepEqual(store.healTranscript(sessionId), { kind: "whole" });
  }
  const posts = selectOutboxAfter(store.reader, "web", 0, 10_000);
  assert.equal(posts.length, CHATS * MESSAGES_A_CHAT, "one post a message");
  assert.equal(new Set(posts.map(({ inbox_id }) => inbox_id)).size, posts.length);
});

/** Posts message `n` of a chat; false when the daemon died meanwhile, so that it has to be posted again. */
async function post(url: string, chat: number, n: number): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ chatId: `c${chat}`, userId: "u", text: `message ${n}`, messageId: `m${n}` }),
    });
    await response.text();
    return response.status === 202;
  } catch {
    return false; // refused or cut off: nobody knows whether it was stored
  }
}
