import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { requestPairing } from "../../src/access/pairing.ts";
import { selectOutboxAfter } from "../../src/store/outbox.ts";
import { openConnection } from "../../src/store/sqlite.ts";
import { openStore } from "../../src/store/store.ts";
import { neverResets } from "../support/bare-gateway.ts";
import { workplace } from "./parley-process.ts";

/** Has people ask, as strangers of a platform whose daemon is not running now; returns their codes. */
async function ask(dataDir: string, platform: string, userIds: readonly string[]): Promise<readonly string[]> {
  await using store = await openStore({
    dataDir,
    rules: {
      keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
      resets: { default: neverResets, byChatType: {}, byPlatform: {} },
    },
  });
  return await Promise.all(
    userIds.map((userId) =>
      store.write((tx) => {
        const person = { platform, userId, userName: "Ann\u001b[2J", account: "default", chatId: userId };
        const answer = requestPairing(tx, { ...person, nowMs: Date.now() });
        assert.ok(answer.kind === "code");
        return answer.code;
      }),
    ),
  );
}

describe("parley pair without a daemon", () => {
  const place = workplace();
  after(() => place[Symbol.asyncDispose]());
  const { parley, json, dataDir } = place;
  let codes: readonly string[] = [];
  before(async () => {
    codes = await ask(dataDir, "telegram", ["1", "2", "3"]);
  });

  test("list shows who waits, without what their names do to a terminal", async () => {
    const { status, stdout } = await parley(["pair", "list"]);
    assert.equal(status, 0);
    assert.match(stdout, /^STATE +ID +NAME +SINCE/);
    assert.match(stdout, /^pending +telegram:1 +Ann\\u001b\[2J +2/m);
    const listed = (await json(["pair", "list"])) as { pending: { userId: string; code: string }[] };
    assert.deepEqual(listed.pending.map(({ userId }) => userId).sort(), ["1", "2", "3"]);
  });

  test("approve lets people in by code and by id, and keeps the word to them for the next start", async () => {
    const byCode = await parley(["pair", "approve", (codes[0] ?? "").toLowerCase()]);
    assert.deepEqual([byCode.status, byCode.stderr], [0, ""]);
    assert.equal(byCode.stdout, "Ann\\u001b[2J (telegram:1) may talk to the bot now.\n");
    const byId = await parley(["pair", "approve", "telegram:2"]);
    assert.match(byId.stdout, /\(telegram:2\) may talk/);
    const db = openConnection(join(dataDir, "parley.db"), "read");
    const kept = selectOutboxAfter(db, "telegram", 0, 10);
    db.close();
    assert.deepEqual(
      kept.map((row) => [row.chat_id, row.state, row.text.slice(0, 21)]),
      [
        ["1", "pending", "You are connected now"],
        ["2", "pending", "You are connected now"],
      ],
    );
    const listed = (await json(["pair", "list"])) as { approved: { userId: string; decidedBy: string }[] };
    assert.deepEqual(listed.approved.map(({ userId, decidedBy }) => `${userId} by ${decidedBy}`).sort(), [
      "1 by operator",
      "2 by operator",
    ]);
  });

  test("deny and revoke say whom they were about", async () => {
    assert.match((await parley(["pair", "deny", codes[2] ?? ""])).stdout, /\(telegram:3\) stays out\.\n$/);
    assert.match((await parley(["pair", "revoke", "telegram:1"])).stdout, /\(telegram:1\) is a stranger again\.\n$/);
  });

  test("what cannot be done is told in one line, and what cannot be meant is wrong usage", async () => {
    const [wrong, unknown, revoked, usage, nothing] = await Promise.all([
      parley(["pair", "approve", "XXXXXXXX"]),
      parley(["pair", "approve", "telegram:99"]),
      parley(["pair", "revoke", "telegram:99"]),
      parley(["pair", "revoke", "XXXXXXXX"]),
      parley(["pair", "approve"]),
    ]);
    for (const { stderr, stdout } of [wrong, unknown, revoked, usage, nothing]) {
      assert.equal(stdout, "");
      assert.match(stderr, /^parley: [^\n]+\n$/);
    }
    assert.deepEqual(
      [wrong, unknown, revoked, usage, nothing].map(({ status }) => status),
      [1, 1, 1, 2, 2],
    );
  });
});

test("parley pair goes through a daemon that runs", async () => {
  await using place = workplace();
  const [code] = await ask(place.dataDir, "web", ["7", "8"]);
  const daemon = await place.daemon();
  const listed = (await place.json(["pair", "list"])) as { pending: { userId: string }[] };
  assert.equal(listed.pending.length, 2);
  assert.match((await place.parley(["pair", "approve", code ?? ""])).stdout, /\(web:7\) may talk to the bot now\.\n$/);
  assert.match((await place.parley(["pair", "deny", "web:8"])).stdout, /\(web:8\) stays out\.\n$/);
  const wrong = await place.parley(["pair", "approve", "XXXXXXXX"]);
  assert.deepEqual([wrong.status, wrong.stdout], [1, ""]);
  assert.match(wrong.stderr, /^parley: the running daemon refused: No request that waits has that code[^\n]+\n$/);
  assert.match((await place.parley(["pair", "revoke", "web:7"])).stdout, /\(web:7\) is a stranger again\.\n$/);
  await daemon.end("SIGTERM");
});
