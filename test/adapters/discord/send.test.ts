import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Clock, systemClock } from "../../../src/clock/clock.ts";
import { DeliveryError, type DeliveryFailure } from "../../../src/platform/delivery-error.ts";
import type { Fault } from "../../fake/discord/faults.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { discordRig, outbound } from "./rig.ts";

const POST = /^POST \/channels\/\d+\/messages$/;
const PATCH = /^PATCH \/channels\/\d+\/messages\/\d+$/;

async function failureOf(work: Promise<unknown>): Promise<DeliveryError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeliveryError, `expected a DeliveryError, got ${String(error)}`);
  return error;
}

test("a post names whom it answers and alerts neither everyone nor roles", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  const said = rig.discord.say(dm, "hi");
  await rig.adapter.send(outbound(dm, { replyToMessageId: said.id, text: "@everyone <@&1> hi" }));
  const [post] = rig.discord.posts;
  assert.equal(post?.replyTo, said.id);
  assert.deepEqual(post?.body.allowed_mentions, { parse: [], replied_user: true });
});

test("a post that answers what was deleted is posted without the reference", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  await rig.adapter.send(outbound(dm, { replyToMessageId: "1456000000000000000" }));
  assert.equal(rig.discord.posts[0]?.replyTo, null);
});

test("an answer that was lost on the way is not posted twice", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  rig.discord.faults.add(POST, { kind: "done_unanswered" });
  const message = outbound(dm, { text: "once" });
  const error = await failureOf(rig.adapter.send(message));
  assert.equal(error.kind, "unreachable");
  assert.equal(error.certain, false);
  assert.deepEqual(await rig.adapter.findPost?.(message), { kind: "absent" });
  const postId = await rig.adapter.send({ ...message, attempt: 2 });
  assert.deepEqual(rig.discord.textsIn(dm), ["once"]);
  assert.equal(rig.discord.posts[0]?.id, postId);
});

test("the same text of another row is another post", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  await rig.adapter.send(outbound(dm, { text: "ok" }));
  await rig.adapter.send(outbound(dm, { text: "ok" }));
  assert.deepEqual(rig.discord.textsIn(dm), ["ok", "ok"]);
});

interface Meaning {
  readonly kind: DeliveryFailure;
  readonly certain: boolean;
  readonly retryAfterMs?: number;
  readonly scope?: "chat" | "bot";
}
const failures: readonly (readonly [shows: string, fault: Fault, meaning: Meaning])[] = [
  [
    "a limit of the channel",
    { kind: "rate_limit", retryAfterMs: 700 },
    { kind: "rate_limited", certain: true, retryAfterMs: 750, scope: "chat" },
  ],
  [
    "a limit of the bot",
    { kind: "rate_limit", retryAfterMs: 700, isGlobal: true },
    { kind: "rate_limited", certain: true, scope: "bot" },
  ],
  ["a server error", { kind: "status", status: 500 }, { kind: "unreachable", certain: false }],
  ["a connection that is cut", { kind: "cut" }, { kind: "unreachable", certain: false }],
  ["an answer that is no JSON", { kind: "garbage" }, { kind: "unknown", certain: false }],
  ["a missing permission", { kind: "status", status: 403, code: 50013 }, { kind: "forbidden", certain: true }],
  ["a channel that is gone", { kind: "status", status: 404, code: 10003 }, { kind: "gone", certain: true }],
  ["a revoked token", { kind: "status", status: 401 }, { kind: "unauthorized", certain: true, scope: "bot" }],
];

for (const [shows, fault, meaning] of failures) {
  test(`${shows} is told as ${meaning.kind}, and the next post goes through`, async () => {
    await using rig = await discordRig();
    const dm = rig.discord.openDm();
    rig.discord.faults.add(POST, fault);
    const error = await failureOf(rig.adapter.send(outbound(dm)));
    assert.equal(error.kind, meaning.kind);
    assert.equal(error.certain, meaning.certain);
    if (meaning.scope !== undefined) assert.equal(error.scope, meaning.scope);
    if (meaning.retryAfterMs !== undefined) assert.equal(error.retryAfterMs, meaning.retryAfterMs);
    assert.ok(!error.message.includes(rig.discord.token));
    const other = rig.discord.openDm(rig.discord.world.addUser("bob"));
    // A limit of the bot holds for all its chats.
    if (meaning.scope === "bot" && meaning.kind === "rate_limited") {
      assert.equal((await failureOf(rig.adapter.send(outbound(other)))).scope, "bot");
    } else {
      await rig.adapter.send(outbound(other, { text: "next" }));
      assert.deepEqual(rig.discord.textsIn(other), ["next"]);
    }
  });
}

test("a call that is never answered ends after its time limit", async () => {
  const clock: Clock = { ...systemClock, setTimer: (delayMs, fire) => systemClock.setTimer(delayMs / 100, fire) };
  await using rig = await discordRig({ clock });
  const dm = rig.discord.openDm();
  rig.discord.faults.add(POST, { kind: "hang" });
  const error = await failureOf(rig.adapter.send(outbound(dm)));
  assert.deepEqual([error.kind, error.certain], ["unreachable", false]);
});

test("a text that is too long for Discord is refused as such", async () => {
  await using rig = await discordRig();
  const error = await failureOf(rig.adapter.send(outbound(rig.discord.openDm(), { text: "x".repeat(2001) })));
  assert.deepEqual([error.kind, error.certain], ["too_long", true]);
});

test("what can be no channel of Discord is never put into a path", async () => {
  await using rig = await discordRig();
  for (const chatId of ["../users/@me", "general", "", "12345"]) {
    assert.equal((await failureOf(rig.adapter.send(outbound(chatId)))).kind, "gone");
  }
  assert.ok(rig.discord.calls.every((call) => call.startsWith("GET /gateway")));
});

test("a thread is posted into by its own id, and its first message is no reply", async () => {
  await using rig = await discordRig();
  const thread = rig.discord.addThread(rig.discord.addTextChannel());
  await rig.adapter.send(outbound(thread, { threadId: thread, replyToMessageId: thread }));
  assert.equal(rig.discord.posts[0]?.channelId, thread);
  assert.equal(rig.discord.posts[0]?.body.message_reference, undefined);
});

test("buttons stand in rows of five with their commands, and each command once", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  const buttons = [1, 2, 3, 4, 5, 6, 6].map((n) => ({ label: `Number ${n} `.repeat(20), command: `/resume ${n}` }));
  await rig.adapter.send(
    outbound(dm, { buttons: [{ label: "Yes", command: "/approve", style: "primary" }, ...buttons] }),
  );
  const rows = rig.discord.posts[0]?.components as {
    components: { custom_id: string; style: number; label: string }[];
  }[];
  assert.deepEqual(
    rows.map((row) => row.components.length),
    [5, 2],
  );
  assert.deepEqual(rows[0]?.components.map(({ custom_id }) => custom_id).slice(0, 2), ["/approve", "/resume 1"]);
  assert.equal(rows[0]?.components[0]?.style, 1);
  assert.equal(rows[0]?.components[1]?.label.length, 80);
});

test("a file is posted with its name, its type and its caption", async () => {
  await using rig = await discordRig();
  using folder = tempDir();
  const path = join(folder.path, "generated");
  writeFileSync(path, "bytes");
  const dm = rig.discord.openDm();
  const file = { kind: "image", mimeType: "image/png", sizeBytes: 5, name: "a/../chart.png", path } as const;
  await rig.adapter.send(outbound(dm, { file, text: "look" }));
  await rig.adapter.send(outbound(dm, { file, text: "" }));
  const [post] = rig.discord.posts;
  assert.equal(post?.content, "look");
  assert.deepEqual(
    post?.files.map(({ name, type, bytes }) => [name, type, String(Buffer.from(bytes))]),
    [["a_.._chart.png", "image/png", "bytes"]],
  );
  const lost = await failureOf(rig.adapter.send(outbound(dm, { file: { ...file, path: `${path}-gone` } })));
  assert.deepEqual([lost.kind, lost.certain], ["bad_format", true]);
});

test("a post is edited, its buttons with it", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  const postId = await rig.adapter.send(outbound(dm, { text: "thin", buttons: [{ label: "x", command: "/x" }] }));
  const edit = { chatId: dm, threadId: null, postId, text: "thinking", buttons: [], isFinal: true };
  await rig.adapter.edit?.(edit);
  await rig.adapter.edit?.(edit);
  assert.deepEqual(rig.discord.textsIn(dm), ["thinking"]);
  assert.deepEqual(rig.discord.posts[0]?.components, []);
});

test("an edit of what is gone says so", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  const edit = { chatId: dm, threadId: null, postId: "1456000000000000000", text: "x", buttons: [], isFinal: true };
  assert.equal((await failureOf(rig.adapter.edit?.(edit) ?? Promise.resolve())).kind, "gone");
  rig.discord.faults.add(PATCH, { kind: "rate_limit", retryAfterMs: 100 });
  assert.equal((await failureOf(rig.adapter.edit?.(edit) ?? Promise.resolve())).kind, "rate_limited");
});

test("one channel's limit holds up no other channel", async () => {
  await using rig = await discordRig();
  const [one, two] = [rig.discord.openDm(), rig.discord.openDm(rig.discord.world.addUser("bob"))];
  rig.discord.faults.add(
    new RegExp(`^POST /channels/${one}/messages$`),
    { kind: "rate_limit", retryAfterMs: 60_000 },
    5,
  );
  assert.equal((await failureOf(rig.adapter.send(outbound(one)))).kind, "rate_limited");
  await rig.adapter.send(outbound(two, { text: "at once" }));
  assert.deepEqual(rig.discord.textsIn(two), ["at once"]);
});

test("a burst of posts in many channels is not held back by the client", async () => {
  await using rig = await discordRig();
  const dms = Array.from({ length: 120 }, (_, n) => rig.discord.openDm(rig.discord.world.addUser(`u${n}`)));
  const startMs = performance.now();
  await Promise.all(dms.map((dm) => rig.adapter.send(outbound(dm))));
  // The library's own default of 50 a second would take more than two.
  assert.ok(performance.now() - startMs < 1_900);
  assert.equal(rig.discord.posts.length, 120);
});
