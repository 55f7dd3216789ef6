import fc from "fast-check";
import type { SessionSource } from "../../src/session/source.ts";

/** A source in which only what matters to a test is said. */
export function sourceOf(fields: Partial<SessionSource> = {}): SessionSource {
  return {
    platform: "telegram",
    account: "default",
    chatType: "dm",
    chatId: "C1",
    threadId: null,
    userId: null,
    userIdAlt: null,
    workspaceId: null,
    parentChatId: null,
    userName: null,
    chatName: null,
    chatTopic: null,
    chatIdAlt: null,
    ...fields,
  };
}

/** Ids made to collide: few letters, and all that keys and targets use as marks. */
const anyId = fc.oneof(
  fc.constantFrom("thread", "user", "default", "dm", "a:b", "%3A", "a", "b"),
  fc.string({ unit: fc.constantFrom("a", "b", ":", "%", "@", "3", "A", "é", "\n"), minLength: 1, maxLength: 4 }),
);
const anyAbsentable = fc.option(fc.oneof(anyId, fc.constant("")), { nil: null });

/** Any source, with ids that are hard on what joins them. */
export const anySource: fc.Arbitrary<SessionSource> = fc.record({
  platform: fc.constantFrom("local", "telegram", "x", "agent"),
  account: fc.oneof(fc.constant("default"), anyId),
  chatType: fc.constantFrom("dm", "group", "channel", "thread"),
  chatId: anyId,
  threadId: anyAbsentable,
  userId: anyAbsentable,
  userIdAlt: anyAbsentable,
  workspaceId: anyAbsentable,
  parentChatId: anyAbsentable,
  userName: anyAbsentable,
  chatName: anyAbsentable,
  chatTopic: anyAbsentable,
  chatIdAlt: anyAbsentable,
});
