import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { systemClock } from "../../src/clock/clock.ts";
import { SECURITY_HEADERS } from "../../src/console/security-headers.ts";
import { startConsole } from "../../src/console/server.ts";
import { silentLog } from "../../src/observe/log.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { until } from "../support/until.ts";
import { eventReader } from "./event-reader.ts";

const optionsOn = (daemon: TestGateway) => ({
  gateway: daemon.gateway,
  receivers: { web: () => Promise.reject(new Error("unused")), local: () => Promise.reject(new Error("unused")) },
  metrics: { text: () => Promise.resolve(""), contentType: "text/plain" },
  log: silentLog,
  clock: systemClock,
  host: "127.0.0.1",
  port: 0,
  token: null,
});

test("the console listens where it says, and answers there", async () => {
  await using daemon = await startTestGateway();
  assert.equal(daemon.url, `http://127.0.0.1:${daemon.console.port}`);
  const response = await fetch(`${daemon.url}/healthz`);
  assert.deepEqual(await response.json(), { status: "ok" });
});

test("a port that is taken is named, with what to do", async () => {
  await using daemon = await startTestGateway();
  const port = daemon.console.port;
  await assert.rejects(startConsole({ ...optionsOn(daemon), port }), (error: Error) => {
    assert.match(error.message, new RegExp(`^console\\.port: .*another program uses ${port} on 127\\.0\\.0\\.1`));
    assert.ok(error.cause instanceof Error);
    return true;
  });
});

test("an address that is not this machine's is named, with what to do", async () => {
  await using daemon = await startTestGateway();
  const elsewhere = startConsole({ ...optionsOn(daemon), host: "203.0.113.7", token: "secret" });
  await assert.rejects(elsewhere, /^Error: console\.host: expected an address of this machine, got "203\.0\.113\.7"/);
});

for (const host of ["0.0.0.0", "::", "192.168.1.5", "box.lan"]) {
  test(`without a token the console does not listen on ${host}`, async () => {
    await using daemon = await startTestGateway();
    const opened = startConsole({ ...optionsOn(daemon), host });
    await assert.rejects(opened, /^Error: console\.host: expected a loopback address .* Set console\.token/);
  });
}

test("closing ends streams and waits at once, and the connections with them", async () => {
  const agent = scriptedAgent();
  const daemon = await startTestGateway({ agent, limits: { drainMs: 0 } });
  await using _ = daemon;
  const events = eventReader(await fetch(`${daemon.url}/api/events`));
  await events.next();
  const waiting = fetch(`${daemon.url}/api/messages?wait=60`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chatId: "c", userId: "u", text: "hello" }),
  });
  await until("the turn runs", () => agent.running.length === 1);
  const startedMs = performance.now();
  await daemon.console.close();
  assert.ok(performance.now() - startedMs < 3_000);
  assert.equal((await waiting).status, 202);
  assert.equal(await events.nextOf("none"), null);
  await assert.rejects(fetch(`${daemon.url}/healthz`));
});

test("a watcher whose connection breaks is forgotten", async () => {
  await using daemon = await startTestGateway();
  const leaving = new AbortController();
  const events = eventReader(await fetch(`${daemon.url}/api/events`, { signal: leaving.signal }));
  await events.next();
  leaving.abort();
  await assert.rejects(events.next());
  await until("nobody watches", () => daemon.gateway.feed.watchers() === 0);
});

test("a connection that is not read is dropped, without a word on the console", async (t) => {
  const written = [t.mock.method(console, "error", () => {}), t.mock.method(console, "info", () => {})];
  await using daemon = await startTestGateway();
  const socket = connect(daemon.console.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.pause();
  socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${daemon.console.port}\r\n\r\n`);
  await until("it watches", () => daemon.gateway.feed.watchers() === 1);
  const text = "x".repeat(60_000);
  await until("it is dropped", async () => {
    await daemon.gateway.send({ platform: "web", account: "default", chatId: "c", threadId: null }, text);
    return daemon.gateway.feed.watchers() === 0;
  });
  socket.destroy();
  assert.deepEqual(
    written.map(({ mock }) => mock.callCount()),
    [0, 0],
  );
});

/** What the server says before it closes a connection on which this was sent, and no more. */
function answerTo(port: number, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(sent));
    let said = "";
    socket.on("data", (chunk) => {
      said += String(chunk);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(said));
  });
}

const slow: readonly (readonly [what: string, sent: string])[] = [
  ["nothing at all", ""],
  ["half a line", "GET /api/sess"],
  ["headers without an end", "GET /api/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nA: b\r\n"],
  [
    "half a body",
    'POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a',
  ],
  [
    "half a chunk",
    "POST /api/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nx",
  ],
];
for (const [what, sent] of slow) {
  test(`a client that sends ${what} and then nothing is cut`, async () => {
    await using daemon = await startTestGateway();
    const arrival = { headersMs: 50, wholeMs: 100, checkEveryMs: 20 };
    const console = await startConsole({ ...optionsOn(daemon), arrival });
    try {
      assert.match(await answerTo(console.port, sent), /^(HTTP\/1\.1 408 |$)/);
    } finally {
      await console.close();
    }
  });
}

test("a client that sends a byte at a time, so that it is never silent, is cut as soon", async () => {
  await using daemon = await startTestGateway();
  const arrival = { headersMs: 100, wholeMs: 200, checkEveryMs: 20 };
  const console = await startConsole({ ...optionsOn(daemon), arrival });
  const timers: NodeJS.Timeout[] = [];
  const trickled = (sent: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(console.port, "127.0.0.1", () => {
        socket.write(sent);
        timers.push(setInterval(() => socket.write("a"), 5));
      });
      let said = "";
      socket.on("data", (chunk) => {
        said += String(chunk);
      });
      // What is written after it was cut is refused.
      socket.on("error", (error: NodeJS.ErrnoException) =>
        /EPIPE|ECONNRESET/.test(error.code ?? "") ? {} : reject(error),
      );
      socket.on("close", () => resolve(said));
    });
  try {
    for (const [what, sent] of slow.filter(([, text]) => text !== ""))
      assert.match(
        await trickled(sent.replace("Content-Length: 100", "Content-Length: 100000")),
        /^(HTTP\/1\.1 4\d\d |$)/,
        what,
      );
  } finally {
    for (const timer of timers) clearInterval(timer);
    await console.close();
  }
});

test("headers larger than any of ours are refused", async () => {
  await using daemon = await startTestGateway();
  const sent = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nA: ${"x".repeat(20_000)}\r\n\r\n`;
  assert.match(await answerTo(daemon.console.port, sent), /^HTTP\/1\.1 431 /);
});

const answered: readonly (readonly [path: string, status: number, init?: RequestInit])[] = [
  ["/", 200],
  ["/healthz", 200],
  ["/readyz", 200],
  ["/metrics", 200],
  ["/page/main.js", 200],
  ["/page/..%2f..%2fpackage.json", 404],
  ["/page/%2e%2e/%2e%2e/server.ts", 404],
  ["/page/....//server.ts", 404],
  ["/page/main.js%00.html", 404],
  ["/nothing", 404],
  ["/api/sessions/..%2f..%2fparley.db", 404],
  ["/api/events?lastEventId=x", 400],
  ["/api/messages", 415, { method: "POST" }],
  ["/webhooks/telegram/default", 404, { method: "POST" }],
];
for (const [path, status, init] of answered) {
  test(`${init?.method ?? "GET"} ${path} answers ${status}, with what browsers must know`, async () => {
    await using daemon = await startTestGateway();
    const response = await fetch(`${daemon.url}${path}`, init);
    await response.body?.cancel();
    assert.equal(response.status, status);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (name !== "Cache-Control") assert.equal(response.headers.get(name), value, name);
    }
    assert.match(response.headers.get("cache-control") ?? "", /^no-(store|cache)$/);
  });
}
