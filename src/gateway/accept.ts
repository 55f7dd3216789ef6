import type { Clock } from "../clock/clock.ts";
import { readCommand } from "../command/read-command.ts";
import { type InboundMessage, MAX_MESSAGE_BYTES } from "../message/message.ts";
import type { Events } from "../observe/events.ts";
import type { Accept, Acceptance, Arrival } from "../platform/adapter.ts";
import { type SessionKey, sessionKey } from "../session/key.ts";
import { checkedSource, participantOf, type SessionSource } from "../session/source.ts";
import { endHold } from "../store/holds.ts";
import { countWaiting, insertInbox, type NewInbox, selectInboxOfMessage } from "../store/inbox.ts";
import { insertOverheard } from "../store/overheard.ts";
import { hasSessionOfKey } from "../store/sessions.ts";
import type { SessionStore } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { Tx } from "../store/writer.ts";
import { isAddressed } from "./addressed.ts";
import type { LiveFeed } from "./live-feed.ts";
import { meetStranger } from "./meet-stranger.ts";
import { openOwedMessages } from "./owed-messages.ts";
import type { PlatformRules } from "./platform-rules.ts";
import type { AdapterOf, Post } from "./posts.ts";
import type { SessionQueue } from "./session-queue.ts";
import { openTurnDown, type TurnedDown } from "./turn-down.ts";
import type { TurnLoop } from "./turn-loop.ts";

/** The door of the daemon. */
export interface Door {
  readonly accept: Accept;
  /** From now on every message is refused as `stopping`. */
  close(): void;
}

/** What the door is made of. */
export interface DoorOptions {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly feed: LiveFeed;
  readonly queue: SessionQueue;
  readonly loop: TurnLoop;
  readonly adapterOf: AdapterOf;
  readonly routeOf: (source: SessionSource) => string;
  readonly rulesOf: (platform: string, account: string) => PlatformRules;
  /** Sets posts on their way that answer no inbox row. */
  readonly deliver: (posts: readonly Post[]) => void;
  /** Whether a command of this name never waits. */
  readonly isControl: (name: string) => boolean;
  /** Whether a message that arrives while a turn of this key runs ends that turn. */
  readonly interrupts: (key: string) => boolean;
  /** How long a turn waits for more messages of the same conversation, in milliseconds. */
  readonly debounceMs: number;
}

/** How long the rest of a message may take that is known to have one: a part of an album, a text cut at the platform's limit. */
const REST_MS = 800;
/** Longest line kept as context, in UTF-16 units: fifty of them have to fit a prompt. */
const MAX_OVERHEARD_LENGTH = 2_000;

/**
 * Opens the door: each message becomes one inbox row, and where its session is idle its turn begins in the same transaction.
 * What nobody may say, or is not meant for the bot, becomes none. Resolves when what had to be stored is on disk; rejects when it could not be.
 */
export function openAccept(options: DoorOptions): Door {
  const { store, clock, events, feed, queue, loop, adapterOf } = options;
  const turnDown = openTurnDown(options);
  const owed = openOwedMessages(clock);
  let isClosed = false;

  const accept = async (received: InboundMessage, arrival: Arrival = {}): Promise<Acceptance> => {
    if (isClosed) return refuse(received, "stopping", "I am shutting down. Please send that again in a moment.");
    const message = wellFormed(received);
    // What comes only once can't be put off, and is not owed either.
    if (arrival.answersSender) return await decide(message, arrival);
    if (owed.isBehind(message)) throw new Error("an earlier message of this conversation has to be stored first");
    try {
      const acceptance = await decide(message, arrival);
      owed.taken(message);
      return acceptance;
    } catch (error) {
      if (error instanceof StoreError) owed.refused(message);
      throw error;
    }
  };

  const decide = async (message: InboundMessage, arrival: Arrival): Promise<Acceptance> => {
    const { source } = message;
    const rules = options.rulesOf(source.platform, source.account);
    const admittance = rules.admit(message);
    if (admittance.kind === "stranger") return await turnAway(message, rules, admittance.mayPair);
    const agentId = options.routeOf(source);
    const key = sessionKey(source, store.rules.keys, agentId);
    if (!isAddressed(message, rules, () => hasSessionOfKey(store.reader, key))) return await overhear(message);
    if (Buffer.byteLength(message.text) > MAX_MESSAGE_BYTES) {
      const words = `That message is too long: at most ${MAX_MESSAGE_BYTES / 1024} KiB.`;
      return await turnAside({ message, key, agentId, reason: "too_long", words }, arrival);
    }
    return await take(message, key, agentId, arrival);
  };

  const take = async (
    message: InboundMessage,
    key: SessionKey,
    agentId: string,
    arrival: Arrival,
  ): Promise<Acceptance> => {
    const { source } = message;
    const command = readCommand(message.text);
    if (command !== null && options.isControl(command.name)) return await takeControl(message, key, agentId);
    const joins = command === null;
    const holdMs = joins ? Math.max(message.waitsForMore === true ? REST_MS : 0, options.debounceMs) : 0;
    const admission = queue.offer(key, holdMs > 0);
    if (admission === "full") return await leaveOut(message, key, agentId, arrival);
    const isCrowded = queue.isCrowded(key);
    const payload = JSON.stringify(message);
    const put = (tx: Tx) => {
      if (isCrowded && countWaiting(tx, key) >= queue.maxPending) return { kind: "full" } as const;
      const receivedAtMs = clock.nowMs();
      const row = {
        platform: source.platform,
        account: source.account,
        chatId: source.chatId,
        messageId: message.messageId,
        key,
        agent: agentId,
        payload,
        receivedAtMs,
        mayReset: admission === "behind" ? 0 : 1,
      };
      const arrived = admission === "run" ? loop.begin(tx, row, message) : wait(tx, row);
      if (arrived === null) return { kind: "duplicate", known: knownRow(tx, message) } as const;
      // Whoever writes lets go of what was held.
      if (queue.isHeld(key)) endHold(tx, key);
      return { kind: "stored", ...arrived, receivedAtMs } as const;
    };
    let stored: ReturnType<typeof put>;
    try {
      // Awaited without a detour: what shares the transaction is told of in the order of its posts' numbers.
      stored = await store.write(put);
    } catch (error) {
      queue.withdraw(key, admission);
      loop.pump();
      events.storeWriteFailed({ error });
      throw error;
    }

    if (stored.kind !== "stored") {
      queue.withdraw(key, admission);
      loop.pump();
      return stored.kind === "full" ? await leaveOut(message, key, agentId, arrival) : again(message, stored.known);
    }
    const { inboxId, begun, receivedAtMs } = stored;
    tellAccepted(message, inboxId, receivedAtMs);
    const queued = { inboxId, joins, holds: holdMs > 0 };
    if (begun !== null) loop.start({ key, rows: [queued] }, begun);
    else {
      queue.admitted(key, queued);
      if (holdMs > 0) loop.releaseAfter(key, holdMs);
      if (joins && admission === "behind" && options.interrupts(key)) loop.interrupt(key);
      loop.pump();
    }
    return { kind: "accepted", inboxId, sessionKey: key };
  };

  /** It is on disk: those who watch may see it. */
  const tellAccepted = ({ source, messageId, text, attachments }: InboundMessage, inboxId: number, atMs: number) => {
    const { platform, account, chatId, threadId, userName } = source;
    events.messageAccepted({ platform, account, inboxId });
    const place = { platform, account, chatId, threadId };
    const files = attachments.map(({ name }) => name);
    feed.publish({ kind: "message", place, inboxId, messageId, userName, text, atMs, files });
  };

  /** There is no room for it. What waits already and is delivered once more has its own: its sender need not hear of it. */
  const leaveOut = async (
    message: InboundMessage,
    key: SessionKey,
    agentId: string,
    arrival: Arrival,
  ): Promise<Acceptance> => {
    const known = selectInboxOfMessage(store.reader, placedId(message));
    if (known !== null) return again(message, { inboxId: known.id, sessionKey: known.session_key as SessionKey });
    const words = "Too many messages are waiting here. Please wait for an answer first.";
    return await turnAside({ message, key, agentId, reason: "queue_full", words }, arrival);
  };

  /** A command that is about the running turn does not wait behind it. */
  const takeControl = async (message: InboundMessage, key: SessionKey, agentId: string): Promise<Acceptance> => {
    const { platform, account, chatId } = message.source;
    const payload = JSON.stringify(message);
    const stored = await store.write((tx) => {
      const about = { platform, account, chatId, messageId: message.messageId, key, agent: agentId, payload };
      const row = { ...about, receivedAtMs: clock.nowMs(), mayReset: 0 };
      const controlled = loop.control(tx, row, message);
      return controlled === null ? { known: knownRow(tx, message) } : { ...controlled, receivedAtMs: row.receivedAtMs };
    });
    if ("known" in stored) return again(message, stored.known);
    tellAccepted(message, stored.inboxId, stored.receivedAtMs);
    loop.controlled(stored.begun);
    return { kind: "accepted", inboxId: stored.inboxId, sessionKey: key };
  };

  /** Strangers are met with silence; in a direct chat they may be told how to be let in. */
  const turnAway = async (message: InboundMessage, rules: PlatformRules, mayPair: boolean): Promise<Acceptance> => {
    const { platform, account } = message.source;
    events.messageIgnored({ platform, account, reason: "not_allowed" });
    if (mayPair) {
      const nowMs = clock.nowMs();
      const posts = await store.write((tx) => meetStranger(tx, adapterOf, rules.deciders, message, nowMs));
      if (posts.length > 0)
        events.pairingRequested({ platform, account, person: `${platform}:${participantOf(message.source)}` });
      options.deliver(posts);
    }
    return { kind: "ignored", reason: "not_allowed" };
  };

  /** What is not meant for the bot is context for when it is asked. */
  const overhear = async (message: InboundMessage): Promise<Acceptance> => {
    const { platform, account, chatType, chatId, threadId, userName } = message.source;
    events.messageIgnored({ platform, account, reason: "not_addressed" });
    const text = message.text.slice(0, MAX_OVERHEARD_LENGTH).toWellFormed();
    if (text !== "") {
      const line = { chatType, messageId: message.messageId, senderName: userName, text, atMs: clock.nowMs() };
      await store.write((tx) => insertOverheard(tx, { platform, account, chatId, threadId, ...line }));
    }
    return { kind: "ignored", reason: "not_addressed" };
  };

  const again = (
    { source }: InboundMessage,
    known: { readonly inboxId: number; readonly sessionKey: SessionKey },
  ): Acceptance => {
    events.messageDuplicate({ platform: source.platform, account: source.account, inboxId: known.inboxId });
    return { kind: "duplicate", ...known };
  };

  /** Refuses a message for good: its sender is told, by the adapter where that has a way of its own, else by a post. */
  const turnAside = async (down: TurnedDown, { answersSender }: Arrival): Promise<Acceptance> => {
    if (answersSender || (await turnDown(down))) return refuse(down.message, down.reason, down.words);
    return again(down.message, knownRow(store.reader, down.message));
  };

  const refuse = (
    message: InboundMessage,
    reason: "queue_full" | "too_long" | "stopping",
    words: string,
  ): Acceptance => {
    events.messageRefused({ platform: message.source.platform, account: message.source.account, reason });
    return { kind: "refused", reason, message: words };
  };

  return {
    accept,
    close() {
      isClosed = true;
    },
  };
}

function wait(tx: Tx, row: Omit<NewInbox, "begins">): { readonly inboxId: number; readonly begun: null } | null {
  const inboxId = insertInbox(tx, { ...row, begins: null });
  return inboxId === null ? null : { inboxId, begun: null };
}

function placedId({ source: { platform, account, chatId }, messageId }: InboundMessage) {
  return { platform, account, chatId, messageId };
}

function knownRow(tx: Parameters<typeof selectInboxOfMessage>[0], message: InboundMessage) {
  const row = selectInboxOfMessage(tx, placedId(message));
  if (row === null) throw new Error("an inbox row that was there a statement ago is gone");
  return { inboxId: row.id, sessionKey: row.session_key as SessionKey };
}

/** Half a surrogate pair has no UTF-8 form: it would read back as another character than it was. */
function wellFormed(message: InboundMessage): InboundMessage {
  return {
    ...message,
    source: checkedSource(message.source),
    messageId: message.messageId.toWellFormed(),
    text: message.text.toWellFormed(),
  };
}
