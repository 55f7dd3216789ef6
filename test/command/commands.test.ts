import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { type BareGateway, bareGateway, neverResets } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";

function userLines(bare: BareGateway): string[][] {
  return bare.store.listSessions({}).sessions.map(({ sessionId }) =>
    bare.store
      .transcript(sessionId, { limit: 100 })
      .filter(({ role }) => role === "user")
      .map(({ content }) => content),
  );
}

test("/new ends the conversation as `new` and starts an empty one; commands are not part of the transcript", async () => {
  await using bare = await bareGateway();
  await ask(bare, "hello");
  assert.equal(await ask(bare, "/new"), "Started a new conversation. /resume goes back to the last one.");
  const sessions = bare.store.listSessions({}).sessions;
  assert.deepEqual(
    sessions.map(({ live, endReason, messageCount }) => [live, endReason, messageCount]),
    [
      [true, null, 0],
      [false, "new", 2],
    ],
  );
});

test("/new and a text: the text is the first message of the new conversation", async () => {
  await using bare = await bareGateway();
  await ask(bare, "hello");
  assert.equal(await ask(bare, "/new what is the weather?"), "what is the weather?");
  assert.deepEqual(userLines(bare), [["what is the weather?"], ["hello"]]);
});

test("/reset ends the conversation as `reset`", async () => {
  await using bare = await bareGateway();
  await ask(bare, "hello");
  await ask(bare, "/reset");
  assert.deepEqual(
    bare.store.listSessions({ live: false }).sessions.map(({ endReason }) => endReason),
    ["reset"],
  );
});

test("/new as the very first word works, and offers nothing to go back to", async () => {
  await using bare = await bareGateway();
  assert.equal(await ask(bare, "/new"), "Started a new conversation.");
  assert.equal(await ask(bare, "/resume"), "There is no earlier conversation to go back to.");
});

test("/resume goes back to the last conversation, a number to one of the list, and the one left stays resumable", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 5, 9));
  await using bare = await bareGateway({ clock });
  for (const text of ["one", "two", "three"]) {
    await ask(bare, text);
    await clock.advance(1_000);
    if (text !== "three") await ask(bare, "/new");
  }
  const list = await ask(bare, "/sessions");
  assert.match(list, /^Now: .*“three”/);
  assert.match(list, /1\. .*“two”.*\n2\. .*“one”/);
  assert.match(await ask(bare, "/resume 2"), /“one”/);
  await ask(bare, "back in one");
  assert.deepEqual(userLines(bare)[0], ["one", "back in one"]);
  assert.match(await ask(bare, "/sessions"), /1\. .*“three”/);
  assert.match(await ask(bare, "/resume"), /“three”/);
  assert.equal(bare.store.listSessions({ live: true }).sessions.length, 1);
  assert.match(await ask(bare, "/resume 9"), /There is no earlier conversation “9” here/);
});

test("/resume by id never reaches another person's session", async () => {
  await using bare = await bareGateway();
  const other = await bare.say("other", "my secret", { source: { chatId: "other" } });
  assert.ok(other.kind === "accepted");
  await bare.gateway.waitForReply(other.inboxId, 10_000);
  const [theirs] = bare.store.listSessions({ chatId: "other" }).sessions;
  await bare.store.resetSession(theirs?.sessionKey ?? "", "reset", Date.now());
  await ask(bare, "hello");
  const id = theirs?.sessionId ?? "";
  assert.match(await ask(bare, `/resume ${id}`), /There is no earlier conversation/);
  assert.match(await ask(bare, "/resume 20200101_000000_00000000"), /There is no earlier conversation/);
});

test("/title names the conversation, shows the name, and other people's markup stays text", async () => {
  await using bare = await bareGateway();
  assert.equal(await ask(bare, "/title x"), "No conversation is open yet: write something first.");
  await ask(bare, "hello");
  assert.equal(await ask(bare, "/title"), "This conversation has no title. /title and a text gives it one.");
  assert.equal(await ask(bare, "/title Ideas\nfor *May*"), "Titled “Ideas for \\*May\\*”.");
  assert.equal(bare.store.listSessions({}).sessions[0]?.title, "Ideas for *May*");
  assert.equal(await ask(bare, "/title"), "Its title is “Ideas for \\*May\\*”.");
  assert.equal(await ask(bare, `/title ${"x".repeat(201)}`), "That title is too long: at most 200 characters.");
});

test("/status says where the conversation stands and when it starts afresh", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 5, 9));
  await using bare = await bareGateway({ clock, policy: { ...neverResets, mode: "daily" } });
  assert.match(await ask(bare, "/status"), /No conversation is open: your next message starts one\./);
  await ask(bare, "hello");
  await clock.advance(5 * 60_000);
  const status = await ask(bare, "/status");
  assert.match(status, /2 messages, last written 5 minutes ago\./);
  assert.match(status, /It starts afresh Tue 6 Jan 2026, 04:00 \(UTC\)/);
  await using never = await bareGateway({ clock });
  await ask(never, "hello");
  assert.match(await ask(never, "/status"), /It never starts afresh by itself\./);
});

test("a command does not move a conversation's activity", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 5, 9));
  await using bare = await bareGateway({ clock });
  await ask(bare, "hello");
  const before = bare.store.listSessions({}).sessions[0]?.lastActiveMs;
  await clock.advance(60_000);
  await ask(bare, "/status");
  assert.equal(bare.store.listSessions({}).sessions[0]?.lastActiveMs, before);
});

test("/help lists every command, /whoami shows the ids", async () => {
  await using bare = await bareGateway();
  const help = await ask(bare, "/help");
  for (const name of ["new", "reset", "resume", "sessions", "status", "title", "whoami", "help"]) {
    assert.match(help, new RegExp(`^/${name}\\b`, "m"));
  }
  assert.equal(await ask(bare, "/whoami"), "You: `memory:u`\nThis chat: `memory:c` (dm)");
  assert.match(
    await ask(bare, "/whoami", { source: { chatType: "thread", threadId: "t`9", userId: null } }),
    /I don't know your id here\.\nThis chat: `memory:c:t9` \(thread\)/,
  );
});

test("an unknown command is answered with the nearest one, a path is a message", async () => {
  await using bare = await bareGateway();
  assert.match(await ask(bare, "/statsu"), /There is no command \/statsu\. Did you mean \/status\?/);
  assert.match(await ask(bare, "/qwertyuiop"), /\/help lists the commands/);
  assert.equal(await ask(bare, "/etc/hosts is empty"), "/etc/hosts is empty");
});

test("a command that waited behind a turn runs in order", async () => {
  await using bare = await bareGateway();
  await Promise.all([bare.say("c", "first"), bare.say("c", "/new"), bare.say("c", "second")]);
  await ask(bare, "/whoami");
  assert.deepEqual(userLines(bare), [["second"], ["first"]]);
});
