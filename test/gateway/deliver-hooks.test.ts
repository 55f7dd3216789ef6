import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import type { MemoryHook } from "../../src/gateway/memory-rules.ts";
import { selectDeadDeliveries } from "../../src/store/hook-deliveries.ts";
import { ask } from "../support/ask.ts";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";
import { usualMemory } from "../support/usual-memory.ts";

const hooked = (hook: MemoryHook) => ({ ...usualMemory, enabled: false, hooks: [hook] });

/** An endpoint that gives these answers, the last one from then on, and keeps what it was told. */
async function endpoint(...statuses: number[]) {
  const told: { readonly body: string; readonly signature: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      told.push({ body, signature: String(request.headers["x-parley-signature"] ?? "") });
      response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 204).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a port");
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    told,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function endSession(bare: BareGateway): Promise<void> {
  await ask(bare, "hello");
  await ask(bare, "/new");
}

const states = ({ store }: BareGateway) =>
  rowsOf(store.reader, "SELECT state, attempts FROM hook_deliveries").map(
    ({ state, attempts }) => `${String(state)} ${String(attempts)}`,
  );

/** Lets time pass until the one delivery stands so. */
async function passUntil(bare: BareGateway, clock: FakeClock, state: string, stepMs: number): Promise<void> {
  await until(`it is ${state}`, async () => {
    await clock.advance(stepMs);
    return states(bare).includes(state);
  });
}

test("a webhook that fails twice is told a third time, of the same event and signed anew, without a word of what was said", async () => {
  await using server = await endpoint(500, 503, 204);
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const target = { kind: "webhook", url: server.url, secret: "s3cret" } as const;
  await using bare = await bareGateway({ clock, memory: hooked({ name: "crm", kinds: ["session.ended"], target }) });
  await endSession(bare);
  await passUntil(bare, clock, "pending 1", 0);
  await clock.advance(999);
  assert.equal(server.told.length, 1);
  await passUntil(bare, clock, "pending 2", 1);
  await clock.advance(4_990);
  assert.equal(server.told.length, 2);
  await passUntil(bare, clock, "done 2", 10);
  const events = server.told.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  assert.deepEqual(
    events.map(({ id }) => id),
    [events[0]?.id, events[0]?.id, events[0]?.id],
  );
  assert.deepEqual(
    events.map(({ attempt }) => attempt),
    [1, 2, 3],
  );
  assert.deepEqual(events[2]?.data, { reason: "new", messageCount: 2 });
  for (const { body, signature } of server.told) {
    const [, seconds = "", mac = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    assert.equal(mac, createHmac("sha256", "s3cret").update(`${seconds}.${body}`).digest("hex"));
    assert.ok(!body.includes("hello"));
  }
});

test("a module that never returns is a dead letter after six attempts, and holds up nobody else", async () => {
  using folder = tempDir();
  const path = join(folder.path, "hangs.mjs");
  writeFileSync(path, "export default () => new Promise(() => {});");
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const hook: MemoryHook = { name: "hangs", kinds: ["session.ended"], target: { kind: "module", path } };
  await using bare = await bareGateway({ clock, memory: hooked(hook) });
  await endSession(bare);
  await passUntil(bare, clock, "dead 6", 5_000);
  assert.deepEqual(states(bare), ["dead 6"]);
  const [dead] = selectDeadDeliveries(bare.store.reader, 10);
  assert.match(dead?.error ?? "", /no end within 10 seconds/);
});

test("what was not delivered when the process ended is delivered by the next", async () => {
  using folder = tempDir();
  const path = join(folder.path, "notes.mjs");
  const said = join(folder.path, "said.txt");
  writeFileSync(
    path,
    `import { appendFileSync } from "node:fs";\nexport default (event) => appendFileSync(${JSON.stringify(said)}, event.kind + "\\n");`,
  );
  const hook: MemoryHook = { name: "notes", kinds: ["session.ended"], target: { kind: "module", path } };
  const dataDir = join(folder.path, "data");
  {
    // An earlier process that never got to it.
    await using bare = await bareGateway({
      dataDir,
      memory: hooked({ ...hook, target: { kind: "module", path: "/nowhere" } }),
    });
    await endSession(bare);
    await until("it was tried", () => states(bare).includes("pending 1"));
  }
  await using bare = await bareGateway({ dataDir, memory: hooked(hook) });
  await until("it is delivered", () => states(bare).includes("done 1"));
});
