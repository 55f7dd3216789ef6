import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { type Endpoint, startEndpoint } from "../fake/agents/endpoint.ts";
import { until } from "../support/until.ts";
import { agentAt, answering, answeringJson, eventsInTime } from "./http-bench.ts";
import { eventsOf, failureOf } from "./program-turn.ts";
import { turnRequest } from "./turn-request.ts";

describe("an endpoint in trouble", () => {
  const statuses: readonly (readonly [status: number, reason: string, retryable: boolean, tries: number])[] = [
    [302, "misconfigured", false, 1],
    [400, "error", false, 1],
    [401, "misconfigured", false, 1],
    [402, "quota", false, 1],
    [403, "misconfigured", false, 1],
    [404, "misconfigured", false, 1],
    [413, "too_long", false, 1],
    [429, "unavailable", true, 3],
    [500, "unavailable", true, 3],
    [503, "unavailable", true, 3],
  ];
  for (const [status, reason, retryable, tries] of statuses) {
    test(`${status} is ${reason}, asked ${tries} times`, async () => {
      await using endpoint = await answering("text/plain", "why\u001b[2J\nnot", status, {
        location: "http://127.0.0.1:1/",
      });
      const { events, waitsMs } = await eventsInTime(endpoint.url);
      assert.deepEqual(waitsMs, tries === 1 ? [] : [500, 1000]);
      assert.equal(events.length, 1);
      const failure = failureOf(events);
      assert.deepEqual({ reason: failure.reason, retryable: failure.retryable }, { reason, retryable });
      assert.ok(failure.detail.includes(`answered ${status}: why\\u001b[2J\\nnot`), failure.detail);
      assert.equal(endpoint.seen.length, tries);
      assert.equal(new Set(endpoint.seen.map(({ headers }) => headers["idempotency-key"])).size, 1);
    });
  }

  test("is asked again, and its answer counts; what it asks to wait is waited", async () => {
    let left = 2;
    await using endpoint = await startEndpoint((_, response) => {
      left -= 1;
      if (left > 0) response.writeHead(429, { "retry-after": "3" }).end();
      else response.writeHead(200, { "content-type": "text/plain" }).end("at last");
    });
    const { events, waitsMs } = await eventsInTime(endpoint.url);
    assert.deepEqual(events, [{ kind: "text", delta: "at last" }, { kind: "done" }]);
    assert.deepEqual(waitsMs, [3000]);
  });

  test("that asks to wait for longer than a person would is not waited for", async () => {
    await using endpoint = await answering("text/plain", "", 503, { "retry-after": "3600" });
    const { events, waitsMs } = await eventsInTime(endpoint.url);
    assert.equal(failureOf(events).reason, "unavailable");
    assert.deepEqual(waitsMs, []);
  });

  test("that is not there is unavailable, and so is one that hangs up", async () => {
    const nobody = createServer();
    nobody.listen(0, "127.0.0.1");
    await once(nobody, "listening");
    const { port } = nobody.address() as AddressInfo;
    await new Promise((resolve) => nobody.close(resolve));
    const refused = failureOf((await eventsInTime(`http://127.0.0.1:${port}/`)).events);
    assert.equal(refused.reason, "unavailable");
    assert.match(refused.detail, /ECONNREFUSED/);

    await using rude = await startEndpoint((_, response) => void response.destroy());
    assert.equal(failureOf((await eventsInTime(rude.url)).events).reason, "unavailable");
    assert.equal(rude.seen.length, 3);
  });

  test("that speaks no TLS is the operator's to mend, and headers that HTTP does not allow are too", async () => {
    await using endpoint = await answeringJson({ text: "Hi" });
    const tls = failureOf((await eventsInTime(endpoint.url.replace("http:", "https:"))).events);
    assert.equal(tls.reason, "misconfigured");
    const headers = failureOf(await eventsOf(agentAt(endpoint.url, { headers: { "x-key": "hush\nhush" } })));
    assert.equal(headers.reason, "misconfigured");
    assert.ok(!headers.detail.includes("hush"));
  });

  test("that sends no first byte in time is not asked twice", async () => {
    await using endpoint = await startEndpoint(() => {});
    const events = await eventsOf(agentAt(endpoint.url, { firstByteTimeoutMs: 200 }));
    const { reason, retryable, detail } = failureOf(events);
    assert.deepEqual({ reason, retryable }, { reason: "timeout", retryable: true });
    assert.match(detail, /within 200 ms/);
    assert.equal(endpoint.seen.length, 1);
  });
});

describe("told to stop", () => {
  const moments: readonly (readonly [when: string, start: () => Promise<Endpoint>])[] = [
    ["before the first byte", () => startEndpoint(() => {})],
    [
      "in the middle of the answer",
      () =>
        startEndpoint((_, response) => {
          response.writeHead(200, { "content-type": "text/plain" }).write("so far");
        }),
    ],
    ["between two tries", () => answering("text/plain", "", 503, { "retry-after": "20" })],
  ];
  for (const [when, start] of moments) {
    test(`${when}, it ends at once and hangs up`, async () => {
      await using endpoint = await start();
      const stopping = new AbortController();
      const events = eventsOf(agentAt(endpoint.url), turnRequest(), stopping.signal);
      await until("it is asked", () => endpoint.seen.length === 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const startMs = performance.now();
      stopping.abort();
      assert.equal(failureOf(await events).reason, "stopped");
      assert.ok(performance.now() - startMs < 500);
    });
  }

  test("before it began, nothing is asked", async () => {
    await using endpoint = await answeringJson({ text: "Hi" });
    assert.equal(
      failureOf(await eventsOf(agentAt(endpoint.url), turnRequest(), AbortSignal.abort())).reason,
      "stopped",
    );
    assert.equal(endpoint.seen.length, 0);
  });
});

test("a reader that goes away hangs up", async () => {
  let isGone = false;
  await using endpoint = await startEndpoint((_, response) => {
    response.on("close", () => {
      isGone = true;
    });
    response.writeHead(200, { "content-type": "text/plain" }).write("so far");
  });
  for await (const event of agentAt(endpoint.url).run(turnRequest(), new AbortController().signal)) {
    assert.equal(event.kind, "text");
    break;
  }
  await until("the endpoint sees it", () => isGone);
});
