import { beginArriving } from "../src/gateway/begin-arriving.ts";
import type { BeginRules } from "../src/gateway/begin-rules.ts";
import type { BegunTurn } from "../src/gateway/begun-turn.ts";
import { finishTurn } from "../src/gateway/finish-turn.ts";
import type { Post } from "../src/gateway/posts.ts";
import type { Answer } from "../src/gateway/run-agent.ts";
import { markSent } from "../src/store/outbox.ts";
import { openStore, type SessionStore } from "../src/store/store.ts";
import type { Commit } from "../src/store/writer.ts";
import { inboundOf, instantAdapter, keyOf, rules } from "./conversation.ts";

/** What writes messages' whole lives, from inbox to "sent". */
export interface MessageLives extends AsyncDisposable {
  /** Writes the lives of these messages, one chat's after the other, different chats' at the same time; resolves when all are on disk. */
  live(messages: readonly ChatMessage[][]): Promise<void>;
  /** Resolves when their full-text rows are on disk as well. */
  settle(): Promise<void>;
}

/** A message on its way into a chat. */
export interface ChatMessage {
  readonly chat: number;
  readonly messageId: string;
  readonly text: string;
}

const beginRules: BeginRules = {
  sessions: rules,
  commands: [],
  adapterOf: () => instantAdapter,
  timeZone: "UTC",
  version: "0",
  isAdmin: () => false,
  activityOf: () => ({ runningMs: null, waiting: 0, approvals: [] }),
  agents: [],
  queueMode: "collect",
  choices: "admins",
  keepFile: () => {
    throw new Error("expected no command");
  },
  runs: {
    sessions: rules,
    adapterOf: () => instantAdapter,
    world: { platforms: [], accountsOf: () => [], homeOf: () => null },
    isAdmin: () => false,
    keepFile: noJob,
    folder: "",
    onEnded: noJob,
    tellPaused: noJob,
  },
  desk: {
    world: { platforms: [], accountsOf: () => [], homeOf: () => null },
    claims: { keys: rules.keys, routeOf: noJob, refusal: noJob },
    hasAgent: noJob,
    timeZone: "UTC",
    refusedPlaces: noJob,
    checkLater: noJob,
    takeWaiting: noJob,
    changed: noJob,
  },
  maxAttempts: 3,
};

/** The store as the gateway drives it: its own functions, in its own transactions. `sent` shares one with whatever comes next. */
export async function openGatewayLives(
  dataDir: string,
  onCommit: (commit: Commit) => void = () => {},
): Promise<MessageLives & { readonly store: SessionStore }> {
  const events = { committed: onCommit, mirrorFailed: fail, mirrorHealed() {} };
  const store = await openStore({ dataDir, rules, events });
  return {
    store,
    async live(messages) {
      await Promise.all(messages.map((lane) => liveLane(store, lane)));
    },
    async settle() {
      await store.search("whatever", { limit: 1 });
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function liveLane(store: SessionStore, messages: readonly ChatMessage[]): Promise<void> {
  let sending: Promise<void> = Promise.resolve();
  for (const message of messages) {
    const begun = begin(store, message);
    await sending;
    const post = await finish(store, await begun);
    sending = deliver(store, post);
  }
  await sending;
}

function begin(store: SessionStore, { chat, messageId, text }: ChatMessage): Promise<BegunTurn> {
  const message = inboundOf(chat, messageId, text);
  return store.write((tx) => {
    const nowMs = Date.now();
    const row = {
      platform: message.source.platform,
      account: message.source.account,
      chatId: message.source.chatId,
      messageId,
      key: keyOf(chat),
      agent: "main",
      payload: JSON.stringify(message),
      receivedAtMs: nowMs,
      mayReset: 1,
    };
    const begun = beginArriving(tx, beginRules, row, message, nowMs)?.begun;
    if (begun?.kind !== "agent") throw new Error(`expected a turn to begin, got ${begun?.kind ?? "a duplicate"}`);
    return begun;
  });
}

async function finish(store: SessionStore, turn: BegunTurn): Promise<Post> {
  const answer: Answer = { text: turn.agentText, posted: turn.agentText, files: [], usage: null, failure: null };
  const [post] = await store.write((tx) =>
    finishTurn(tx, beginRules, turn, { answer, grown: [], steered: [], sends: [], stopReason: null }, Date.now()),
  );
  if (post === undefined) throw new Error("expected a turn to make a post");
  return post;
}

/** What a lane of the delivery does with a post it was handed while nothing else waited. */
async function deliver(store: SessionStore, { outboxId }: Post): Promise<void> {
  await store.write((tx) => markSent(tx, outboxId, `post${outboxId}`, Date.now()));
}

function noJob(): never {
  throw new Error("expected no job");
}

function fail(sessionId: string, error: unknown): never {
  throw new Error(`the mirror of ${sessionId} could not be written`, { cause: error });
}
