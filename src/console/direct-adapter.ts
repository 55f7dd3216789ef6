import { type Clock, randomHex } from "../clock/clock.ts";
import { openUpload } from "../media/store-upload.ts";
import type { InboundMessage } from "../message/message.ts";
import type { Acceptance, Adapter, Intake } from "../platform/adapter.ts";
import { DeliveryError } from "../platform/delivery-error.ts";
import type { DirectPlatform, MessageBody } from "./message-body.ts";

/** An adapter whose people read our own store: messages are handed to it, and a stored post is a delivered one. */
export interface DirectAdapter extends Adapter {
  receive(body: MessageBody): Promise<DirectAcceptance>;
}

/** What may become of a message for which nobody need be let in: it is always meant for the bot. */
export type DirectAcceptance = Exclude<Acceptance, { readonly kind: "ignored" }>;

/** 128 bits: no two messages without an id of their own ever get the same. */
const MESSAGE_ID_BYTES = 16;

/** Opens such an adapter; `read` is its pure reading of a message, given an id for one that has none. */
export function directAdapter(options: {
  readonly platform: DirectPlatform;
  readonly notes: string;
  readonly read: (body: MessageBody, fallbackId: string) => InboundMessage;
  readonly clock: Clock;
  /** Where uploads lie, absolute. */
  readonly mediaFolder: string;
}): DirectAdapter {
  const { platform, notes, read, clock, mediaFolder } = options;
  const underWay = new Set<Promise<Acceptance>>();
  let intake: Intake | null = null;
  let lastEventAtMs: number | null = null;
  let isStopped = false;

  return {
    platform,
    account: "default",
    deliversOnStore: true,
    notes,
    async start(core) {
      intake = core;
    },
    async receive(body) {
      if (intake === null) throw new Error(`a message for ${platform} arrived before its adapter was started`);
      lastEventAtMs = clock.nowMs();
      const message = read(body, body.messageId ?? randomHex(MESSAGE_ID_BYTES));
      const accepting = intake.accept(message, { answersSender: true });
      underWay.add(accepting);
      try {
        const acceptance = await accepting;
        if (acceptance.kind === "ignored")
          throw new Error(`a message of ${platform} was ignored: ${acceptance.reason}`);
        return acceptance;
      } finally {
        underWay.delete(accepting);
      }
    },
    send({ outboxId }) {
      const message = `post ${outboxId} is read from the store and is not to be sent`;
      return Promise.reject(new DeliveryError("unknown", message, { certain: true }));
    },
    fetchFile: (reference) => openUpload(mediaFolder, reference),
    async stop() {
      isStopped = true;
      await Promise.allSettled(underWay);
    },
    health: () => ({
      connected: intake !== null && !isStopped,
      lastEventAtMs,
      detail: isStopped ? "stopped" : intake === null ? "not started yet" : "part of this process",
    }),
  };
}
