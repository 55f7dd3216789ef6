import { App, type Receiver } from "@slack/bolt";
import type { Bot } from "./bot.ts";
import type { Receipt } from "./receive.ts";
import { silentLogger } from "./silent-logger.ts";

/** One delivery of Slack: its body, and which repetition it is. */
export interface Delivery {
  readonly body: unknown;
  readonly retryNumber?: number | undefined;
}

/** Takes a delivery through Bolt to `take`, and says what Slack is to be told; never rejects. */
export type Deliver = (delivery: Delivery) => Promise<Receipt>;

const NOTHING_TO_TAKE: Receipt = { kind: "confirm", reply: null };

/**
 * Bolt with a receiver of our own. Bolt confirms an event before any listener has seen it (outside HTTP there is no other way), so
 * it is given a confirmation that does nothing, and whoever delivers confirms by the receipt. What Bolt makes nothing of is
 * confirmed and counted by `notUnderstood`.
 */
export function boltDeliveries(options: {
  readonly bot: Bot;
  readonly take: (body: unknown) => Promise<Receipt>;
  readonly notUnderstood: () => void;
}): Deliver {
  const { bot, take, notUnderstood } = options;
  const receipts = new WeakMap<object, Receipt>();
  const receiver: Receiver = {
    init() {},
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  const app = new App({
    receiver,
    authorize: () => Promise.resolve({ botUserId: bot.userId, ...(bot.botId === null ? {} : { botId: bot.botId }) }),
    // Reading says what is our own, and for which reason.
    ignoreSelf: false,
    convoStore: false,
    logger: silentLogger,
  });
  app.use(async ({ body }) => {
    receipts.set(body, await take(body));
  });

  return async ({ body, retryNumber }) => {
    if (typeof body !== "object" || body === null) {
      notUnderstood();
      return NOTHING_TO_TAKE;
    }
    try {
      await app.processEvent({
        body,
        ack: () => Promise.resolve(),
        ...(retryNumber === undefined ? {} : { retryNum: retryNumber }),
      });
    } catch {
      // Bolt stumbles over bodies of an unknown shape; `take` itself never rejects. Slack would only send the same again.
    }
    const receipt = receipts.get(body);
    if (receipt === undefined) notUnderstood();
    return receipt ?? NOTHING_TO_TAKE;
  };
}
