import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { AgentBackend, TurnRequest } from "../../src/agent/backend.ts";
import { visibleScopes } from "../../src/memory/visible-scopes.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import { sessionKey } from "../../src/session/key.ts";
import { parseScope } from "../../src/session/memory-scope.ts";
import type { SessionSource } from "../../src/session/source.ts";
import { type BareGateway, bareGateway, person } from "../support/bare-gateway.ts";

interface Speaker {
  readonly name: string;
  readonly chatId: string;
  readonly source: Partial<SessionSource>;
}

const group = { chatType: "group" } as const;
/** Each of them has a conversation of their own; ids and names are made to be mistaken for one another. */
const speakers: readonly Speaker[] = [
  { name: "ann", chatId: "1", source: { userId: "1", userName: "Ann" } },
  { name: "bob", chatId: "2", source: { userId: "2", userName: "Ann" } },
  { name: "ann in a group", chatId: "-1", source: { ...group, userId: "1", userName: "Ann" } },
  { name: "bob in a group", chatId: "-1", source: { ...group, userId: "2", userName: "Ann" } },
  { name: "a thread", chatId: "-1", source: { chatType: "thread", threadId: "1", userId: "1", userName: "Ann" } },
  { name: "another thread", chatId: "-1", source: { chatType: "thread", threadId: "2", userId: "1", userName: "Ann" } },
  { name: "one with colons", chatId: "1:user", source: { userId: "1:user:2", userName: "Ann" } },
  { name: "one with an escape", chatId: "1%3Auser", source: { userId: "1%3Auser", userName: "Ann" } },
];

/** An agent that uses whatever it is given to find what others said, and tells all of it. */
function prying(words: string): AgentBackend & { readonly found: Map<string, string[]> } {
  const found = new Map<string, string[]>();
  const look = async (request: TurnRequest): Promise<string> => {
    const said: unknown[] = [request, request.history(1_000)];
    for (const tool of request.tools) {
      for (const input of [{ query: words, limit: 50 }, { before: 1_000_000, limit: 50 }, { limit: 50 }])
        if (tool.name !== "send_message") said.push(await tool.run(input));
    }
    return JSON.stringify(said);
  };
  return {
    name: "prying",
    found,
    async *run(request) {
      const key = request.sessionKey;
      found.set(key, [...(found.get(key) ?? []), await look(request)]);
      yield { kind: "text", delta: "well" };
      yield { kind: "done" };
    },
  };
}

const secretOf = (speaker: number) => `secret-of-${"abcdefgh"[speaker]}`;
const tries: readonly ((others: readonly string[]) => readonly string[])[] = [
  () => ["/new"],
  () => ["/history 50"],
  () => ["/sessions"],
  () => ["/resume"],
  () => ["/export jsonl"],
  () => ["/undo"],
  () => ["/status"],
  () => ["/queue"],
  () => ["/title"],
  (others) => others.map((id) => `/resume ${id}`),
  (others) => others.map((id) => `/delete ${id}`),
  (others) => others.map((id) => `/branch ${id}`),
  () => ["/resume ../../parley.db", "/resume 0", "/resume -1", "/resume 99", "/resume %"],
];

async function say(bare: BareGateway, { chatId, source }: Speaker, text: string): Promise<string> {
  const accepted = await bare.say(chatId, text, { source });
  assert.ok(accepted.kind === "accepted", accepted.kind);
  const reply = await bare.gateway.waitForReply(accepted.inboxId, 10_000);
  return JSON.stringify(reply);
}

test("whatever anybody says, types or has their agent look for, nobody gets a word of another conversation", async () => {
  const step = fc.record({ speaker: fc.nat(speakers.length - 1), attempt: fc.nat(tries.length - 1) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
      const agent = prying("secret");
      await using bare = await bareGateway({ agent });
      for (const [index, speaker] of speakers.entries()) await say(bare, speaker, `secret ${secretOf(index)}`);
      const idOf = new Map(
        bare.store.listSessions({ limit: 100 }).sessions.map((each) => [each.sessionKey, each.sessionId]),
      );
      assert.equal(idOf.size, speakers.length, "a conversation each");
      const keyOf = ({ chatId, source }: Speaker) => keyIn(bare, chatId, source);
      for (const { speaker, attempt } of steps) {
        const who = speakers[speaker];
        assert.ok(who !== undefined);
        const others = [...idOf].flatMap(([key, id]) => (key === keyOf(who) ? [] : [id]));
        for (const text of [...(tries[attempt]?.(others) ?? []), "secret, anybody?"]) {
          const before = bare.adapter.posts.length;
          const answer = await say(bare, who, text);
          const posts = bare.adapter.posts.slice(before).filter((post) => post.chatId === who.chatId);
          const files = posts.flatMap(({ file }) => (file === null ? [] : [readFileSync(file.path, "utf8")]));
          check(
            speaker,
            answer +
              JSON.stringify(posts.filter((post) => post.threadId === (who.source.threadId ?? null))) +
              files.join(""),
          );
        }
      }
      for (const [index, who] of speakers.entries()) check(index, (agent.found.get(keyOf(who)) ?? []).join("\n"));
    }),
    { numRuns: 6 },
  );
});

function keyIn(bare: BareGateway, chatId: string, source: Partial<SessionSource>): string {
  const whole: InboundMessage["source"] = { ...person(chatId), ...source };
  return sessionKey(whole, bare.store.rules.keys);
}

/** What one speaker got to see holds no other's secret. */
function check(speaker: number, seen: string): void {
  for (const other of speakers.keys()) {
    if (other !== speaker)
      assert.ok(!seen.includes(secretOf(other)), `${speakers[speaker]?.name} sees ${speakers[other]?.name}'s`);
  }
}

test("what is recalled in a place belongs to that place, and of a person's only what was said there, unless they are alone with the bot", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });
  const place = fc.record({
    platform: fc.constantFrom("telegram", "slack"),
    account: text,
    chatType: fc.constantFrom("dm", "group", "channel", "thread"),
    chatId: text,
  });
  fc.assert(
    fc.property(place, text, text, text, (where, sessionId, agentId, userId) => {
      for (const { scope, isOfThisChatOnly } of visibleScopes({ ...where, userId }, { sessionId, agentId, userId })) {
        const parsed = parseScope(scope);
        assert.ok(parsed !== null, scope);
        if (parsed.kind === "session") assert.equal(parsed.sessionId, sessionId.toWellFormed());
        if (parsed.kind === "user") assert.equal(isOfThisChatOnly, where.chatType !== "dm");
        if (parsed.kind === "chat") assert.equal(parsed.chatId, where.chatId.toWellFormed());
        if (parsed.kind === "user" || parsed.kind === "chat") assert.equal(parsed.platform, where.platform);
      }
    }),
  );
});
