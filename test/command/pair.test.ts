import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestPairing } from "../../src/access/pairing.ts";
import type { CommandCall, CommandResult } from "../../src/command/command.ts";
import { commands } from "../../src/command/commands.ts";
import { runCommand } from "../../src/command/run-command.ts";
import { isPaired } from "../../src/store/pairings.ts";
import { noDesk } from "../support/no-desk.ts";
import { dmSource, type TestStore, testStore } from "../support/test-store.ts";

/** Says `/pair …` as an admin of Telegram, unless `about` says otherwise. */
function pair(
  opened: TestStore,
  argument: string,
  about: { readonly isAdmin?: boolean; readonly platform?: string } = {},
): Promise<CommandResult> {
  const { isAdmin = true, platform = "telegram" } = about;
  return opened.store.write((tx) => {
    const call: Omit<CommandCall, "argument" | "commands"> = {
      tx,
      rules: opened.store.rules,
      key: "k",
      agentId: "main",
      message: { source: dmSource("1", { platform, userId: "1" }), messageId: "m", text: "", attachments: [] },
      isAdmin,
      activity: { runningMs: null, waiting: 0, approvals: [] },
      agents: [],
      queueMode: "collect",
      choices: "admins",
      keepFile: () => assert.fail("expected no file"),
      receivedAtMs: opened.clock.nowMs(),
      desk: noDesk,
      timeZone: "UTC",
      version: "0",
    };
    return runCommand(commands, { name: "pair", argument }, call);
  });
}

async function asked(opened: TestStore, userId: string, platform = "telegram"): Promise<string> {
  const request = { platform, userId, userName: `Person ${userId}`, account: "work", chatId: `c${userId}` };
  const answer = await opened.store.write((tx) => requestPairing(tx, { ...request, nowMs: opened.clock.nowMs() }));
  assert.ok(answer.kind === "code");
  return answer.code;
}

describe("/pair", () => {
  test("is for admins", async () => {
    await using opened = await testStore();
    const code = await asked(opened, "42");
    assert.equal((await pair(opened, `approve ${code}`, { isAdmin: false })).reply, "/pair is for admins.");
    assert.equal((await pair(opened, "list", { isAdmin: false })).reply, "/pair is for admins.");
    assert.equal(isPaired(opened.store.reader, { platform: "telegram", userId: "42" }), false);
  });

  test("list shows who waits, with buttons, and who was let in", async () => {
    await using opened = await testStore();
    const empty = "Nobody waits to be let in.\nNobody was let in by a code.";
    assert.deepEqual((await pair(opened, "")).reply, empty);
    const first = await asked(opened, "42");
    await asked(opened, "43");
    await pair(opened, `approve ${first}`);
    const { reply, buttons } = await pair(opened, "list");
    assert.equal(
      reply,
      [
        "Waiting to be let in:",
        `- “Person 43” (\`telegram:43\`), until Wed 1 Apr 2026, 13:00`,
        "Let in by a code:",
        "- “Person 42” (`telegram:42`), Wed 1 Apr 2026, 12:00",
      ].join("\n"),
    );
    assert.deepEqual(
      buttons?.map(({ command }) => command),
      ["/pair approve telegram:43", "/pair deny telegram:43"],
    );
  });

  test("list is as long as a screen", async () => {
    await using opened = await testStore();
    for (let count = 0; count < 22; count += 1) await pair(opened, `approve ${await asked(opened, `${count}`)}`);
    const lines = (await pair(opened, "LIST")).reply.split("\n");
    assert.equal(lines.length, 2 + 20 + 1);
    assert.equal(lines.at(-1), "- and 2 more: `parley pair list` shows all.");
  });

  test("approve lets the person in and tells them where they asked", async () => {
    await using opened = await testStore();
    const code = await asked(opened, "42");
    const { reply, notify } = await pair(opened, `Approve ${code.toLowerCase()}`);
    assert.equal(reply, "“Person 42” (`telegram:42`) may talk to me now.");
    assert.deepEqual(
      notify?.map(({ place }) => place),
      [{ platform: "telegram", account: "work", chatId: "c42", threadId: null }],
    );
    assert.match(notify?.[0]?.text ?? "", /^You are connected now/);
    assert.equal(isPaired(opened.store.reader, { platform: "telegram", userId: "42" }), true);
    await asked(opened, "43");
    assert.match((await pair(opened, "approve telegram:43")).reply, /may talk to me now/);
  });

  test("a wrong code changes nothing and tells nobody; five lock codes for an hour", async () => {
    await using opened = await testStore();
    const code = await asked(opened, "42");
    for (let count = 0; count < 5; count += 1) {
      const { reply, notify } = await pair(opened, "approve XXXX-XXXX");
      assert.match(reply, /^No request that waits has that code/);
      assert.equal(notify, undefined);
    }
    assert.match(
      (await pair(opened, `approve ${code}`)).reply,
      /^Too many wrong codes\. Codes are taken again in 1 hour/,
    );
    assert.match((await pair(opened, "approve telegram:42")).reply, /may talk to me now/);
  });

  test("deny turns a person down, revoke makes a stranger of one", async () => {
    await using opened = await testStore();
    const code = await asked(opened, "42");
    const other = await asked(opened, "43");
    assert.equal((await pair(opened, `deny ${code}`)).reply, "“Person 42” (`telegram:42`) stays out.");
    assert.match((await pair(opened, `approve ${code}`)).reply, /^No request/);
    await pair(opened, `approve ${other}`);
    assert.equal((await pair(opened, "revoke telegram:43")).reply, "“Person 43” (`telegram:43`) is a stranger again.");
    assert.match((await pair(opened, "revoke telegram:43")).reply, /^Nobody with that id was let in/);
    assert.equal(isPaired(opened.store.reader, { platform: "telegram", userId: "43" }), false);
  });

  test("is about one's own platform; from the terminal and the page, about all", async () => {
    await using opened = await testStore();
    const code = await asked(opened, "7", "discord");
    assert.match((await pair(opened, "list")).reply, /^Nobody waits/);
    assert.match((await pair(opened, `approve ${code}`)).reply, /^No request that waits has that code/);
    assert.match((await pair(opened, "approve discord:7")).reply, /^Nobody with that id waits/);
    assert.match((await pair(opened, "list", { platform: "local" })).reply, /`discord:7`/);
    assert.match((await pair(opened, `approve ${code}`, { platform: "web" })).reply, /may talk to me now/);
  });

  for (const argument of ["approve", "deny ", "revoke", "aprove XXXXXXXX", "telegram:42"]) {
    test(`${argument} says what is expected`, async () => {
      await using opened = await testStore();
      assert.match((await pair(opened, argument)).reply, /^\/pair: expected `list \| approve CODE \| deny CODE/);
    });
  }
});
