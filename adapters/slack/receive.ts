import type { InboundMessage } from "../../src/message/message.ts";
import type { AdapterEvents, Intake } from "../../src/platform/adapter.ts";
import type { Bot } from "./bot.ts";
import type { ChatOrder } from "./chat-order.ts";
import type { Names } from "./names.ts";
import { neededNames } from "./needed-names.ts";
import { readBody, type SlackBody } from "./payload.ts";
import { conversationKindOf } from "./place.ts";
import { readDelivery } from "./read.ts";
import type { UserGroups } from "./user-groups.ts";

/** What Slack is to be told of a delivery: that it arrived, with a word for who sent it where there is one; or nothing yet. */
export type Receipt =
  | { readonly kind: "confirm"; readonly reply: string | null }
  /** Not on our disk: Slack is not confirmed to, and delivers it again. */
  | { readonly kind: "withhold"; readonly error: unknown };

/** What a delivery needs to become a message. */
export interface ReceiveOptions {
  readonly account: string;
  readonly replyInThread: boolean;
  readonly bot: Bot;
  readonly intake: Intake;
  readonly names: Names;
  readonly groups: UserGroups;
  readonly order: ChatOrder;
  readonly events: AdapterEvents;
  /** What has to be read of a chat before something new of it is taken; null for nothing. */
  caughtUp(chatId: string): Promise<void> | null;
  /** Tells whoever pressed a button why that was not taken. */
  tellPresser(message: InboundMessage, words: string): void;
}

const CONFIRMED: Receipt = { kind: "confirm", reply: null };
const WITHHELD: Receipt = { kind: "withhold", error: null };

/** Hands one delivery to the core and says what to tell Slack; never rejects. */
export async function receive(body: unknown, options: ReceiveOptions): Promise<Receipt> {
  const parsed = readBody(body);
  const { names, groups, order } = options;
  if (parsed.kind === "event") learnKind(parsed, names);
  const chatId = chatIdOf(parsed);
  const wait = together([names.load(neededNames(parsed)), groups.load(), options.caughtUp(chatId)]);
  try {
    return await order.after(chatId, wait, () => handOver(parsed, options));
  } catch (error) {
    return { kind: "withhold", error };
  }
}

/**
 * The same for what was read from history, in order: it waits for nothing but names, and is handed over all at once, so that it shares
 * transactions. Rejects when some of it could not be stored.
 */
export async function receivePast(bodies: readonly SlackBody[], options: ReceiveOptions): Promise<void> {
  await Promise.all([options.groups.load(), ...bodies.map((body) => options.names.load(neededNames(body)))]);
  const receipts = await Promise.allSettled(bodies.map((body) => handOver(body, options)));
  const failed = receipts.find((receipt) => receipt.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function handOver(body: SlackBody, options: ReceiveOptions): Promise<Receipt> {
  const reading = readDelivery(body, options.bot, options);
  switch (reading.kind) {
    case "ignored":
      options.events.ignored(reading.why);
      return CONFIRMED;
    case "edited": {
      const { chatId, messageId, text } = reading;
      await options.intake.edited({ chatId, messageId, text });
      return CONFIRMED;
    }
    case "message":
      return takeMessage(withRoles(reading.message, options), options);
    case "command":
    case "callback":
      return takeInteraction({ ...reading, message: withRoles(reading.message, options) }, options);
  }
}

/** Slack's roles are its user groups, which no delivery tells. */
function withRoles(message: InboundMessage, { groups }: ReceiveOptions): InboundMessage {
  const roleIds = groups.of(message.source.userId ?? "");
  return roleIds.length === 0 ? message : { ...message, roleIds };
}

async function takeMessage(message: InboundMessage, { intake }: ReceiveOptions): Promise<Receipt> {
  const acceptance = await intake.accept(message);
  return acceptance.kind === "refused" && acceptance.reason === "stopping" ? WITHHELD : CONFIRMED;
}

async function takeInteraction(
  { kind, message }: { readonly kind: "command" | "callback"; readonly message: InboundMessage },
  { intake, tellPresser }: ReceiveOptions,
): Promise<Receipt> {
  const acceptance = await intake.accept(message, { answersSender: true });
  if (acceptance.kind !== "refused") return CONFIRMED;
  if (acceptance.reason === "stopping") return WITHHELD;
  // The answer to a slash command is seen by its sender alone.
  if (kind === "command") return { kind: "confirm", reply: acceptance.message };
  tellPresser(message, acceptance.message);
  return CONFIRMED;
}

function learnKind({ event }: Extract<SlackBody, { kind: "event" }>, names: Names): void {
  const kind = conversationKindOf(event.channel_type);
  if (kind !== null) names.learnKind(event.channel, kind);
}

function chatIdOf(body: SlackBody): string {
  switch (body.kind) {
    case "event":
      return body.event.channel;
    case "command":
      return body.command.channel_id;
    case "press":
      return body.press.channel?.id ?? "";
    case "other":
      return "";
  }
}

function together(waits: readonly (Promise<void> | null)[]): Promise<unknown> | null {
  const some = waits.filter((wait) => wait !== null);
  return some.length < 2 ? (some[0] ?? null) : Promise.all(some);
}
