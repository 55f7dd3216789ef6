import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  approvePairing,
  type Decider,
  denyPairing,
  operator,
  type PairingDecision,
  readPersonId,
  revokePairing,
} from "../../src/access/decide-pairing.ts";
import { listPairings, requestPairing } from "../../src/access/pairing.ts";
import { refusalText } from "../../src/access/pairing-words.ts";
import { isPaired, selectPairing } from "../../src/store/pairings.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

const HOUR_MS = 3_600_000;
const ann = { platform: "telegram", userId: "42" };

async function asked(opened: TestStore, person = ann): Promise<string> {
  const request = { ...person, userName: "Ann", account: "work", chatId: "c42", nowMs: opened.clock.nowMs() };
  const answer = await opened.store.write((tx) => requestPairing(tx, request));
  assert.ok(answer.kind === "code");
  return answer.code;
}

function approve(opened: TestStore, codeOrId: string, decider: Decider = operator): Promise<PairingDecision> {
  return opened.store.write((tx) => approvePairing(tx, codeOrId, decider, opened.clock.nowMs()));
}

const done = { kind: "done", person: { ...ann, userName: "Ann", account: "work", chatId: "c42" } };

describe("approving", () => {
  test("by code, however it is typed, lets the person in and says where to tell them", async () => {
    await using opened = await testStore();
    const code = await asked(opened);
    assert.deepEqual(await approve(opened, ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`), done);
    assert.equal(isPaired(opened.store.reader, ann), true);
    const row = selectPairing(opened.store.reader, ann);
    assert.deepEqual(
      [row?.state, row?.code_hash, row?.expires_at_ms, row?.decided_at_ms, row?.decided_by],
      ["approved", null, null, opened.clock.nowMs(), "operator"],
    );
    assert.equal((await approve(opened, code)).kind, "wrong");
  });

  test("by id needs no code, and is no guess", async () => {
    await using opened = await testStore();
    await asked(opened);
    for (let count = 0; count < 9; count += 1) {
      assert.deepEqual(await approve(opened, "telegram:43"), { kind: "unknown" });
    }
    assert.deepEqual(await approve(opened, " `telegram:42` "), done);
    assert.deepEqual(await approve(opened, "telegram:42"), { kind: "unknown" });
  });

  test("is over an hour after the request, by code and by id, and stays when it came in time", async () => {
    await using opened = await testStore();
    const late = await asked(opened);
    const other = { platform: "telegram", userId: "43" };
    const inTime = await asked(opened, other);
    await opened.clock.advance(HOUR_MS - 1);
    assert.equal((await approve(opened, inTime)).kind, "done");
    await opened.clock.advance(1);
    assert.deepEqual(await approve(opened, late), { kind: "wrong", triesLeft: 4 });
    assert.deepEqual(await approve(opened, "telegram:42"), { kind: "unknown" });
    assert.equal(selectPairing(opened.store.reader, ann), null);
    await opened.clock.advance(1_000 * HOUR_MS);
    assert.equal(isPaired(opened.store.reader, other), true);
  });

  test("somebody who was denied is possible by id, not by the old code", async () => {
    await using opened = await testStore();
    const code = await asked(opened);
    const denied = await opened.store.write((tx) => denyPairing(tx, code, operator, opened.clock.nowMs()));
    assert.deepEqual(denied, done);
    assert.deepEqual(listPairings(opened.store.reader, opened.clock.nowMs()).pending, []);
    assert.equal((await approve(opened, code)).kind, "wrong");
    assert.deepEqual(await approve(opened, "telegram:42"), done);
  });
});

describe("wrong codes", () => {
  test("five lock every code for an hour, the right one too, but no id", async () => {
    await using opened = await testStore();
    const left: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      const said = await approve(opened, "XXXXXXXX");
      assert.ok(said.kind === "wrong");
      left.push(said.triesLeft);
    }
    assert.deepEqual(left, [4, 3, 2, 1, 0]);
    const untilMs = opened.clock.nowMs() + HOUR_MS;
    await opened.clock.advance(HOUR_MS / 2);
    const code = await asked(opened);
    assert.deepEqual(await approve(opened, code), { kind: "locked", untilMs });
    assert.deepEqual(await opened.store.write((tx) => denyPairing(tx, code, operator, opened.clock.nowMs())), {
      kind: "locked",
      untilMs,
    });
    await opened.clock.advance(HOUR_MS / 2 - 1);
    assert.equal((await approve(opened, code)).kind, "locked");
    await opened.clock.advance(1);
    assert.deepEqual(await approve(opened, code), done);
  });

  test("lock across a restart", async () => {
    await using first = await testStore();
    for (let count = 0; count < 5; count += 1) await approve(first, "nonsense");
    await first.store[Symbol.asyncDispose]();
    await using second = await testStore({ dataDir: first.dataDir, clock: first.clock });
    const code = await asked(second);
    assert.equal((await approve(second, code)).kind, "locked");
    assert.deepEqual(await approve(second, "telegram:42"), done);
  });

  test("count for an hour, and a right one forgives them", async () => {
    await using opened = await testStore();
    for (let count = 0; count < 4; count += 1) await approve(opened, "XXXXXXXX");
    await opened.clock.advance(HOUR_MS);
    assert.deepEqual(await approve(opened, "XXXXXXXX"), { kind: "wrong", triesLeft: 4 });
    await approve(opened, await asked(opened));
    assert.deepEqual(await approve(opened, "XXXXXXXX"), { kind: "wrong", triesLeft: 4 });
  });

  test("lock no longer than an hour when the clock had run ahead", async () => {
    await using opened = await testStore();
    const later = opened.clock.nowMs() + 1_000 * HOUR_MS;
    for (let count = 0; count < 5; count += 1) {
      await opened.store.write((tx) => approvePairing(tx, "XXXXXXXX", operator, later));
    }
    assert.deepEqual(await approve(opened, await asked(opened)), done);
  });
});

test("an admin of one platform decides about nobody of another, and is not told whether a code exists", async () => {
  await using opened = await testStore();
  const code = await asked(opened);
  const other: Decider = { by: "slack:U1", decidesFor: (platform) => platform === "slack" };
  assert.deepEqual(await approve(opened, code, other), { kind: "wrong", triesLeft: 4 });
  assert.deepEqual(await approve(opened, "telegram:42", other), { kind: "unknown" });
  await approve(opened, code);
  assert.equal(await opened.store.write((tx) => revokePairing(tx, "telegram:42", other)), null);
  assert.equal(isPaired(opened.store.reader, ann), true);
});

test("revoking makes a stranger of a person who was let in, and of nobody else", async () => {
  await using opened = await testStore();
  const revoke = (id: string) => opened.store.write((tx) => revokePairing(tx, id, operator));
  const code = await asked(opened);
  assert.equal(await revoke("telegram:42"), null, "only asked");
  await approve(opened, code);
  assert.equal(await revoke("telegram:43"), null);
  assert.equal(await revoke("Ann"), null);
  assert.deepEqual(await revoke("telegram:42"), done.person);
  assert.equal(isPaired(opened.store.reader, ann), false);
  assert.match(await asked(opened), /^\w{8}$/);
});

test("a decision that was not taken is told in words", () => {
  const text = (decision: Exclude<PairingDecision, { kind: "done" }>) => refusalText(decision, 0);
  assert.match(text({ kind: "wrong", triesLeft: 3 }), /^No request that waits has that code\. .*: 3\.$/);
  assert.match(text({ kind: "wrong", triesLeft: 0 }), /taken again in 1 hour/);
  assert.match(text({ kind: "locked", untilMs: 25 * 60_000 }), /taken again in 25 minutes/);
  assert.match(text({ kind: "unknown" }), /^Nobody with that id waits/);
});

for (const [text, person] of [
  ["telegram:42", ann],
  ["matrix:@ann:example.org", { platform: "matrix", userId: "@ann:example.org" }],
  ["BCDFGHJK", null],
  ["telegram:", null],
  [":42", null],
  ["Tele gram:42", null],
] as const) {
  test(`${JSON.stringify(text)} names ${person === null ? "no person by id" : person.userId}`, () => {
    assert.deepEqual(readPersonId(text), person);
  });
}
