import { type Context, Hono, type MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { addressOf } from "./connection.ts";
import { loginAttempts } from "./login-attempts.ts";
import { LOGIN_LIFETIME_MS, loginCookies } from "./login-cookie.ts";
import { boundedText } from "./message-body.ts";
import { readBody } from "./read-request.ts";
import { RequestError } from "./request-error.ts";
import { isSameSecret } from "./same-secret.ts";

/** The lock of the console. */
export interface Login {
  /** `POST /api/login`: open to everybody. */
  readonly openRoutes: Hono;
  /** Refuses whoever has neither the token nor a cookie for it; lets everybody through where there is no token. */
  readonly guard: MiddlewareHandler;
  /** `POST /api/logout`: for those who are in. */
  readonly guardedRoutes: Hono;
}

/** Longest token that is compared, in UTF-16 units. */
const MAX_TOKEN_LENGTH = 4_096;
const loginBody = z.strictObject({ token: boundedText(MAX_TOKEN_LENGTH) });

/** Makes the lock for a token; null leaves the door open, for loopback. */
export function login(token: string | null, clock: Clock): Login {
  return token === null ? openDoor() : lockedDoor(token, clock);
}

function openDoor(): Login {
  const openRoutes = new Hono();
  openRoutes.post("/api/login", (c) => c.body(null, 204));
  const guardedRoutes = new Hono();
  guardedRoutes.post("/api/logout", (c) => c.body(null, 204));
  return { openRoutes, guardedRoutes, guard: async (_c, next) => await next() };
}

function lockedDoor(token: string, clock: Clock): Login {
  const cookies = loginCookies(token);
  const attempts = loginAttempts();

  /** Compares a token, slowing down those who guess. */
  const check = (c: Context, given: string) => {
    const address = addressOf(c);
    const waitSeconds = attempts.waitSeconds(address, clock.nowMs());
    if (waitSeconds > 0) {
      const message = `Too many wrong tokens came from there. Try again in ${waitSeconds} s.`;
      throw new RequestError(429, "too_many_attempts", message, waitSeconds);
    }
    if (isSameSecret(given, token)) return;
    attempts.failed(address, clock.nowMs());
    throw new RequestError(401, "unauthorized", "That token is not the one this daemon was given as console.token.");
  };

  const openRoutes = new Hono();
  openRoutes.post("/api/login", async (c) => {
    const body = await readBody(c, loginBody);
    check(c, body.token);
    setCookie(c, cookies.name, cookies.mint(clock.nowMs()), {
      path: "/",
      httpOnly: true,
      sameSite: "Strict",
      maxAge: LOGIN_LIFETIME_MS / 1_000,
      // Behind a proxy that speaks TLS the page's origin says so; over plain HTTP a secure cookie would be dropped.
      secure: c.req.header("origin")?.startsWith("https:") ?? false,
    });
    return c.body(null, 204);
  });
  const guardedRoutes = new Hono();
  guardedRoutes.post("/api/logout", (c) => {
    const value = getCookie(c, cookies.name);
    if (value !== undefined) cookies.revoke(value, clock.nowMs());
    deleteCookie(c, cookies.name, { path: "/" });
    return c.body(null, 204);
  });
  return {
    openRoutes,
    guardedRoutes,
    async guard(c, next) {
      const bearer = /^Bearer +(?<given>\S+)$/i.exec(c.req.header("authorization") ?? "")?.groups?.given;
      if (bearer !== undefined) check(c, bearer);
      else if (!cookies.isValid(getCookie(c, cookies.name), clock.nowMs())) {
        const message = 'This needs "Authorization: Bearer" with the token of console.token, or a login.';
        throw new RequestError(401, "unauthorized", message);
      }
      await next();
    },
  };
}
