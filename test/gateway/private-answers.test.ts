import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "../../src/command/commands.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { until } from "../support/until.ts";

const inGroup = { source: { chatType: "group" } } as const;
const forAnn = (messageId: string) => ({ userId: "u", messageId });

const answers = [
  { says: "/whoami", about: inGroup, isPrivate: true },
  { says: "/sessions", about: { source: { chatType: "thread", threadId: "t" } }, isPrivate: true },
  { says: "/help", about: inGroup, isPrivate: true },
  { says: "/whoami", about: {}, isPrivate: false, why: "a direct chat is private as it is" },
  { says: "/new", about: inGroup, isPrivate: false, why: "others need to see that the conversation begins anew" },
  { says: "/pair list", about: { ...inGroup, isOpenPress: true }, isPrivate: false, why: "it was pressed before all" },
  { says: "/nosuch", about: inGroup, isPrivate: false },
  { says: "/status", about: { source: { ...inGroup.source, userId: null } }, isPrivate: false, why: "nobody is known" },
] as const;

for (const { says, about, isPrivate, ...more } of answers) {
  const why = "why" in more ? `: ${more.why}` : "";
  test(`${says} in a ${"source" in about ? about.source.chatType : "direct chat"} is answered to ${isPrivate ? "the asker alone" : "everybody"}${why}`, async () => {
    await using bare = await bareGateway();
    await bare.say("c", says, { messageId: "asked", ...about });
    await until("it is answered", () => bare.adapter.posts.length > 0);
    assert.deepEqual(bare.adapter.posts[0]?.privateTo, isPrivate ? forAnn("asked") : null);
  });
}

test("every post of a private answer is private, also after a restart of its delivery", async () => {
  await using bare = await bareGateway();
  bare.adapter.split = (text) => text.split("\n\n");
  let isDown = true;
  bare.adapter.beforePost = () => {
    if (isDown) throw new Error("down");
  };
  await bare.say("c", "/help", { messageId: "asked", ...inGroup });
  await until("it was tried", () => bare.store.stats().outbox.pending > 1);
  isDown = false;
  await until("all are posted", () => bare.store.stats().outbox.pending === 0);
  assert.ok(bare.adapter.posts.length > 1);
  for (const { privateTo } of bare.adapter.posts) assert.deepEqual(privateTo, forAnn("asked"));
});

test("only what shows something, or is the asker's own affair, is answered to the asker alone", () => {
  const names = commands.filter(({ answer }) => answer === "private").map(({ name }) => name);
  assert.deepEqual(names, [
    "sessions",
    "history",
    "status",
    "jobs",
    "usage",
    "whoami",
    "timezone",
    "memory",
    "remember",
    "forget",
    "pair",
    "help",
  ]);
});
