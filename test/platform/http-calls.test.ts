import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { Readable } from "node:stream";
import { suite, test } from "node:test";
import { systemClock } from "../../src/clock/clock.ts";
import { openHttpCalls } from "../../src/platform/http-calls.ts";
import { neverConnected } from "../../src/platform/never-connected.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { until } from "../support/until.ts";

/** A server, and calls to it over connections that are kept. */
async function bench(listener: RequestListener) {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const calls = openHttpCalls(url, systemClock);
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  return {
    url,
    call: calls.call,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      calls.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { method, url, headers } = request;
    response.writeHead(201, { "content-type": "application/json", "x-scopes": ["a", "b"] });
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
  });
};

suite("a call", () => {
  test("carries its method, headers and text, and brings the answer whole", async () => {
    await using b = await bench(echo);
    const answer = await b.call(`${b.url}/a/b?c=d`, { method: "POST", headers: { "X-One": "1" }, body: "grüße" });
    assert.deepEqual(
      [answer.status, answer.statusText, answer.ok, answer.url],
      [201, "Created", true, `${b.url}/a/b?c=d`],
    );
    const heard = JSON.parse(await answer.text());
    assert.deepEqual([heard.method, heard.url, heard.body], ["POST", "/a/b?c=d", "grüße"]);
    assert.deepEqual([heard.headers["x-one"], heard.headers["content-length"]], ["1", "7"]);
    assert.deepEqual(await answer.json(), heard);
    assert.equal(Buffer.from(await answer.arrayBuffer()).toString(), await answer.text());
    assert.equal(answer.headers.get("X-Scopes"), "a, b");
    assert.equal(answer.headers.get("x-none"), null);
    assert.equal(new Map(answer.headers.entries()).get("content-type"), "application/json");
  });

  test("has no body when none is given, and sends bytes and streams as they are", async () => {
    await using b = await bench(echo);
    const bodies = [undefined, new Uint8Array([104, 105]), Readable.from(["a", "b"], { objectMode: false })];
    const heard: unknown[] = [];
    for (const body of bodies) {
      const answer = await b.call(b.url, body === undefined ? {} : { method: "POST", body });
      heard.push(JSON.parse(await answer.text()).body);
    }
    assert.deepEqual(heard, ["", "hi", "ab"]);
  });

  test("uses the connection of the one before", async () => {
    await using b = await bench(echo);
    for (let count = 0; count < 3; count++) await b.call(b.url);
    assert.equal(b.connections(), 1);
  });

  test("answers what is no JSON with a SyntaxError, and follows no redirect", async () => {
    await using b = await bench((_, response) => response.writeHead(302, { location: "/elsewhere" }).end("<html>"));
    const answer = await b.call(b.url);
    assert.equal(answer.status, 302);
    await assert.rejects(answer.json(), SyntaxError);
  });

  test("rejects with the reason of its signal, before it is sent and after", async () => {
    await using b = await bench(() => {});
    const early = AbortSignal.abort(new Error("too early"));
    await assert.rejects(b.call(b.url, { signal: early }), /too early/);
    const later = new AbortController();
    const call = b.call(b.url, { signal: later.signal });
    await until("it is sent", () => b.connections() === 1);
    later.abort("no error at all");
    await assert.rejects(call, { name: "AbortError" });
  });

  test("that breaks off in the middle of its answer rejects, and may have been heard", async () => {
    await using b = await bench((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    const error = await b.call(b.url).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Error);
    assert.equal(neverConnected(error), false);
  });

  test("to an address where nobody listens was certainly not heard", async () => {
    const b = await bench(echo);
    await b[Symbol.asyncDispose]();
    const error = await b.call(b.url).catch((thrown: unknown) => thrown);
    assert.equal(neverConnected(error), true);
  });

  test("rejects when a stream breaks that it was to send", async () => {
    await using b = await bench(echo);
    const broken = Readable.from(
      (async function* () {
        yield "a";
        throw new Error("the disk is gone");
      })(),
      { objectMode: false },
    );
    await assert.rejects(b.call(b.url, { method: "POST", body: broken }), /the disk is gone/);
  });

  test("ends when the calls are closed", async () => {
    await using b = await bench(() => {});
    const calls = openHttpCalls(b.url, systemClock);
    const call = calls.call(b.url);
    await until("it is sent", () => b.connections() === 1);
    calls.close();
    await assert.rejects(call);
  });
});

test("a connection that is not made within ten seconds was certainly not heard", async () => {
  const clock = fakeClock(0);
  // It takes the connection and never shakes hands.
  const server = createSocketServer(() => {});
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const calls = openHttpCalls(url, clock);
  const call = calls.call(url).catch((thrown: unknown) => thrown);
  await once(server, "connection");
  await clock.advance(10_000);
  assert.equal(neverConnected(await call), true);
  calls.close();
  server.close();
});
