import type { WebClient } from "@slack/web-api";
import type { Clock } from "../../src/clock/clock.ts";
import type { AdapterEvents, Intake } from "../../src/platform/adapter.ts";
import type { Bot } from "./bot.ts";
import { openCatchUp } from "./catch-up.ts";
import { chatOrder } from "./chat-order.ts";
import { boltDeliveries, type Deliver } from "./deliveries.ts";
import { openNames } from "./names.ts";
import { type Receipt, type ReceiveOptions, receive, receivePast } from "./receive.ts";
import { tellPresser } from "./tell-presser.ts";
import { openUserGroups } from "./user-groups.ts";

/** Everything between Slack's deliveries and the core. */
export interface Listening {
  readonly deliver: Deliver;
  /** Reads what was said while nobody listened. */
  catchUp(): void;
  /** Takes nothing more, and waits for what is being taken. */
  stop(): Promise<void>;
}

const NOT_TAKEN: Receipt = { kind: "withhold", error: null };

/** Begins to take what is delivered. */
export function startListening(options: {
  readonly account: string;
  readonly replyInThread: boolean;
  readonly userGroups: readonly string[];
  readonly bot: Bot;
  readonly web: WebClient;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly events: AdapterEvents;
}): Listening {
  const { account, replyInThread, userGroups, bot, web, intake, clock, events } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<Receipt>>();
  const names = openNames(web, clock, stopping.signal);
  const groups = openUserGroups(web, userGroups, { clock, events, signal: stopping.signal });
  // Before anybody has said a word: the first one need not wait for it.
  void groups.load();
  const receiving: ReceiveOptions = {
    account,
    replyInThread,
    bot,
    intake,
    names,
    groups,
    order: chatOrder(),
    events,
    caughtUp: (chatId) => catchUp.caughtUp(chatId),
    tellPresser: (message, words) => tellPresser(web, message, words, events),
  };
  const catchUp = openCatchUp({
    web,
    intake,
    teamId: bot.teamId,
    clock,
    events,
    take: (bodies) => receivePast(bodies, receiving),
  });
  let isFailureTold = false;

  const take = async (body: unknown): Promise<Receipt> => {
    const receipt = await receive(body, receiving);
    const failure = receipt.kind === "withhold" ? receipt.error : null;
    // A full disk fails every message: one line until it works again.
    if (failure !== null && !isFailureTold) {
      events.warning("a message could not be stored; Slack was not confirmed to and delivers it again", failure);
    }
    isFailureTold = failure !== null;
    return receipt;
  };
  const deliver = boltDeliveries({ bot, take, notUnderstood: () => events.ignored("not_understood") });

  return {
    async deliver(delivery) {
      if (stopping.signal.aborted) return NOT_TAKEN;
      const taking = deliver(delivery);
      underWay.add(taking);
      try {
        return await taking;
      } finally {
        underWay.delete(taking);
      }
    },
    catchUp: () => catchUp.begin(),
    async stop() {
      stopping.abort();
      await Promise.all([catchUp.stop(), ...underWay]);
    },
  };
}
