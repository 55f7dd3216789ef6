import type { InboundMessage } from "../../src/message/message.ts";
import type { Acceptance, Arrival, Intake, RecentPlace } from "../../src/platform/adapter.ts";

/** A core that takes everything and remembers it: what an adapter's own tests connect it to. */
export interface TestIntake extends Intake {
  /** Messages in the order in which they were handed over, duplicates included. */
  readonly messages: InboundMessage[];
  /** How each of them came. */
  readonly arrivals: Arrival[];
  readonly edits: { chatId: string; messageId: string; text: string }[];
  readonly moves: { fromChatId: string; toChatId: string }[];
  /** Called before each message is taken: may wait, throw (the disk is full) or answer otherwise. */
  beforeAccept: (message: InboundMessage) => Promise<Acceptance | undefined> | Acceptance | undefined;
  /** What catch-up is told. */
  places: RecentPlace[];
}

/** Makes one; as the real core does, it answers a message it knows with `duplicate`. */
export function testIntake(): TestIntake {
  const known = new Map<string, number>();
  const intake: TestIntake = {
    messages: [],
    arrivals: [],
    edits: [],
    moves: [],
    places: [],
    beforeAccept: () => undefined,
    async accept(message, arrival = {}) {
      intake.messages.push(message);
      intake.arrivals.push(arrival);
      const decided = await intake.beforeAccept(message);
      if (decided !== undefined) return decided;
      const { platform, account, chatId } = message.source;
      const id = JSON.stringify([platform, account, chatId, message.messageId]);
      const inboxId = known.get(id);
      if (inboxId !== undefined) return { kind: "duplicate", inboxId, sessionKey: chatId };
      known.set(id, known.size + 1);
      return { kind: "accepted", inboxId: known.size, sessionKey: chatId };
    },
    async edited(change) {
      intake.edits.push(change);
    },
    async chatMoved(change) {
      intake.moves.push(change);
    },
    recentPlaces: (sinceMs) => intake.places.filter(({ lastHeardAtMs }) => lastHeardAtMs >= sinceMs),
  };
  return intake;
}
