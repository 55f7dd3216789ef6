import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";
import { attentiveAgent, usualMemory } from "../support/usual-memory.ts";

const alone = (chatId: string) => ({ source: { chatId, userId: "ann", userName: "Ann" } }) as const;
const inThread = (userId: string) =>
  ({ source: { chatType: "thread", chatId: "g", threadId: "t", userId, userName: userId } }) as const;
type About = Parameters<typeof ask>[2];

const known = ({ store }: BareGateway) =>
  rowsOf(store.reader, "SELECT content FROM memory_placements JOIN memory_nodes USING (addr) WHERE state <> 'archived'")
    .map(({ content }) => String(content))
    .toSorted();

async function talk(bare: BareGateway, about: About, ...texts: string[]): Promise<void> {
  for (const text of texts) await ask(bare, text, about);
}

/** Ends a conversation, and waits until what it leaves is done. */
async function end(bare: BareGateway, about: About): Promise<void> {
  await ask(bare, "/new", about);
  const pending = "SELECT event FROM hook_deliveries WHERE state = 'pending'";
  await until("its end is done", () => rowsOf(bare.store.reader, pending).length === 0);
}

test("what somebody said before they wanted to be forgotten is learned in no conversation; others and later words are", async () => {
  await using bare = await bareGateway({ agent: attentiveAgent(), memory: usualMemory });
  await talk(bare, alone("c1"), "my colour is blue", "well", "so");
  await talk(bare, alone("c2"), "my ferry is Aurora", "well", "so");
  await talk(bare, inThread("ann"), "my dog is Rex");
  await talk(bare, inThread("bob"), "my cat is Tom");
  assert.match(await ask(bare, "/forget me", alone("c1")), /^I remember nothing of you\. I learn nothing/);
  await talk(bare, inThread("ann"), "my bird is Kim");
  await talk(bare, alone("c2"), "my fish is Bo");
  for (const about of [alone("c1"), alone("c2"), inThread("ann")]) await end(bare, about);
  assert.deepEqual(known(bare), ["Their bird is Kim.", "Their cat is Tom.", "Their fish is Bo."]);
});

test("what is being learned while somebody asks to be forgotten is not kept, and nothing asks the model for it again", async () => {
  const agent = attentiveAgent();
  const { complete } = agent;
  let isAsked = 0;
  const held = Promise.withResolvers<void>();
  agent.complete = async (question, signal) => {
    const isExtraction = question.instructions.startsWith("You read a conversation");
    if (isExtraction) {
      isAsked += 1;
      await held.promise;
    }
    if (complete === undefined) throw new Error("it can be asked");
    return await complete(question, signal);
  };
  await using bare = await bareGateway({ agent, memory: usualMemory });
  await talk(bare, alone("c1"), "my colour is blue", "well", "so");
  await ask(bare, "/new", alone("c1"));
  await until("the model is asked", () => isAsked === 1);
  assert.match(await ask(bare, "/forget me", alone("c1")), /^I remember nothing of you\. I learn nothing/);
  held.resolve();
  const pending = "SELECT event FROM hook_deliveries WHERE state = 'pending'";
  await until("its end is done", () => rowsOf(bare.store.reader, pending).length === 0);
  assert.deepEqual(known(bare), []);
  assert.equal(isAsked, 1, "nothing was left that could be learned from");
});
