import assert from "node:assert/strict";
import { test } from "node:test";
import { type About, ask, askButtons, liveSession } from "../support/ask.ts";
import { bareGateway, neverResets } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";

test("/sessions offers the last five by button, named by title, first words or date; a press goes back", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 5, 9));
  await using bare = await bareGateway({ clock });
  for (const text of ["sixth", "fifth", "fourth", "third", "second", "The last one before. And more."]) {
    await ask(bare, text);
    if (text === "second") await ask(bare, `/title *S*\u202eecond ${"x".repeat(60)}`);
    await clock.advance(60_000);
    await ask(bare, "/new");
  }
  const buttons = await askButtons(bare, "/sessions");
  assert.deepEqual(
    buttons.map(({ label }) => label),
    ["The last one before", `*S*econd ${"x".repeat(30)}…`, "third", "fourth", "fifth"],
  );
  for (const { command } of buttons) assert.match(command, /^\/resume \d{8}_\d{6}_[0-9a-f]{8}$/);
  assert.match(await ask(bare, "/sessions"), /1\. Mon 5 Jan 2026, 09:05, 2 messages: “The last one before” \(/);
  assert.match(await ask(bare, buttons[2]?.command ?? ""), /“third”/);
  assert.match((await ask(bare, "/history")) ?? "", /third/);
});

test("a session without words is named by its date", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 5, 9));
  await using bare = await bareGateway({ clock, policy: neverResets });
  await ask(bare, "?!");
  await ask(bare, "/new");
  assert.deepEqual(
    (await askButtons(bare, "/sessions")).map(({ label }) => label),
    ["Mon 5 Jan 2026, 09:00"],
  );
});

test("/resume without a number goes back to the last one and offers the others; a wrong number offers all", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 5, 9));
  await using bare = await bareGateway({ clock });
  for (const text of ["one", "two", "three"]) {
    await ask(bare, `/new ${text}`);
    await clock.advance(1_000);
  }
  const labels = async (text: string) => (await askButtons(bare, text)).map(({ label }) => label);
  assert.deepEqual(await labels("/resume"), ["three", "one"]);
  assert.equal(bare.store.transcript(liveSession(bare).sessionId, { limit: 9 })[0]?.content, "two");
  assert.deepEqual(await labels("/resume 9"), ["three", "one"]);
  assert.deepEqual(await labels("/resume 2"), []);
});

const ann: About = { source: { chatType: "group" } };
const bob: About = { source: { chatType: "group", userId: "bob", userName: "Bob" } };

test("in a group with sessions per person nobody sees or resumes another's conversations", async () => {
  await using bare = await bareGateway();
  await ask(bare, "Ann's secret", ann);
  const hers = liveSession(bare, { userId: "u" });
  await ask(bare, "/new", ann);
  await ask(bare, "Bob's own", bob);
  await ask(bare, "/new", bob);
  const list = await ask(bare, "/sessions", bob);
  assert.match(list, /Bob's own/);
  assert.doesNotMatch(list, /secret/);
  for (const text of ["/sessions", "/resume 9", `/resume ${hers.sessionId}`]) {
    for (const { label, command } of await askButtons(bare, text, bob)) {
      assert.equal(label, "Bob's own");
      assert.doesNotMatch(command, new RegExp(hers.sessionId));
    }
  }
  assert.match(await ask(bare, `/resume ${hers.sessionId}`, bob), /^There is no earlier conversation/);
  assert.equal(bare.store.session(hers.sessionId)?.live, false);
  for (const text of ["/history", "/usage", "/export"]) assert.doesNotMatch(await ask(bare, text, bob), /secret/);
});

test("a direct chat's conversations are not a group's, though it is the same person", async () => {
  await using bare = await bareGateway();
  await ask(bare, "in private");
  const dm = liveSession(bare);
  await ask(bare, "/new");
  const group: About = { source: { chatType: "group", chatId: "g" } };
  await ask(bare, "in the group", group);
  await ask(bare, "/new", group);
  assert.doesNotMatch(await ask(bare, "/sessions", group), /private/);
  assert.match(await ask(bare, `/resume ${dm.sessionId}`, group), /^There is no earlier conversation/);
});

test("the conversations of a thread are everybody's in it, and nobody's in the next thread", async () => {
  await using bare = await bareGateway();
  const inThread = (threadId: string, userId: string): About => ({ source: { chatType: "thread", threadId, userId } });
  await ask(bare, "said by Ann", inThread("t", "u"));
  await ask(bare, "/new", inThread("t", "u"));
  const [button] = await askButtons(bare, "/sessions", inThread("t", "bob"));
  assert.equal(button?.label, "said by Ann");
  assert.match(await ask(bare, button?.command ?? "", inThread("other", "bob")), /^There is no earlier conversation/);
  assert.match(await ask(bare, button?.command ?? "", inThread("t", "bob")), /^Back in the conversation of/);
});
