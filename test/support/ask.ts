import assert from "node:assert/strict";
import type { Button, OutboundMessage } from "../../src/message/message.ts";
import type { Session } from "../../src/store/session.ts";
import type { TranscriptMessage } from "../../src/store/transcript-line.ts";
import type { BareGateway } from "./bare-gateway.ts";
import { until } from "./until.ts";

/** How a message differs from Ann's in the direct chat `c`. */
export type About = Parameters<BareGateway["say"]>[2];

/** Longest wait for an answer, in milliseconds; only a failing test takes that long. */
const DEADLINE_MS = 10_000;

/** Says a text in chat `c` and returns what came back, the echo agent's answer without its hint. */
export async function ask(bare: BareGateway, text: string, about: About = {}): Promise<string> {
  const accepted = await bare.say("c", text, about);
  assert.ok(accepted.kind === "accepted", accepted.kind);
  const reply = await bare.gateway.waitForReply(accepted.inboxId, DEADLINE_MS);
  return (reply?.text ?? "nothing").replace(/\n\nThis is the built-in echo agent[\s\S]*/, "");
}

/** The same, and the posts it made: what a person sees, buttons and files included. */
export async function askPosts(bare: BareGateway, text: string, about: About = {}): Promise<OutboundMessage[]> {
  await until("earlier posts are out", () => waitingPosts(bare) === 0);
  const before = bare.adapter.posts.length;
  await ask(bare, text, about);
  await until("it is posted", () => bare.adapter.posts.length > before && waitingPosts(bare) === 0);
  return bare.adapter.posts.slice(before);
}

/** The buttons under the answer to a text. */
export async function askButtons(bare: BareGateway, text: string, about: About = {}): Promise<readonly Button[]> {
  return (await askPosts(bare, text, about)).flatMap(({ buttons }) => buttons);
}

/** The live session of chat `c`, or of another source. */
export function liveSession(
  bare: BareGateway,
  filter: { readonly userId?: string; readonly chatId?: string } = {},
): Session {
  const [session, ...others] = bare.store.listSessions({ live: true, chatId: "c", ...filter }).sessions;
  assert.ok(session !== undefined && others.length === 0, "one live session");
  return session;
}

/** The lines of a session; the live one of chat `c` when none is given. */
export function linesOf(bare: BareGateway, session: Session = liveSession(bare)): readonly TranscriptMessage[] {
  return bare.store.transcript(session.sessionId, { limit: 1_000 });
}

function waitingPosts(bare: BareGateway): number {
  return bare.store.stats().outbox.pending;
}
