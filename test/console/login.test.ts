import assert from "node:assert/strict";
import { test } from "node:test";
import { LOGIN_LIFETIME_MS, loginCookies } from "../../src/console/login-cookie.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { codeOf } from "./answers.ts";

const token = "a-token-of-some-length";
const cookieOf = (response: Response) => response.headers.get("set-cookie")?.split(";")[0] ?? "";
const statusWith = async (daemon: TestGateway, headers: Record<string, string>) =>
  (await daemon.request("/api/status", { headers })).status;

test("with a token only health, the page and the login are open", async () => {
  await using daemon = await startTestGateway({ token });
  for (const path of ["/healthz", "/", "/page/main.js", "/page/page.css"]) {
    assert.equal((await daemon.request(path)).status, 200, path);
  }
  const closed = ["/readyz", "/metrics", "/api/status", "/api/sessions", "/api/search?q=x", "/api/events", "/nothing"];
  for (const path of [...closed, "/api/dead-letters", "/api/sessions/20260101_000000_00000000", "/API/status"]) {
    const response = await daemon.request(path);
    assert.equal(response.status, 401, path);
    assert.match(response.headers.get("www-authenticate") ?? "", /^Bearer/);
    assert.equal(await codeOf(response), "unauthorized");
  }
  for (const path of ["/api/messages", "/api/send", "/api/logout"]) {
    assert.equal((await daemon.post(path, {})).status, 401, path);
  }
});

test("the token opens everything, and only the right one does", async () => {
  await using daemon = await startTestGateway({ token });
  assert.equal(await statusWith(daemon, { authorization: `Bearer ${token}` }), 200);
  assert.equal(await statusWith(daemon, { authorization: `bearer ${token}` }), 200);
  for (const authorization of [`Bearer ${token}x`, `Bearer ${token.slice(1)}`, "Bearer", `Basic ${token}`, token]) {
    assert.equal(await statusWith(daemon, { authorization }), 401, authorization);
  }
});

test("a browser gets a cookie for the token, which holds nothing of it", async () => {
  await using daemon = await startTestGateway({ token });
  const response = await daemon.post("/api/login", { token });
  assert.equal(response.status, 204);
  const header = response.headers.get("set-cookie") ?? "";
  assert.match(header, /; HttpOnly/);
  assert.match(header, /; SameSite=Strict/);
  assert.match(header, /; Max-Age=604800/);
  assert.doesNotMatch(header, /Secure/);
  assert.ok(!header.includes(token));
  assert.equal(await statusWith(daemon, { cookie: cookieOf(response) }), 200);
});

test("behind a proxy that speaks TLS the cookie never travels without it", async () => {
  await using daemon = await startTestGateway({ token, allowedHosts: ["chat.example.org"] });
  const headers = { host: "chat.example.org", origin: "https://chat.example.org" };
  const response = await daemon.post("/api/login", { token }, headers);
  assert.match(response.headers.get("set-cookie") ?? "", /; Secure/);
});

test("a wrong token gives no cookie", async () => {
  await using daemon = await startTestGateway({ token });
  const response = await daemon.post("/api/login", { token: "guess" });
  assert.equal(response.status, 401);
  assert.equal(response.headers.get("set-cookie"), null);
});

test("who logs out is out, even with the cookie kept", async () => {
  await using daemon = await startTestGateway({ token });
  const cookie = cookieOf(await daemon.post("/api/login", { token }));
  const other = cookieOf(await daemon.post("/api/login", { token }));
  assert.equal((await daemon.post("/api/logout", {}, { cookie })).status, 204);
  assert.equal(await statusWith(daemon, { cookie }), 401);
  assert.equal(await statusWith(daemon, { cookie: other }), 200);
});

test("a cookie ends after a week, and when it is changed by one character", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  await using daemon = await startTestGateway({ token, clock });
  const cookie = cookieOf(await daemon.post("/api/login", { token }));
  const [name = "", value = ""] = cookie.split("=");
  for (let place = 0; place < value.length; place += 7) {
    const other = value[place] === "0" ? "1" : "0";
    const forged = `${value.slice(0, place)}${other}${value.slice(place + 1)}`;
    assert.equal(await statusWith(daemon, { cookie: `${name}=${forged}` }), 401, `place ${place}`);
  }
  clock.jumpWallClock(Date.UTC(2026, 0, 1) + LOGIN_LIFETIME_MS - 1_000);
  assert.equal(await statusWith(daemon, { cookie }), 200);
  clock.jumpWallClock(Date.UTC(2026, 0, 1) + LOGIN_LIFETIME_MS);
  assert.equal(await statusWith(daemon, { cookie }), 401);
});

test("a login outlasts a restart, and ends when the token is changed", () => {
  const value = loginCookies(token).mint(0);
  assert.ok(loginCookies(token).isValid(value, 1));
  assert.ok(!loginCookies("another").isValid(value, 1));
});

test("ten wrong tokens a minute are enough; a login that stands goes on", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  await using daemon = await startTestGateway({ token, clock });
  const cookie = cookieOf(await daemon.post("/api/login", { token }));
  for (let guess = 0; guess < 10; guess++) {
    assert.equal((await daemon.post("/api/login", { token: `guess ${guess}` })).status, 401);
  }
  for (const response of [
    await daemon.post("/api/login", { token }),
    await daemon.request("/api/status", { headers: { authorization: `Bearer ${token}` } }),
  ]) {
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), "60");
    assert.equal(await codeOf(response), "too_many_attempts");
  }
  assert.equal(await statusWith(daemon, { cookie }), 200);
  clock.jumpWallClock(Date.UTC(2026, 0, 1, 0, 1));
  assert.equal((await daemon.post("/api/login", { token })).status, 204);
});

test("without a token there is nothing to log in to", async () => {
  await using daemon = await startTestGateway();
  assert.equal((await daemon.post("/api/login", { token: "x" })).status, 204);
  assert.equal((await daemon.post("/api/logout", {})).status, 204);
});
