import { createHash } from "node:crypto";
import { randomHex } from "../clock/clock.ts";
import { extractionWatermark } from "../store/extractions.ts";
import type { SessionRow } from "../store/session.ts";
import { putWindow, selectWindow, TOKEN_LIFE_MS } from "../store/windows.ts";
import type { Tx } from "../store/writer.ts";

const TOKEN_BYTES = 16;

/** Issues a permission to compact a session once, as it is now; an earlier one is void. The token is told once and stored as a hash. */
export function prepareCompaction(tx: Tx, session: SessionRow, nowMs: number): string {
  const token = randomHex(TOKEN_BYTES);
  const window = selectWindow(tx, session.id);
  putWindow(tx, session.id, {
    ...window,
    token: {
      hash: hashOf(token),
      issuedAtMs: nowMs,
      version: window.version,
      messageCount: session.message_count,
      watermark: extractionWatermark(tx, session.id),
    },
  });
  return token;
}

/**
 * Uses a permission to compact: true while it is younger than 300 s and neither lines nor marks nor archives were added or taken away
 * since. Used, or tried in vain, it is gone.
 */
export function consumeToken(tx: Tx, session: SessionRow, given: string, nowMs: number): boolean {
  const window = selectWindow(tx, session.id);
  const { token } = window;
  if (token === null) return false;
  putWindow(tx, session.id, { ...window, token: null });
  const ageMs = nowMs - token.issuedAtMs;
  return (
    token.hash === hashOf(given) &&
    ageMs >= 0 &&
    ageMs < TOKEN_LIFE_MS &&
    token.version === window.version &&
    token.messageCount === session.message_count &&
    token.watermark === extractionWatermark(tx, session.id)
  );
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
