import assert from "node:assert/strict";
import { test } from "node:test";
import type { Admittance, PlatformRules } from "../../src/gateway/platform-rules.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import type { SessionSource } from "../../src/session/source.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { until } from "../support/until.ts";

const start = Date.UTC(2026, 0, 1);
const group = { chatType: "group", userId: "ann", userName: "Ann" } as const;
const bob = { chatType: "group", userId: "bob", userName: "Bob" } as const;
const thread = { chatType: "thread", threadId: "7", userId: "ann", userName: "Ann" } as const;

test("what is not meant for the bot starts no turn, and is context for the next one", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  const said = await bare.say("g", "lunch at one?", { source: bob, addressed: "no" });
  assert.deepEqual(said, { kind: "ignored", reason: "not_addressed" });
  await bare.say("g", "two\nis better", { source: bob, addressed: "no" });
  await bare.say("elsewhere", "never mind", { source: bob, addressed: "no" });
  await bare.say("g", "what do you think?", { source: group, addressed: "yes" });
  await until("the agent is asked", () => agent.running.length === 1);
  const text = agent.requests[0]?.message.text ?? "";
  assert.match(text, /not to you.*\n> \[Bob\] lunch at one\?\n> \[Bob\] two\n> is better\n\nwhat do you think\?$/s);
  agent.running[0]?.answer("two");
  await until("it is answered", () => bare.adapter.posts.length === 1);
  await bare.say("g", "and now?", { source: group });
  await until("the agent is asked again", () => agent.requests.length === 2);
  assert.equal(agent.requests[1]?.message.text, "and now?", "context is given once");
  assert.match(
    agent.requests[1]?.history(10)[0]?.text ?? "",
    /^\[Said here.*lunch at one/s,
    "and stays in the history",
  );
  agent.running.at(-1)?.answer("now");
});

test("of what was said only the last fifty lines, of the last day, are kept", async () => {
  const clock = fakeClock(start);
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, clock });
  await bare.say("g", "yesterday's news", { source: bob, addressed: "no" });
  await clock.advance(25 * 3_600_000);
  for (let line = 1; line <= 60; line++) await bare.say("g", `line ${line}`, { source: bob, addressed: "no" });
  await bare.say("g", "line 60", { source: bob, addressed: "no", messageId: "m61" });
  await bare.say("g", "well?", { source: group });
  await until("the agent is asked", () => agent.running.length === 1);
  const lines = agent.requests[0]?.message.text.match(/\[Bob\] .*/g) ?? [];
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [50, "[Bob] line 11", "[Bob] line 60"]);
  agent.running[0]?.answer("well");
});

test("in a thread the bot has taken part in, no mention is needed", async () => {
  await using bare = await bareGateway();
  const before = await bare.say("g", "talk between people", { source: thread, addressed: "if_taking_part" });
  assert.equal(before.kind, "ignored");
  await bare.say("g", "bot, hello", { source: thread, addressed: "yes" });
  const after = await bare.say("g", "and another thing", { source: thread, addressed: "if_taking_part" });
  assert.equal(after.kind, "accepted");
  const other = await bare.say("g", "hi", { source: { ...thread, threadId: "8" }, addressed: "if_taking_part" });
  assert.equal(other.kind, "ignored");
});

const rows: readonly (readonly [
  about: string,
  rules: Partial<PlatformRules>,
  message: Partial<Omit<InboundMessage, "source">> & { readonly source: Partial<SessionSource> },
  kind: string,
])[] = [
  [
    "no mention is needed where none is required",
    { requireMention: false },
    { source: bob, addressed: "no" },
    "accepted",
  ],
  ["nor in a free chat", { freeChats: new Set(["g"]) }, { source: bob, addressed: "no" }, "accepted"],
  [
    "nor in the threads of a free chat",
    { freeChats: new Set(["p"]) },
    { source: { ...thread, parentChatId: "p" }, addressed: "no" },
    "accepted",
  ],
  ["nor in a direct chat", {}, { source: { chatType: "dm" }, addressed: "no" }, "accepted"],
  ["elsewhere one is", { freeChats: new Set(["h"]) }, { source: bob, addressed: "no" }, "ignored"],
];
for (const [about, rules, message, kind] of rows) {
  test(`mentions: ${about}`, async () => {
    await using bare = await bareGateway({ rules });
    assert.equal((await bare.say("g", "hello", message)).kind, kind);
  });
}

const admitting =
  (verdicts: Readonly<Record<string, Admittance>>) =>
  ({ source }: InboundMessage): Admittance =>
    verdicts[source.userId ?? ""] ?? { kind: "stranger", mayPair: source.chatType === "dm" };

test("strangers in a group get silence, and nothing they say is kept", async () => {
  const agent = scriptedAgent();
  const admit = admitting({ ann: { kind: "admitted", isAdmin: false } });
  await using bare = await bareGateway({ agent, rules: { admit } });
  assert.deepEqual(await bare.say("g", "bot, hi", { source: bob }), { kind: "ignored", reason: "not_allowed" });
  await bare.say("g", "I am nobody", { source: bob, addressed: "no" });
  await bare.say("g", "hello", { source: group });
  await until("the agent is asked", () => agent.running.length === 1);
  assert.deepEqual([agent.requests[0]?.message.text, bare.adapter.posts.length], ["hello", 0]);
  agent.running[0]?.answer("hi");
});

test("a stranger who writes to the bot alone gets a code, an admin who knows the bot gets buttons, and a press lets the stranger in", async () => {
  const verdicts: Record<string, Admittance> = { boss: { kind: "admitted", isAdmin: true } };
  const rules = { admit: admitting(verdicts), deciders: { admins: ["boss"], home: null } };
  await using bare = await bareGateway({ rules });
  await bare.say("boss-dm", "/whoami", { source: { userId: "boss" } });
  await bare.say("boss-dm", "hello", { source: { userId: "boss" } });
  await until("the admin is known", () => bare.adapter.textsIn("boss-dm").length === 2);
  await bare.say("eve-dm", "let me in", { source: { userId: "eve", userName: "Eve" } });
  await bare.say("eve-dm", "please", { source: { userId: "eve", userName: "Eve" } });
  await until("both are told", () => bare.adapter.textsIn("boss-dm").length === 3);
  assert.equal(bare.adapter.textsIn("eve-dm").length, 1, "one code in ten minutes");
  const asking = bare.adapter.posts.find(({ buttons }) => buttons.length > 0);
  const [approve] = asking?.buttons ?? [];
  assert.match(approve?.command ?? "", /^\/pair approve [a-z]+:eve$/);
  await bare.say("eve-dm", approve?.command ?? "", { source: { userId: "eve", userName: "Eve" } });
  assert.equal(bare.adapter.textsIn("eve-dm").length, 1, "she can't let herself in");
  await bare.say("boss-dm", approve?.command ?? "", { source: { userId: "boss" } });
  await until("she is told", () => bare.adapter.textsIn("eve-dm").length === 2);
  assert.match(bare.adapter.textsIn("eve-dm")[1] ?? "", /connected/);
});

test("an admin command is refused to everybody else", async () => {
  const verdicts: Record<string, Admittance> = { ann: { kind: "admitted", isAdmin: false } };
  await using bare = await bareGateway({ rules: { admit: admitting(verdicts) } });
  await bare.say("c", "/pair list", { source: { userId: "ann" } });
  await until("it is answered", () => bare.adapter.posts.length === 1);
  assert.equal(bare.adapter.textsIn("c")[0], "/pair is for admins.");
});

test("a message that is changed while it waits is read as it was changed, and makes no second turn", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  const { intake } = bare;
  await bare.say("c", "first");
  await bare.say("c", "secnod", { messageId: "two" });
  await until("the agent works", () => agent.running.length === 1);
  await intake.edited({ chatId: "c", messageId: "two", text: "second" });
  await intake.edited({ chatId: "c", messageId: "m1", text: "too late" });
  agent.running[0]?.answer("one");
  await until("the next one runs", () => agent.requests.length === 2);
  assert.deepEqual(
    agent.requests.map(({ message }) => message.text),
    ["first", "second"],
  );
  agent.running[0]?.answer("two");
});
