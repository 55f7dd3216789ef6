import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Claim } from "../../src/memory/claims.ts";
import { mayReach, promotionScope, promotionTime, type SourcePlace } from "../../src/memory/promotion.ts";
import { visibleScopes } from "../../src/memory/visible-scopes.ts";
import { formatScope } from "../../src/session/memory-scope.ts";

const at = { platform: "telegram", account: "default" };
const dm: SourcePlace = { ...at, chatType: "dm", chatId: "alice", userId: "alice" };
const group: SourcePlace = { ...at, chatType: "group", chatId: "-100", userId: null };

/** place, about, author, where it may go */
const table: readonly (readonly [string, SourcePlace, Claim["about"], string | null, string | null])[] = [
  ["a DM's fact of its person", dm, "user", "alice", "user:telegram:default:alice"],
  ["a DM's fact of the place is its person's", dm, "chat", "alice", "user:telegram:default:alice"],
  ["a DM's fact with no author", dm, "user", null, "user:telegram:default:alice"],
  ["somebody else's words in a DM", dm, "user", "bob", null],
  ["a DM's fact for the agent", dm, "agent", "alice", null],
  ["a session's own", dm, "session", "alice", null],
  ["what Bob said of himself in a group", group, "user", "bob", "user:telegram:default:bob"],
  ["what was said of somebody in a group", group, "user", null, null],
  ["what concerns a group", group, "chat", "bob", "chat:telegram:default:-100"],
  ["a group's fact for the agent", group, "agent", "bob", null],
  ["a group's session's own", group, "session", null, null],
  ["a channel", { ...group, chatType: "channel" }, "chat", null, "chat:telegram:default:-100"],
  ["a thread", { ...group, chatType: "thread" }, "user", "bob", "user:telegram:default:bob"],
];

for (const [what, place, about, author, scope] of table) {
  test(`${what} may reach ${scope ?? "nothing"}`, () => {
    assert.equal(promotionScope({ about, author }, place), scope);
  });
}

test("no scope is reached whose members were not all there, whoever asks for it", () => {
  const claim = { about: "user", author: "alice" } as const;
  assert.equal(mayReach("user:telegram:default:alice", claim, dm), true);
  assert.equal(mayReach("chat:telegram:default:-100", claim, group), true);
  assert.equal(mayReach("user:telegram:default:alice", claim, group), true);
  for (const scope of [
    "chat:telegram:default:-100",
    "chat:telegram:default:alice",
    "user:telegram:default:bob",
    "agent:main",
    "global",
    "session:other",
  ]) {
    assert.equal(mayReach(scope, claim, dm), false, scope);
  }
  for (const scope of [
    "chat:telegram:default:-200",
    "user:telegram:default:bob",
    "chat:telegram:work:-100",
    "agent:main",
    "global",
  ]) {
    assert.equal(mayReach(scope, claim, group), false, scope);
  }
  assert.equal(mayReach("user:telegram:default:bob", { about: "user", author: null }, group), false);
});

/** what is known of it, when it is promoted */
const times: readonly (readonly [string, Parameters<typeof promotionTime>[0], string])[] = [
  ["told explicitly", { bucket: "session_summary", confidence: 0, isExplicit: true, sessions: 1 }, "now"],
  ["a sure preference", { bucket: "preference", confidence: 0.8, isExplicit: false, sessions: 1 }, "at_end"],
  ["a sure fact", { bucket: "project_fact", confidence: 1, isExplicit: false, sessions: 1 }, "at_end"],
  ["an unsure fact", { bucket: "project_fact", confidence: 0.79, isExplicit: false, sessions: 1 }, "never"],
  [
    "an unsure fact of two sessions",
    { bucket: "project_fact", confidence: 0.1, isExplicit: false, sessions: 2 },
    "at_end",
  ],
  ["a summary of ten sessions", { bucket: "session_summary", confidence: 1, isExplicit: false, sessions: 10 }, "never"],
];

for (const [what, candidate, time] of times) {
  test(`${what} is promoted: ${time}`, () => {
    assert.equal(promotionTime(candidate), time);
  });
}

test("in private all of a person is shown; among others only what was said there", () => {
  const of = { sessionId: "s1", agentId: "main", userId: "alice" };
  const person = formatScope({ kind: "user", ...at, userId: "alice" });
  const shown = (place: SourcePlace) => visibleScopes(place, of).find(({ scope }) => scope === person);
  assert.equal(shown(dm)?.isOfThisChatOnly, false);
  assert.equal(shown(group)?.isOfThisChatOnly, true);
  assert.deepEqual(
    visibleScopes(group, { ...of, userId: null }).map(({ scope }) => scope),
    ["session:s1", "chat:telegram:default:-100", "agent:main", "global"],
  );
});

test("what is promoted from a place is never shown to somebody who was not there", () => {
  const person = fc.constantFrom("alice", "bob", "carol");
  const place: fc.Arbitrary<SourcePlace> = fc.oneof(
    person.map((userId): SourcePlace => ({ ...at, chatType: "dm", chatId: userId, userId })),
    fc.constantFrom("-1", "-2").map((chatId): SourcePlace => ({ ...at, chatType: "group", chatId, userId: null })),
  );
  const about = fc.constantFrom<Claim["about"][]>("user", "chat", "agent", "session");
  // -1 is alice and bob, -2 bob and carol.
  const members = (where: SourcePlace) =>
    where.chatType === "dm" ? [where.userId] : where.chatId === "-1" ? ["alice", "bob"] : ["bob", "carol"];
  fc.assert(
    fc.property(place, about, fc.option(person), place, person, (source, topic, author, seenIn, reader) => {
      const from = members(source);
      fc.pre(author === null || from.includes(author));
      fc.pre(members(seenIn).includes(reader));
      const scope = promotionScope({ about: topic, author }, source);
      if (scope === null) return;
      const visible = visibleScopes(seenIn, { sessionId: "s", agentId: "main", userId: reader }).find(
        (one) => one.scope === scope,
      );
      if (visible === undefined) return;
      const isSameChat = source.chatId === seenIn.chatId;
      if (visible.isOfThisChatOnly && !isSameChat) return;
      for (const one of members(seenIn))
        assert.ok(from.includes(one), `${scope} from ${source.chatId} in ${seenIn.chatId}`);
    }),
    { numRuns: 500 },
  );
});
