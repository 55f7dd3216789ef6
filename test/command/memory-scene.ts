import { fingerprint } from "../../src/memory/fingerprint.ts";
import { nodeAddress } from "../../src/memory/node-address.ts";
import { insertPlacement } from "../../src/store/change-placement.ts";
import { insertNode } from "../../src/store/memory-nodes.ts";
import { type About, ask, askPosts } from "../support/ask.ts";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { rowsOf } from "../support/test-store.ts";

/** A gateway in which only `boss` is an admin. */
export function peopleGateway(): Promise<BareGateway> {
  return bareGateway({
    rules: { admit: ({ source }) => ({ kind: "admitted", isAdmin: source.userId === "boss" }) },
  });
}

/** A person in their direct chat, which is named after them. */
export function inDm(userId: string): About {
  return { source: { chatType: "dm", chatId: `dm-${userId}`, userId } };
}

/** A person in a group, in which everybody has a conversation of their own. */
export function inGroup(userId: string, chatId = "g"): About {
  return { source: { chatType: "group", chatId, userId } };
}

/** A person in a thread, which all share. */
export function inThread(userId: string): About {
  return { source: { chatType: "thread", chatId: "g", threadId: "t", userId } };
}

/** What a person is told, without addresses and times. */
export async function told(bare: BareGateway, text: string, about: About): Promise<string> {
  return (await ask(bare, text, about)).replaceAll(/ \([^()]*`[0-9a-f]{12}`\)/g, "");
}

/** The commands of the buttons under the answer. */
export async function offered(bare: BareGateway, text: string, about: About): Promise<readonly string[]> {
  return (await askPosts(bare, text, about)).flatMap(({ buttons }) => buttons.map(({ command }) => command));
}

/** What is remembered, by scope: the texts in these states. */
export function remembered(bare: BareGateway, state = "active"): readonly string[] {
  const rows = rowsOf(
    bare.store.reader,
    `SELECT scope, content FROM memory_placements JOIN memory_nodes USING (addr) WHERE state = '${state}' ORDER BY id`,
  );
  return rows.map(({ scope, content }) => `${String(scope)} ${String(content)}`);
}

/** Has a session learn something of somebody, as an extraction would. */
export async function learn(
  bare: BareGateway,
  sessionId: string,
  content: string,
  about: { readonly author: string | null; readonly target: string | null },
): Promise<void> {
  const node = { type: "leaf", content, inputs: [] };
  const addr = nodeAddress(node);
  await bare.store.write((tx) => {
    insertNode(tx, { ...node, addr, createdAtMs: 0 });
    insertPlacement(tx, {
      scope: `session:${sessionId}`,
      addr,
      content,
      fingerprint: fingerprint(content),
      bucket: "preference",
      state: "preliminary",
      confidence: 0.9,
      priority: 0,
      ...about,
      sourceSession: sessionId,
      sourceFromSeq: 1,
      sourceToSeq: 2,
      validFromMs: 0,
      toldExplicitly: false,
      nowMs: 0,
    });
  });
}
