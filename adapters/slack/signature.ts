import { createHmac, timingSafeEqual } from "node:crypto";

/** A call older than this may be a recorded one that is played again. */
const MAX_AGE_MS = 5 * 60 * 1000;

/** Whether a call comes from Slack, and lately (docs.slack.dev/authentication/verifying-requests-from-slack). */
export function isSigned(
  call: { readonly body: string; readonly timestamp: string | null; readonly signature: string | null },
  signingSecret: string,
  nowMs: number,
): boolean {
  const { body, timestamp, signature } = call;
  if (timestamp === null || signature === null || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs - Number(timestamp) * 1000) > MAX_AGE_MS) return false;
  const expected = Buffer.from(
    `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`,
  );
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
