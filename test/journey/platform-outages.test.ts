import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { suite, test } from "node:test";
import { type PlatformName, platformNames, postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

/** A server that speaks, and not as it should. */
async function oddServer(greet: (socket: Socket) => void): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // whoever hangs up on it is right
    socket.once("data", () => greet(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const TRICKLE_MS = 50;

/** What may be where a platform should be. */
const outages: readonly (readonly [what: string, greet: (socket: Socket) => void])[] = [
  [
    "answers a byte at a time, for ever",
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n");
      const timer = setInterval(() => socket.write(" "), TRICKLE_MS);
      socket.once("close", () => clearInterval(timer));
    },
  ],
  [
    "answers with a page of some proxy",
    (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n<html>who?"),
  ],
  ["answers with what is no HTTP", (socket) => socket.end("220 mail.example ESMTP\r\n")],
];

const addressOf: Record<PlatformName, (url: string) => Readonly<Record<string, string>>> = {
  telegram: (url) => ({ apiRoot: url }),
  discord: (url) => ({ apiUrl: `${url}/api` }),
  slack: (url) => ({ apiUrl: `${url}/api/` }),
};

async function othersWork(broken: PlatformName, url: string): Promise<void> {
  await using parley = await startPlatformDaemon({ sections: { [broken]: addressOf[broken](url) } });
  for (const world of parley.worlds.filter(({ platform }) => platform !== broken)) {
    world.say(world.dm(1), "are you there?");
    await until("it answers", () => postsIn(world, world.dm(1)).length === 1);
  }
  const daemon = parley.daemon();
  assert.equal((await fetch(`${daemon.url}/healthz`)).status, 200);
  const ready = await fetch(`${daemon.url}/readyz`);
  assert.equal(ready.status, 503);
  const { reasons } = (await ready.json()) as { reasons: string[] };
  assert.equal(reasons.length, 1);
  assert.match(reasons[0] ?? "", new RegExp(`^${broken}`));
}

// Side by side: most of their time they wait for a client that waits for an answer.
suite("something else where a platform should be", { concurrency: true }, () => {
  for (const [what, greet] of outages) {
    for (const broken of platformNames) {
      test(`where ${broken} should be, something ${what}: it is named, and the other platforms work`, async () => {
        await using odd = await oddServer(greet);
        await othersWork(broken, odd.url);
      });
    }
  }

  for (const broken of platformNames) {
    test(`the name of ${broken}'s server is not known any more: it is named, and the other platforms work`, async () => {
      await othersWork(broken, "http://parley-test.invalid");
    });
  }
});
