import { createHmac } from "node:crypto";

/** The header a signed request carries. */
export const SIGNATURE_HEADER = "x-parley-signature";

/**
 * What an endpoint that knows the secret can check: `t=<seconds since 1970>,v1=<HMAC-SHA-256 of "<t>.<body>", lower-case hex>`.
 * The time is signed too, so that a request that was listened to can't be sent again later.
 */
export function signatureOf(body: string, secret: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}
