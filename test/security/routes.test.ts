import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../src/clock/clock.ts";
import { consoleApp } from "../../src/console/app.ts";
import { silentLog } from "../../src/observe/log.ts";
import { startTestGateway } from "../support/test-gateway.ts";

/** What anybody may ask who reaches the console: the page without anything in it, the login, whether it is up, and calls that prove themselves. */
const OPEN = new Set([
  "GET /healthz",
  "GET /",
  "GET /page/:name",
  "POST /api/login",
  "POST /webhooks/:platform/:account",
]);
const TOKEN = "the-token-of-the-console";

const comers: readonly (readonly [
  who: string,
  headers: Readonly<Record<string, string>>,
  status: number,
  code: string,
])[] = [
  ["without a token", {}, 401, "unauthorized"],
  ["with a wrong token", { authorization: "Bearer another" }, 401, "unauthorized"],
  [
    "with a cookie that somebody made up",
    { cookie: `parley_00000000=zz.${"0".repeat(32)}.${"0".repeat(64)}` },
    401,
    "unauthorized",
  ],
  [
    "under a name that was pointed here",
    { authorization: `Bearer ${TOKEN}`, host: "evil.example" },
    403,
    "forbidden_host",
  ],
  [
    "from a page elsewhere",
    { authorization: `Bearer ${TOKEN}`, origin: "https://evil.example" },
    403,
    "forbidden_origin",
  ],
  [
    "from another port of this machine",
    { authorization: `Bearer ${TOKEN}`, origin: "http://127.0.0.1:1" },
    403,
    "forbidden_origin",
  ],
];

for (const [who, headers, status, code] of comers) {
  test(`no route but the open ones answers somebody ${who}`, async () => {
    await using daemon = await startTestGateway();
    const unused = () => Promise.reject(new Error("unused"));
    const app = consoleApp({
      gateway: daemon.gateway,
      receivers: { web: unused, local: unused },
      metrics: { text: () => Promise.resolve(""), contentType: "text/plain" },
      log: silentLog,
      // A guess each: nobody is to be locked out here.
      clock: { ...systemClock, nowMs: () => (guesses += 3_600_000) },
      host: "127.0.0.1",
      token: TOKEN,
      closing: new AbortController().signal,
    });
    let guesses = systemClock.nowMs();
    const routes = new Set(
      app.routes.map(({ method, path }) => `${method} ${path}`).filter((each) => !/^ALL /.test(each)),
    );
    assert.ok(routes.size > 25, `${routes.size} routes`);
    for (const route of routes) {
      if (OPEN.has(route)) continue;
      const [method = "", path = ""] = route.split(" ");
      const filled = path.replace(/:(\w+)\{[^}]*\}|:\w+/g, "20260101_000000_00000000");
      const response = await app.request(filled, {
        method,
        headers: {
          host: "127.0.0.1:8787",
          "content-type": path.includes("upload") ? "application/octet-stream" : "application/json",
          ...headers,
        },
        ...(method === "GET" ? {} : { body: "{}" }),
      });
      const { error } = (await response.json()) as { readonly error: { readonly code: string } };
      assert.deepEqual([response.status, error.code], [status, code], route);
    }
  });
}
