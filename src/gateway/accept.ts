import type { Clock } from "../clock/clock.ts";
import { type InboundMessage, MAX_MESSAGE_BYTES } from "../message/message.ts";
import type { Events } from "../observe/events.ts";
import type { Accept, Acceptance } from "../platform/adapter.ts";
import { type SessionKey, sessionKey } from "../session/key.ts";
import { readSessionSource, type SessionSource } from "../session/source.ts";
import { insertedInbox, insertInbox, selectInboxOfMessage } from "../store/inbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { LiveFeed } from "./live-feed.ts";
import type { SessionQueue } from "./session-queue.ts";
import type { TurnLoop } from "./turn-loop.ts";

/** The door of the daemon. */
export interface Door {
  readonly accept: Accept;
  /** From now on every message is refused as `stopping`. */
  close(): void;
}

/**
 * Opens the door: each message becomes one inbox row, and where its session is idle its turn begins in the same transaction.
 * Resolves when that is on disk; rejects when it could not be stored.
 */
export function openAccept(options: {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly feed: LiveFeed;
  readonly queue: SessionQueue;
  readonly loop: TurnLoop;
  readonly routeOf: (source: SessionSource) => string;
}): Door {
  const { store, clock, events, feed, queue, loop } = options;
  let isClosed = false;

  const refuse = (
    message: InboundMessage,
    reason: "queue_full" | "too_long" | "stopping",
    words: string,
  ): Acceptance => {
    events.messageRefused({ platform: message.source.platform, account: message.source.account, reason });
    return { kind: "refused", reason, message: words };
  };

  const accept = async (received: InboundMessage): Promise<Acceptance> => {
    const message = wellFormed(received);
    const { source } = message;
    if (isClosed) return refuse(message, "stopping", "I am shutting down. Please send that again in a moment.");
    if (Buffer.byteLength(message.text) > MAX_MESSAGE_BYTES) {
      return refuse(message, "too_long", `That message is too long: at most ${MAX_MESSAGE_BYTES / 1024} KiB.`);
    }
    const agentId = options.routeOf(source);
    const key = sessionKey(source, store.rules.keys, agentId);
    const admission = queue.offer(key);
    if (admission === "full") {
      return refuse(message, "queue_full", "Too many messages are waiting here. Please wait for an answer first.");
    }
    const payload = JSON.stringify(message);
    const stored = await store
      .write((tx) => {
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
        const inboxId = insertInbox(tx, row);
        if (inboxId === null) return { kind: "duplicate", known: knownRow(tx, message) } as const;
        const begun = admission === "run" ? loop.begin(tx, insertedInbox(inboxId, row), message) : null;
        return { kind: "stored", inboxId, begun, receivedAtMs } as const;
      })
      .catch((error: unknown) => {
        queue.withdraw(key, admission);
        loop.pump();
        events.storeWriteFailed({ error });
        throw error;
      });

    const { platform, account, chatId, threadId } = source;
    if (stored.kind === "duplicate") {
      queue.withdraw(key, admission);
      loop.pump();
      events.messageDuplicate({ platform, account, inboxId: stored.known.inboxId });
      return { kind: "duplicate", ...stored.known };
    }
    const { inboxId, begun, receivedAtMs } = stored;
    events.messageAccepted({ platform, account, inboxId });
    feed.publish({
      kind: "message",
      place: { platform, account, chatId, threadId },
      inboxId,
      messageId: message.messageId,
      userName: source.userName,
      text: message.text,
      atMs: receivedAtMs,
    });
    if (begun !== null) loop.start({ key, inboxId }, begun);
    else {
      queue.admitted(key, inboxId);
      loop.pump();
    }
    return { kind: "accepted", inboxId, sessionKey: key };
  };

  return {
    accept,
    close() {
      isClosed = true;
    },
  };
}

function knownRow(tx: Parameters<typeof selectInboxOfMessage>[0], message: InboundMessage) {
  const { platform, account, chatId } = message.source;
  const row = selectInboxOfMessage(tx, { platform, account, chatId, messageId: message.messageId });
  if (row === null) throw new Error("an inbox row that was there a statement ago is gone");
  return { inboxId: row.id, sessionKey: row.session_key as SessionKey };
}

/** Half a surrogate pair has no UTF-8 form: it would read back as another character than it was. */
function wellFormed(message: InboundMessage): InboundMessage {
  return {
    ...message,
    source: readSessionSource(message.source),
    messageId: message.messageId.toWellFormed(),
    text: message.text.toWellFormed(),
  };
}
