import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { updateEnded } from "../../src/store/session-ends.ts";
import { selectLiveSession } from "../../src/store/sessions.ts";
import { groupSource, line, NOON_MS, rowsOf, testRules, testStore } from "../support/test-store.ts";

const MINUTE_MS = 60_000;
const idleAfterAnHour = testRules({ mode: "idle", idleMinutes: 60 });

type Step = { readonly act: string; readonly chat: number; readonly pick: number; readonly minutes: number };
const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom("resolve", "resolve", "reset", "switch", "watch", "delete", "append"),
  chat: fc.nat(2),
  pick: fc.nat(9),
  minutes: fc.nat(90),
});

test("a key has never two live sessions, whatever happens in whatever order, also within one transaction", async () => {
  await using opened = await testStore({ rules: idleAfterAnHour });
  const { store } = opened;
  let run = 0;
  let nowMs = NOON_MS;
  const perform = async ({ act, chat, pick }: Step): Promise<void> => {
    const source = groupSource(`${run}-${chat}`, `p${pick % 2}`);
    const known = store.listSessions({ chatId: source.chatId, userId: `p${pick % 2}` }).sessions;
    const chosen = known[pick % Math.max(known.length, 1)];
    if (act === "resolve") await store.resolveSession(source, nowMs);
    if (chosen === undefined) return;
    const key = chosen.sessionKey;
    if (act === "reset") await store.resetSession(key, pick % 3 === 0 ? "new" : "reset", nowMs);
    if (act === "switch") await store.switchSession(key, chosen.sessionId, nowMs);
    if (act === "delete") await store.deleteSession(chosen.sessionId, nowMs).catch(ignoreGone);
    if (act === "append") await store.appendMessages(chosen.sessionId, [line("x")]).catch(ignoreGone);
    if (act !== "watch") return;
    await store.write((tx) => {
      const live = selectLiveSession(tx, key);
      if (live !== null) updateEnded(tx, { row: live.id, endedAtMs: nowMs, reason: "timeout", notice: "idle" });
    });
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), async (ticks) => {
      run += 1;
      for (const tick of ticks) {
        nowMs += (tick[0]?.minutes ?? 0) * MINUTE_MS;
        await Promise.all(tick.map(perform));
      }
      const lives = rowsOf(
        store.reader,
        `SELECT session_key, sum(live) AS lives, sum(pending_notice IS NOT NULL) AS untold FROM sessions WHERE chat_id LIKE '${run}-%' GROUP BY 1`,
      );
      for (const { lives: count, untold } of lives) {
        assert.ok(Number(count) <= 1);
        assert.ok(Number(untold) <= 1);
        assert.ok(Number(count) + Number(untold) <= 1, "a notice is left though somebody wrote since");
      }
      for (const { session_id: id } of rowsOf(
        store.reader,
        `SELECT session_id FROM sessions WHERE chat_id LIKE '${run}-%'`,
      )) {
        const session = store.session(String(id));
        if (session !== null) assert.equal(session.live, session.endReason === null);
      }
    }),
    { numRuns: 60 },
  );
});

function ignoreGone(error: unknown): void {
  assert.match(String(error), /no session/);
}
