import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { openAddress } from "../../src/media/open-address.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { startFileServer } from "./file-server.ts";

const signal = new AbortController().signal;
/** The servers of these tests are on this machine. */
const mayBePrivate = () => true;

test("what the address has is read, with the headers that were given", async () => {
  await using server = await startFileServer({
    "/a": (response, request) => response.end(request.headers.authorization),
  });
  const stream = await openAddress(new URL("/a", server.url), {
    headers: { authorization: "Bearer x" },
    signal,
    mayBePrivate,
  });
  assert.equal(String(await contentOf(stream)), "Bearer x");
});

test("a connection that the server closes before a slow reader is through harms nobody", async () => {
  const content = Buffer.alloc(3_000_000, 1);
  await using server = await startFileServer({
    "/a": (response) => response.setHeader("connection", "close").end(content),
  });
  const stream = await openAddress(new URL("/a", server.url), { signal, mayBePrivate });
  assert.ok((await contentOf(stream)).equals(content));
});

test("a content that is shorter than was said is an error", async () => {
  await using server = await startFileServer({
    "/a"(response) {
      response.writeHead(200, { "content-length": 100 });
      response.write("x", () => response.destroy());
    },
  });
  await assert.rejects(contentOf(await openAddress(new URL("/a", server.url), { signal, mayBePrivate })));
});

/** status, what it means. */
const table: readonly (readonly [status: number, kind: string])[] = [
  [401, "forbidden"],
  [403, "forbidden"],
  [302, "forbidden"],
  [404, "gone"],
  [410, "gone"],
  [429, "rate_limited"],
  [500, "unreachable"],
  [503, "unreachable"],
];

for (const [status, kind] of table) {
  test(`status ${status} is ${kind}, and the error does not tell the address`, async () => {
    await using server = await startFileServer({
      "/secret-token": (response) => response.writeHead(status, { location: "/b", "retry-after": "3" }).end("body"),
      "/b": (response) => response.end("elsewhere"),
    });
    await assert.rejects(openAddress(new URL("/secret-token", server.url), { signal, mayBePrivate }), (error) => {
      assert.ok(error instanceof DeliveryError);
      assert.equal(error.kind, kind);
      assert.equal(error.retryAfterMs, status === 429 ? 3_000 : null);
      assert.doesNotMatch(JSON.stringify([error.message, error.cause]), /secret-token|127\.0\.0\.1/);
      return true;
    });
    assert.deepEqual(server.asked, ["/secret-token"]);
  });
}

test("a redirect is followed where the caller agrees, and not for ever", async () => {
  await using server = await startFileServer({
    "/a": (response) => response.writeHead(302, { location: "/b" }).end(),
    "/b": (response, request) => response.end(request.headers.authorization),
    "/sign-in": (response) => response.writeHead(302, { location: "/page?redir=/sign-in" }).end(),
    "/circle": (response) => response.writeHead(302, { location: "/circle" }).end(),
    "/file": (response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
  });
  const seen: string[] = [];
  const open = (path: string) =>
    openAddress(new URL(path, server.url), {
      headers: { authorization: "Bearer x" },
      signal,
      mayBePrivate,
      follow(to) {
        seen.push(to.href);
        return !to.searchParams.has("redir");
      },
    });
  assert.equal(String(await contentOf(await open("/a"))), "Bearer x");
  assert.deepEqual(seen, [`${server.url}/b`]);
  for (const path of ["/sign-in", "/circle", "/file"]) await assert.rejects(open(path), { kind: "forbidden" });
  assert.deepEqual(server.asked, ["/a", "/b", "/sign-in", "/circle", "/circle", "/circle", "/circle", "/file"]);
});

const privateHosts = [
  "127.0.0.1",
  "localhost",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "2130706433",
  "0x7f.1",
  "127.1",
  "0.0.0.0",
];
for (const host of privateHosts) {
  test(`${host} is not asked for an address that comes from people`, async () => {
    await using server = await startFileServer({ "/a": (response) => response.end("inside") });
    const address = new URL(`http://${host}:${new URL(server.url).port}/a`);
    await assert.rejects(openAddress(address, { signal, mayBePrivate: () => false }), (error) => {
      assert.ok(error instanceof DeliveryError);
      assert.match(error.message, /PRIVATE_ADDRESS$/);
      return true;
    });
    assert.deepEqual(server.asked, []);
  });
}

test("a redirect into a private network is not followed, though its caller would", async () => {
  await using server = await startFileServer({
    "/a": (response) => response.writeHead(302, { location: "/inside" }).end(),
    "/inside": (response) => response.end("secret"),
  });
  const opening = openAddress(new URL("/a", server.url), {
    signal,
    mayBePrivate: (at) => at.pathname === "/a",
    follow: () => true,
  });
  await assert.rejects(opening, { kind: "unreachable" });
  assert.deepEqual(server.asked, ["/a"]);
});

test("a server that is not there is unreachable", async () => {
  const server = await startFileServer({});
  await server[Symbol.asyncDispose]();
  await assert.rejects(openAddress(new URL("/a", server.url), { signal, mayBePrivate }), { kind: "unreachable" });
});

test("an abort ends the reading", async () => {
  await using server = await startFileServer({ "/a": (response) => void response.write("x") });
  const controller = new AbortController();
  const stream = await openAddress(new URL("/a", server.url), { signal: controller.signal, mayBePrivate });
  const reading = contentOf(stream);
  controller.abort();
  await assert.rejects(reading);
  await assert.rejects(openAddress(new URL("/a", server.url), { signal: controller.signal, mayBePrivate }), {
    kind: "unreachable",
  });
});

/** Reads slowly: a turn of the event loop a chunk. */
async function contentOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
    await nextTick();
  }
  return Buffer.concat(chunks);
}
