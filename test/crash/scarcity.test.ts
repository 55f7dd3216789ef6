import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { findInstance, lockDataDir } from "../../src/store/instance-lock.ts";
import { startDaemonProcess, startParley } from "../support/daemon-process.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { mirrorPath, mirrorText, NOON_MS, openTestStore } from "../support/test-store.ts";
import { until } from "../support/until.ts";

/** Says a text and waits for the answer; null when there was none. */
async function ask(url: string, text: string, chatId = "c"): Promise<string | null> {
  try {
    const response = await fetch(`${url}/api/messages?wait=20`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify({ chatId, userId: "u", text }),
    });
    const { reply } = (await response.json()) as { reply?: { text: string } };
    return reply?.text.split("\n")[0] ?? null;
  } catch {
    return null;
  }
}

/** File descriptors the daemon gets: enough to start. */
const FEW = 80;

test("a daemon without a free file descriptor survives, and goes on when there are some again", {
  skip: process.platform === "win32",
}, async (t) => {
  using folder = tempDir();
  const daemon = await startDaemonProcess(folder.path, [], { maxFiles: FEW });
  t.after(() => daemon.child.kill("SIGKILL"));
  const { port } = new URL(daemon.url);
  assert.equal(await ask(daemon.url, "before"), "before");

  const sockets: Socket[] = [];
  for (let n = 0; n < 2 * FEW; n++) {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {}); // cut off by a daemon that has no room: what this is about
    sockets.push(socket);
  }
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  // Sessions of their own need files of their own, which there are none for now.
  const meanwhile = await Promise.all([1, 2, 3].map((n) => ask(daemon.url, `meanwhile ${n}`, `c${n}`)));
  assert.equal(daemon.child.exitCode, null, "it lives");
  for (const socket of sockets) socket.destroy();
  await until("it answers again", async () => (await ask(daemon.url, "after")) === "after");
  for (const [at, answer] of meanwhile.entries()) if (answer !== null) assert.equal(answer, `meanwhile ${at + 1}`);
  assert.deepEqual(await daemon.end("SIGTERM"), { code: 0, signal: null });
  await using store = await openTestStore(folder.path, fakeClock(NOON_MS));
  assert.deepEqual(store.integrityProblems(), []);
  for (const { sessionId } of store.listSessions({ limit: 100 }).sessions) {
    assert.equal(readFileSync(mirrorPath(folder.path, sessionId), "utf8"), mirrorText(store, sessionId));
  }
});

/** Holds the database in a process of its own, until it is told to let go. */
async function holdDatabase(t: TestContext, dataDir: string, begin: string): Promise<() => Promise<void>> {
  const program = `
    import Database from "better-sqlite3";
    const db = new Database(process.argv[1]);
    db.exec(${JSON.stringify(begin)});
    db.prepare("SELECT count(*) FROM messages").get();
    process.stdout.write("held");
    process.stdin.resume().on("end", () => { db.exec("COMMIT"); db.close(); });`;
  const path = join(dataDir, "parley.db");
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return async () => {
    child.stdin.end();
    await once(child, "exit");
  };
}

test("a backup tool that reads the database for a while holds up nobody", async (t) => {
  using folder = tempDir();
  const daemon = await startDaemonProcess(folder.path);
  t.after(() => daemon.child.kill("SIGKILL"));
  await ask(daemon.url, "before");
  const letGo = await holdDatabase(t, folder.path, "BEGIN");
  for (let n = 0; n < 20; n++) assert.equal(await ask(daemon.url, `meanwhile ${n}`), `meanwhile ${n}`);
  await letGo();
  assert.equal(await ask(daemon.url, "after"), "after");
  assert.deepEqual(await daemon.end("SIGTERM"), { code: 0, signal: null });
});

test("what is said while another program has locked the database is answered when it lets go", async (t) => {
  using folder = tempDir();
  const daemon = await startDaemonProcess(folder.path);
  t.after(() => daemon.child.kill("SIGKILL"));
  await ask(daemon.url, "before");
  const letGo = await holdDatabase(t, folder.path, "BEGIN IMMEDIATE");
  const answer = ask(daemon.url, "meanwhile");
  await new Promise((resolve) => setTimeout(resolve, 500)); // it is refused the lock in that time, or has not asked yet
  await letGo();
  assert.equal(await answer, "meanwhile");
  assert.deepEqual(await daemon.end("SIGTERM"), { code: 0, signal: null });
});

test("a lock file left by a killed daemon, whose number another process has by now, keeps nobody out", async () => {
  using folder = tempDir();
  const first = await startDaemonProcess(folder.path);
  await first.end("SIGKILL");
  // The number is in use: by this very process.
  writeFileSync(join(folder.path, "parley.pid"), `${process.pid}\n`);
  assert.equal(findInstance(folder.path), null);
  const second = await startDaemonProcess(folder.path);
  assert.equal(findInstance(folder.path)?.pid, second.child.pid);
  const third = startParley(folder.path, ["run", "--data-dir", folder.path, "--port", "0"]);
  assert.deepEqual(await third.ended, { code: 1, signal: null });
  assert.match(third.complaints(), new RegExp(`in use by process ${second.child.pid}\\b`));
  await second.end("SIGKILL");
  lockDataDir(folder.path)[Symbol.dispose]();
});

test("a data directory that can't be made or written is one readable line, and nothing is left behind", async () => {
  using folder = tempDir();
  writeFileSync(join(folder.path, "file"), "");
  const unwritable = join(folder.path, "unwritable");
  mkdirSync(unwritable, { mode: 0o500 });
  // Root may write anywhere, but make no folder under a file.
  for (const parent of [join(folder.path, "file"), ...(process.getuid?.() === 0 ? [] : [unwritable])]) {
    const dataDir = join(parent, "data");
    const refused = startParley(folder.path, ["run", "--data-dir", dataDir, "--port", "0"]);
    assert.deepEqual(await refused.ended, { code: 1, signal: null });
    const lines = refused.complaints().trim().split("\n");
    assert.equal(lines.length, 1, refused.complaints());
    assert.match(lines[0] ?? "", /^parley: /);
    assert.ok((lines[0] ?? "").includes(dataDir), lines[0]);
    assert.doesNotMatch(lines[0] ?? "", /unexpected/);
  }
});
