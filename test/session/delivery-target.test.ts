import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type DeliveryTarget, formatDeliveryTarget, parseDeliveryTarget } from "../../src/session/delivery-target.ts";
import { type SourceRecord, sourceFromJson } from "../../src/session/source-json.ts";
import { readVectors } from "./vectors.ts";

interface TargetCase {
  readonly kind: string;
  readonly target: string;
  readonly origin: SourceRecord | null;
  readonly expected: {
    readonly platform: string;
    readonly chat_id: string | null;
    readonly thread_id: string | null;
    readonly is_origin: boolean;
  };
  readonly to_string: string;
}

const platforms = ["telegram", "slack", "discord"];
const cases = readVectors<TargetCase>("delivery_targets").filter(({ kind }) => kind === "parse");
/** What the reference delivers to a local file without a word, or to a chat without an id, is refused. */
const refused = ["", ":", "nope", "discord:"];

/** The reference's flat form of a target, ids in the lower case it gave them. */
function flat(target: DeliveryTarget) {
  const nowhere = { platform: "local", chat_id: null, thread_id: null, is_origin: false };
  switch (target.kind) {
    case "local":
      return nowhere;
    case "home":
      return { ...nowhere, platform: target.platform };
    case "origin": {
      if (target.origin === null) return { ...nowhere, is_origin: true };
      const { platform, chatId, threadId } = target.origin;
      return { platform, chat_id: chatId, thread_id: threadId, is_origin: true };
    }
    case "chat":
      return {
        ...nowhere,
        platform: target.platform,
        chat_id: target.chatId.toLowerCase(),
        thread_id: target.threadId,
      };
  }
}

for (const { target: text, origin, expected, to_string } of cases) {
  test(`target ${JSON.stringify(text)} from ${origin?.platform ?? "nowhere"}`, () => {
    const target = parseDeliveryTarget(text, origin === null ? null : sourceFromJson(origin), platforms);
    if (refused.includes(text)) {
      assert.ok(
        target.kind === "invalid" && target.message.startsWith(`delivery target ${JSON.stringify(text)}: expected`),
      );
      return;
    }
    assert.ok(target.kind !== "invalid");
    const { platform, chat_id, thread_id, is_origin } = expected;
    assert.deepEqual(flat(target), { platform, chat_id, thread_id, is_origin });
    // The reference forgets the chat of a local target when it writes it.
    if (text !== "local:x") assert.equal(formatDeliveryTarget(target).toLowerCase(), to_string);
  });
}

test("all parse cases were tried", () => assert.equal(cases.length, 19));

test("ids keep their case, the platform loses its own", () => {
  const target = parseDeliveryTarget(" Slack:C0ABC:171.5 ", null);
  assert.deepEqual(target, { kind: "chat", platform: "slack", account: null, chatId: "C0ABC", threadId: "171.5" });
});

test("a bot can be named, and its name keeps its case", () => {
  const target = parseDeliveryTarget("Telegram@Support:-1001:17", null, platforms);
  const place = { platform: "telegram", account: "Support", chatId: "-1001", threadId: "17" };
  assert.deepEqual(target, { kind: "chat", ...place });
});

test("an origin carries the bot it was asked through, and nothing of the people", () => {
  const source = sourceFromJson({
    platform: "slack",
    chat_id: "C0ABC",
    thread_id: "171.5",
    user_id: "U1",
    account: "ops",
  });
  const target = parseDeliveryTarget("origin", source);
  assert.deepEqual(target, {
    kind: "origin",
    origin: { platform: "slack", account: "ops", chatId: "C0ABC", threadId: "171.5" },
  });
});

const wrong: readonly (readonly [text: string, says: RegExp])[] = [
  ["nope:1", /expected a platform of discord, slack, telegram/],
  ["tele gram", /expected origin, local, <platform>/],
  ["origin:1", /expected origin, local, <platform>/],
  ["discord:", /expected a chat id after "discord:", or "discord" alone for its home channel/],
  ["discord::7", /expected a chat id/],
  ["discord@:1", /expected the name of a bot after "discord@", or no @/],
  ["local@a", /expected origin, local, <platform>/],
  ["discord:1:", /expected a thread id after the last colon/],
];

for (const [text, says] of wrong) {
  test(`${JSON.stringify(text)} is no target`, () => {
    const target = parseDeliveryTarget(text, null, platforms);
    assert.ok(target.kind === "invalid");
    assert.match(target.message, says);
  });
}

test("where no platform is configured the message says so", () => {
  const target = parseDeliveryTarget("telegram", null, []);
  assert.ok(target.kind === "invalid" && target.message.includes("none is configured"));
});

test("whatever is written is read back, colons and percent signs in chat ids included", () => {
  const id = fc.string({ unit: fc.constantFrom("a", "B", ":", "%", "3", "A", "-", "."), minLength: 1, maxLength: 5 });
  const anyChat = fc.tuple(
    fc.constantFrom("telegram", "slack"),
    id,
    fc.option(id, { nil: null }),
    fc.constantFrom(null, "Support"),
  );
  const anyTarget: fc.Arbitrary<DeliveryTarget> = fc.oneof(
    fc.constantFrom<DeliveryTarget>(
      { kind: "origin", origin: null },
      { kind: "local" },
      { kind: "home", platform: "telegram", account: null },
      { kind: "home", platform: "telegram", account: "Support" },
    ),
    anyChat.map(([platform, chatId, threadId, account]) => ({
      kind: "chat" as const,
      platform,
      account,
      chatId,
      threadId,
    })),
  );
  fc.assert(
    fc.property(anyTarget, (target) => {
      assert.deepEqual(parseDeliveryTarget(formatDeliveryTarget(target), null, platforms), target);
    }),
    { seed: 20260405 },
  );
});
