import { createHmac } from "node:crypto";
import { randomHex } from "../clock/clock.ts";
import { isSameSecret } from "./same-secret.ts";

/** How long a browser stays logged in. */
export const LOGIN_LIFETIME_MS = 7 * 24 * 3_600_000;

/**
 * The cookies of browsers that gave the token. A cookie is signed with a key made from the token and holds nothing of it:
 * logins outlast a restart, and all of them end when the token is changed.
 */
export interface LoginCookies {
  /** Differs from token to token: cookies are shared by all ports of a host. */
  readonly name: string;
  mint(nowMs: number): string;
  isValid(value: string | undefined, nowMs: number): boolean;
  /** From now on this cookie is not valid, until the process ends. */
  revoke(value: string, nowMs: number): void;
}

/** Logged-out cookies that are remembered until they expire by themselves; beyond it the oldest are forgotten. */
const MAX_REVOKED = 1_000;
const NONCE_BYTES = 16;
const cookieForm = /^(?<expires>[0-9a-z]{1,11})\.[0-9a-f]{32}\.[0-9a-f]{64}$/;

/** The cookies of a token. */
export function loginCookies(token: string): LoginCookies {
  const sign = (text: string) => createHmac("sha256", token).update(`parley login ${text}`).digest("hex");
  const revoked = new Map<string, number>();
  const expiresAtMs = (value: string): number => {
    const expires = cookieForm.exec(value)?.groups?.expires;
    const [text, signature] = [value.slice(0, value.lastIndexOf(".")), value.slice(value.lastIndexOf(".") + 1)];
    return expires !== undefined && isSameSecret(signature, sign(text)) ? Number.parseInt(expires, 36) : 0;
  };
  return {
    name: `parley_${sign("name").slice(0, 8)}`,
    mint(nowMs) {
      const text = `${(nowMs + LOGIN_LIFETIME_MS).toString(36)}.${randomHex(NONCE_BYTES)}`;
      return `${text}.${sign(text)}`;
    },
    isValid: (value, nowMs) => value !== undefined && !revoked.has(value) && expiresAtMs(value) > nowMs,
    revoke(value, nowMs) {
      if (expiresAtMs(value) <= nowMs) return;
      revoked.set(value, expiresAtMs(value));
      for (const [known, expires] of revoked) {
        if (expires <= nowMs || revoked.size > MAX_REVOKED) revoked.delete(known);
      }
    },
  };
}
