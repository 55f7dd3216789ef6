import assert from "node:assert/strict";
import { test } from "node:test";
import { selectHome } from "../../src/store/homes.ts";
import { ask } from "../support/ask.ts";
import { bareGateway } from "../support/bare-gateway.ts";

test("/sethome makes the place it is said in the platform's home, thread included", async () => {
  await using bare = await bareGateway();
  const home = () => selectHome(bare.store.reader, "memory");
  assert.equal(await ask(bare, "/sethome"), "This chat (`memory:c`) is the home channel of memory now.");
  const place = { kind: "place", account: "default", chatId: "c", threadId: null, name: null };
  assert.deepEqual(home(), place);
  assert.equal(
    await ask(bare, "/sethome here", { source: { chatType: "thread", threadId: "t`1", chatName: "Ops" } }),
    "This thread (`memory:c:t1`) is the home channel of memory now.",
  );
  assert.deepEqual(home(), { ...place, threadId: "t`1", name: "Ops" });
  assert.match(await ask(bare, "/sethome OFF"), /^memory has no home channel any more\./);
  assert.deepEqual(home(), { kind: "off" });
  assert.match(await ask(bare, "/sethome default"), /the configured one again/);
  assert.equal(home(), null);
  assert.match(await ask(bare, "/sethome there"), /^\/sethome: expected/);
});

test("/sethome is for admins", async () => {
  await using bare = await bareGateway({ rules: { admit: () => ({ kind: "admitted", isAdmin: false }) } });
  assert.equal(await ask(bare, "/sethome"), "/sethome is for admins.");
  assert.equal(selectHome(bare.store.reader, "memory"), null);
  assert.doesNotMatch(await ask(bare, "/help"), /sethome|pair/);
});
