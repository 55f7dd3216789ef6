import assert from "node:assert/strict";
import { test } from "node:test";
import {
  approvePending,
  deleteApproved,
  deleteExpiredPairings,
  denyPending,
  isPaired,
  type NewPairing,
  putPendingPairing,
  selectApprovedPairings,
  selectPairing,
  selectPairingOfCode,
  selectPendingPairings,
} from "../../src/store/pairings.ts";
import type { Tx } from "../../src/store/writer.ts";
import { testStore } from "../support/test-store.ts";

function request(userId: string, about: Partial<NewPairing> = {}): NewPairing {
  const place = { platform: "telegram", account: "default", chatId: userId };
  return { ...place, userId, userName: null, codeHash: `CODE${userId}`, requestedAtMs: 10, expiresAtMs: 20, ...about };
}

/** Runs it all in one transaction of a fresh store. */
async function inStore(act: (tx: Tx) => void): Promise<void> {
  await using opened = await testStore();
  await opened.store.write(act);
}

const of = (userId: string) => ({ platform: "telegram", userId });

test("a request is found by its code until it expires, and listed by its age", () =>
  inStore((tx) => {
    putPendingPairing(tx, request("2", { requestedAtMs: 11, expiresAtMs: 21 }));
    putPendingPairing(tx, request("1"));
    assert.equal(selectPairingOfCode(tx, "CODE1", 19)?.user_id, "1");
    assert.equal(selectPairingOfCode(tx, "CODE1", 20), null);
    assert.equal(selectPairingOfCode(tx, "code1", 19), null);
    const listed = (nowMs: number) => selectPendingPairings(tx, nowMs).map((row) => row.user_id);
    assert.deepEqual(listed(19), ["1", "2"]);
    assert.deepEqual(listed(20), ["2"]);
  }));

test("another request of the same person takes the first one's place", () =>
  inStore((tx) => {
    putPendingPairing(tx, request("1"));
    putPendingPairing(tx, request("1", { codeHash: "NEWCODE", account: "work", userName: "Ann", expiresAtMs: 30 }));
    assert.equal(selectPairingOfCode(tx, "CODE1", 11), null);
    const row = selectPairing(tx, of("1"));
    assert.deepEqual(
      [row?.code_hash, row?.account, row?.user_name, row?.expires_at_ms],
      ["NEWCODE", "work", "Ann", 30],
    );
  }));

test("only a person who was approved is paired, and only until that is taken back", () =>
  inStore((tx) => {
    putPendingPairing(tx, request("1"));
    assert.equal(isPaired(tx, of("1")), false);
    assert.equal(deleteApproved(tx, of("1")), false);
    assert.equal(approvePending(tx, of("1"), "operator", 15), true);
    assert.equal(approvePending(tx, of("1"), "operator", 16), false, "a second time");
    assert.equal(approvePending(tx, of("2"), "operator", 16), false, "somebody who never asked");
    assert.equal(isPaired(tx, of("1")), true);
    assert.equal(isPaired(tx, { ...of("1"), platform: "discord" }), false);
    assert.equal(deleteApproved(tx, of("1")), true);
    assert.equal(selectPairing(tx, of("1")), null);
  }));

test("a denied request keeps its row, without a code", () =>
  inStore((tx) => {
    putPendingPairing(tx, request("1"));
    assert.equal(denyPending(tx, of("1"), "telegram:9", 15), true);
    assert.deepEqual(selectPendingPairings(tx, 16), []);
    const row = selectPairing(tx, of("1"));
    assert.deepEqual([row?.state, row?.code_hash, row?.decided_by], ["pending", null, "telegram:9"]);
  }));

test("what has expired is forgotten, who was approved is not", () =>
  inStore((tx) => {
    for (const userId of ["1", "2", "3"]) putPendingPairing(tx, request(userId));
    putPendingPairing(tx, request("4", { expiresAtMs: 21 }));
    approvePending(tx, of("1"), "operator", 15);
    denyPending(tx, of("2"), "operator", 15);
    deleteExpiredPairings(tx, 20);
    assert.deepEqual(
      ["1", "2", "3", "4"].map((userId) => selectPairing(tx, of(userId))?.state ?? null),
      ["approved", null, null, "pending"],
    );
  }));

test("who was let in is listed with the latest first, within a limit", () =>
  inStore((tx) => {
    for (const [place, userId] of ["1", "2", "3"].entries()) {
      putPendingPairing(tx, request(userId));
      approvePending(tx, of(userId), "operator", 15 + place);
    }
    assert.deepEqual(
      selectApprovedPairings(tx, 2).map((row) => row.user_id),
      ["3", "2"],
    );
  }));
