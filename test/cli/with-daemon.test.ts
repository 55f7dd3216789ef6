import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { until } from "../support/until.ts";
import { type RunningDaemon, workplace } from "./parley-process.ts";

describe("the command line beside a running daemon", () => {
  const place = workplace();
  const { parley, json, folder } = place;
  let daemon: RunningDaemon;
  before(async () => {
    daemon = await place.daemon();
  });
  after(() => place[Symbol.asyncDispose]());

  test("status shows where it listens and how things stand, with exit code 0", async () => {
    const [shown, told] = await Promise.all([parley(["status"]), json(["status"])]);
    assert.equal(shown.status, 0, shown.stderr);
    assert.match(shown.stdout, new RegExp(`^Parley +running, process ${daemon.pid}\nAddress +${daemon.url}\n`));
    assert.match(shown.stdout, /^Ready +yes$/m);
    assert.partialDeepStrictEqual(told, { isRunning: true, pid: daemon.pid, url: daemon.url, problem: null });
  });

  test("a second daemon is refused with the first one's pid", async () => {
    const { status, stderr } = await parley(["run", "--port", "0"]);
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`^parley: [^\n]*in use by process ${daemon.pid}\\.[^\n]+\n$`));
  });

  test("chat answers piped lines in order and ends with 0, each chat with a session of its own", async () => {
    const [one, two] = await Promise.all([
      parley(["chat"], "one\n/whoami\nthree\n"),
      parley(["chat", "--chat", "other"], "other one\n/nonsense"),
    ]);
    assert.deepEqual([one.status, one.stderr, two.status, two.stderr], [0, "", 0, ""]);
    assert.match(one.stdout, /^one\n(.*\n)*You: `local:[^`]+`\nThis chat: `local:terminal` \(dm\)\nthree\n$/);
    assert.match(two.stdout, /^other one\n(.*\n)*There is no command \/nonsense\./);
    const { sessions } = (await json(["sessions", "list", "--live"])) as { sessions: unknown[] };
    assert.equal(sessions.length, 2);
  });

  test("a message that is too long is refused in words, and the rest is answered", async () => {
    const { status, stdout, stderr } = await parley(["chat"], `${"x".repeat(70_000)}\nshort\n`);
    assert.equal(status, 1);
    assert.match(stderr, /^parley: [^\n]*too long[^\n]*\n$/);
    assert.equal(stdout, "short\n");
  });

  test("send goes through the daemon; import is refused while it runs", async () => {
    const file = join(folder, "sessions.json");
    writeFileSync(file, "{}");
    const [sent, refused, imported] = await Promise.all([
      parley(["send", "--to", "web:c1", "hello"]),
      parley(["send", "--to", "web:c1", "  "]),
      parley(["sessions", "import", file]),
    ]);
    assert.match(sent.stdout, /^On its way \(post \d+\)\.\n$/);
    assert.equal(refused.status, 2);
    assert.equal(imported.status, 1);
    assert.match(imported.stderr, new RegExp(`process ${daemon.pid}.*Stop it first`));
  });

  test("sessions are reset, resumed and deleted through the daemon", async () => {
    const listed = (await json(["sessions", "list", "--chat", "other"])) as { sessions: { sessionId: string }[] };
    const id = listed.sessions[0]?.sessionId ?? "";
    const reset = await parley(["sessions", "reset", "agent:main:local:dm:other"]);
    assert.match(reset.stdout, new RegExp(`^${id} has ended; \\d{8}_`));
    assert.equal((await parley(["sessions", "resume", id])).stdout, `${id} is live.\n`);
    assert.equal((await parley(["sessions", "delete", id, "--yes"])).stdout, `${id} is deleted.\n`);
    assert.equal((await parley(["sessions", "show", id])).status, 1);
  });

  test("doctor only compares while it runs, and finds the daemon ready", async () => {
    const { status, stdout } = await parley(["doctor"]);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^ok +transcripts: \d+ compared, all as in the database$/m);
    assert.match(stdout, new RegExp(`^ok +daemon: running, process ${daemon.pid}, ready at ${daemon.url}$`, "m"));
  });

  test("a chat outlives a daemon that is killed, and each of its messages is answered once", async () => {
    const { child, stdout, stderr, finished } = place.start(["chat", "--chat", "lasting"]);
    child.stdin?.write("before\n");
    await until("the first answer is there", () => stdout().startsWith("before\n"));
    await daemon.end("SIGKILL");
    child.stdin?.end("meanwhile\nafter\n");
    await until("the trouble is told", () => stderr().includes("cannot be reached"));
    daemon = await place.daemon();
    const { status } = await finished;
    assert.equal(status, 0);
    assert.match(stdout(), /\nmeanwhile\nafter\n$/);
    const { sessions } = (await json(["sessions", "list", "--chat", "lasting"])) as {
      sessions: { sessionId: string }[];
    };
    assert.equal(sessions.length, 1);
    const shown = (await json(["sessions", "show", sessions[0]?.sessionId ?? ""])) as {
      messages: { role: string; content: string }[];
    };
    const lines = shown.messages.map(({ role, content }) => `${role}: ${content.split("\n")[0]}`);
    assert.deepEqual(
      lines,
      ["before", "meanwhile", "after"].flatMap((text) => [`user: ${text}`, `assistant: ${text}`]),
    );
  });

  test("SIGTERM ends it with 0 and everything is still there; a second signal ends it at once with 1", async () => {
    const ended = await daemon.end("SIGTERM");
    assert.equal(ended.status, 0, ended.stderr);
    assert.match(ended.stdout, /"msg":"stopped"/);
    assert.equal((await parley(["status"])).status, 1);

    daemon = await place.daemon();
    const { sessions } = (await json(["sessions", "list", "--chat", "terminal"])) as { sessions: unknown[] };
    assert.equal(sessions.length, 1);
    // A request that is still being sent holds up the end for a moment.
    const { port, hostname } = new URL(daemon.url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    socket.write(
      `POST /api/messages HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    );
    await until("the request has begun", () => socket.bytesWritten > 0 && socket.readyState === "open");
    daemon.child.kill("SIGINT");
    await until("it is shutting down", () => daemon.stdout().includes('"msg":"shutting down"'));
    const killed = await daemon.end("SIGTERM");
    socket.destroy();
    assert.equal(killed.status, 1, killed.stdout);
  });
});
