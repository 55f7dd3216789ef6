import assert from "node:assert/strict";
import { systemClock } from "../../src/clock/clock.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import type { Summary } from "../../src/memory/summary.ts";
import type { SessionStore } from "../../src/store/store.ts";

/** Archives the oldest lines of a session, with this summary. */
export async function archiveNow(
  store: Pick<SessionStore, "reader" | "write">,
  sessionId: string,
  summary: Summary,
): Promise<void> {
  const lifecycle = {
    store,
    clock: systemClock,
    summarise: () => Promise.resolve(summary),
    extract: null,
    hygiene: "strict" as const,
    owner: "test",
    maxSummaryTokens: 1_000,
    failed: (what: string, error: unknown) => assert.fail(`${what}: ${String(error)}`),
  };
  const result = await commitSession(lifecycle, sessionId, { reason: "test" });
  assert.ok(result.ok, JSON.stringify(result));
}
