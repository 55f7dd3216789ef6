import assert from "node:assert/strict";
import { test } from "node:test";
import type { Draft } from "../../src/store/append-message.ts";
import { sessionTitle } from "../../src/store/session-title.ts";
import { dmSource, line, NOON_MS, testStore } from "../support/test-store.ts";

const late = Array.from({ length: 25 }, () => line("beep", { role: "tool" }));

/** the title given by hand, the lines, the title shown */
const table: readonly (readonly [given: string | null, lines: readonly Draft[], shown: string | null])[] = [
  ["By hand", [line("Plan it. Now.")], "By hand"],
  [null, [line("Plan it. Now."), line("more")], "Plan it"],
  [null, [line("Hello, I am here.", { role: "assistant" }), line(""), line("so what?")], "so what?"],
  [null, [], null],
  [null, [line("only me", { role: "assistant" })], null],
  [null, [...late, line("too late to be the beginning")], null],
];
for (const [given, lines, shown] of table) {
  test(`a session titled ${given} with ${lines.length} lines is listed as ${shown}`, async () => {
    await using opened = await testStore();
    const { store } = opened;
    const { session } = await store.resolveSession(dmSource("1"), NOON_MS);
    await store.appendMessages(session.sessionId, lines);
    assert.equal(sessionTitle(store.reader, { id: session.row, title: given }), shown);
  });
}
