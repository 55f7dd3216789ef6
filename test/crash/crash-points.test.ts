import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openStore } from "../../src/store/store.ts";
import { neverResets } from "../support/bare-gateway.ts";
import { tempDir } from "../support/temp-dir.ts";

const program = fileURLToPath(new URL("daemon-that-dies.ts", import.meta.url));

/** Runs the daemon until it ends by itself or dies at `point`; resolves with the signal that ended it. */
function run(dataDir: string, point: string): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [program, dataDir, point], { stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve) => child.on("exit", (_, signal) => resolve(signal)));
}

/** What each row of the crash table promises for two messages when the process dies there once, while the first is on its way. */
const table: readonly {
  readonly point: string;
  readonly posts: readonly string[];
  readonly turns: readonly string[];
}[] = [
  {
    point: "before the inbox row",
    posts: ["answer to message 1", "answer to message 2"],
    turns: ["message 1 attempt 1", "message 2 attempt 1"],
  },
  {
    point: "after the inbox row",
    posts: ["answer to message 1", "answer to message 2"],
    // The turn had begun with the row; whether the agent was asked before the end is a matter of microseconds.
    turns: ["message 1 attempt 2", "message 2 attempt 1"],
  },
  {
    point: "while the agent runs",
    posts: ["answer to message 1", "answer to message 2"],
    turns: ["message 1 attempt 1", "message 1 attempt 2", "message 2 attempt 1"],
  },
  {
    point: "after the commit of the turn",
    posts: ["answer to message 1", "answer to message 2"],
    turns: ["message 1 attempt 1", "message 2 attempt 1"],
  },
  {
    // A platform that can neither be asked nor told apart two posts: one of them twice, and no more.
    point: "between the platform's acceptance and our record",
    posts: ["answer to message 1", "answer to message 1", "answer to message 2"],
    turns: ["message 1 attempt 1", "message 2 attempt 1"],
  },
];

for (const { point, posts, turns } of table) {
  test(`killed ${point}: every message is answered, and its line is in the transcript once`, async () => {
    using folder = tempDir();
    const { path } = folder;
    writeFileSync(join(path, "updates"), "1\n2\n");
    assert.equal(await run(path, point), "SIGKILL");
    assert.equal(await run(path, "nowhere"), null);
    const lines = (file: string) =>
      existsSync(join(path, file)) ? readFileSync(join(path, file), "utf8").trim().split("\n") : [];
    assert.deepEqual(lines("posts"), posts);
    assert.deepEqual(
      lines("turns").filter((line) => turns.includes(line)),
      turns,
    );
    await using store = await openStore({
      dataDir: path,
      rules: {
        keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
        resets: { default: neverResets, byChatType: {}, byPlatform: {} },
      },
    });
    const [session] = store.listSessions({}).sessions;
    assert.ok(session);
    assert.deepEqual(
      store.transcript(session.sessionId, { limit: 10 }).map(({ seq, role, content }) => `${seq} ${role} ${content}`),
      ["1 user message 1", "2 assistant answer to message 1", "3 user message 2", "4 assistant answer to message 2"],
    );
    assert.deepEqual(store.healTranscript(session.sessionId), { kind: "whole" });
    assert.deepEqual(store.integrityProblems(), []);
    assert.deepEqual(store.stats().inbox, { waiting: 0, running: 0, dead: 0 });
  });
}
