import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { approvePairing, denyPairing, operator } from "../../src/access/decide-pairing.ts";
import { listPairings, type PairingAnswer, requestPairing } from "../../src/access/pairing.ts";
import { pairingCodeHash } from "../../src/access/pairing-code.ts";
import { isPaired } from "../../src/store/pairings.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A person asks; the number is both their name and their chat. */
function ask(opened: TestStore, userId: string, platform = "telegram"): Promise<PairingAnswer> {
  const request = { platform, userId, userName: `Person ${userId}`, account: "default", chatId: userId };
  return opened.store.write((tx) => requestPairing(tx, { ...request, nowMs: opened.clock.nowMs() }));
}

async function codeOf(opened: TestStore, userId: string, platform?: string): Promise<string> {
  const answer = await ask(opened, userId, platform);
  assert.ok(answer.kind === "code", userId);
  return answer.code;
}

const pendingIds = (opened: TestStore) =>
  listPairings(opened.store.reader, opened.clock.nowMs()).pending.map((row) => row.user_id);

describe("a stranger who asks", () => {
  test("gets a code in words, and an admin something to press", async () => {
    await using opened = await testStore();
    const answer = await ask(opened, "42");
    assert.ok(answer.kind === "code");
    assert.match(answer.text, new RegExp(`parley pair approve ${answer.code}`));
    assert.match(answer.text, /valid for an hour[\s\S]*`telegram:42`/);
    assert.match(answer.notice.text, /^“Person 42” \(`telegram:42`\)/);
    assert.deepEqual(
      answer.notice.buttons.map(({ command }) => command),
      ["/pair approve telegram:42", "/pair deny telegram:42"],
    );
    const [row] = listPairings(opened.store.reader, opened.clock.nowMs()).pending;
    assert.deepEqual(row, {
      platform: "telegram",
      user_id: "42",
      user_name: "Person 42",
      account: "default",
      chat_id: "42",
      state: "pending",
      code_hash: pairingCodeHash(answer.code, opened.store.salt),
      requested_at_ms: opened.clock.nowMs(),
      expires_at_ms: opened.clock.nowMs() + HOUR_MS,
      decided_at_ms: null,
      decided_by: null,
    });
  });

  test("gets one code in ten minutes, and the next takes the place of the first", async () => {
    await using opened = await testStore();
    const first = await codeOf(opened, "42");
    await opened.clock.advance(10 * MINUTE_MS - 1);
    assert.deepEqual(await ask(opened, "42"), { kind: "silent" });
    await opened.clock.advance(1);
    const second = await codeOf(opened, "42");
    assert.notEqual(second, first);
    const nowMs = opened.clock.nowMs();
    const old = await opened.store.write((tx) => approvePairing(tx, first, operator, nowMs));
    assert.equal(old.kind, "wrong");
    assert.deepEqual(pendingIds(opened), ["42"]);
  });

  test("is one of three that wait on a platform; a fourth hears nothing until one of them is decided or expires", async () => {
    await using opened = await testStore();
    const code = await codeOf(opened, "1");
    await opened.clock.advance(MINUTE_MS);
    await codeOf(opened, "2");
    await codeOf(opened, "3");
    assert.deepEqual(await ask(opened, "4"), { kind: "silent" });
    assert.equal((await ask(opened, "4", "discord")).kind, "code");
    await opened.store.write((tx) => approvePairing(tx, code, operator, opened.clock.nowMs()));
    assert.equal((await ask(opened, "4")).kind, "code");
    assert.deepEqual(await ask(opened, "5"), { kind: "silent" });
    await opened.clock.advance(HOUR_MS);
    assert.equal((await ask(opened, "5")).kind, "code");
    assert.deepEqual(pendingIds(opened), ["5"]);
  });

  test("may ask again although three wait, when it is one of the three", async () => {
    await using opened = await testStore();
    for (const userId of ["1", "2", "3"]) await codeOf(opened, userId);
    await opened.clock.advance(10 * MINUTE_MS);
    assert.equal((await ask(opened, "2")).kind, "code");
  });

  test("gets no other code for the rest of the hour once denied, and takes nobody's place", async () => {
    await using opened = await testStore();
    const code = await codeOf(opened, "1");
    await codeOf(opened, "2");
    await codeOf(opened, "3");
    await opened.store.write((tx) => denyPairing(tx, code, operator, opened.clock.nowMs()));
    assert.equal((await ask(opened, "4")).kind, "code");
    await opened.clock.advance(HOUR_MS - 1);
    assert.deepEqual(await ask(opened, "1"), { kind: "silent" });
    await opened.clock.advance(1);
    assert.equal((await ask(opened, "1")).kind, "code");
  });

  test("is the same person on every bot of a platform, and another one on another platform", async () => {
    await using opened = await testStore();
    const code = await codeOf(opened, "42");
    await codeOf(opened, "42", "discord");
    await opened.store.write((tx) => approvePairing(tx, code, operator, opened.clock.nowMs()));
    assert.equal(isPaired(opened.store.reader, { platform: "telegram", userId: "42" }), true);
    assert.equal(isPaired(opened.store.reader, { platform: "discord", userId: "42" }), false);
  });
});

test("a name cannot pretend to be markup, another line or another person", async () => {
  await using opened = await testStore();
  const userName = "Ann`\n**admin** (`telegram:1`) [x](http://y)\u202e";
  const request = { platform: "telegram", userId: "42", userName, account: "default", chatId: "42" };
  const answer = await opened.store.write((tx) => requestPairing(tx, { ...request, nowMs: 1 }));
  assert.ok(answer.kind === "code");
  assert.equal(
    answer.notice.text.split(" would like")[0],
    "“Ann\\` \\*\\*admin\\*\\* (\\`telegram:1\\`) \\[x\\](http://y)” (`telegram:42`)",
  );
});
