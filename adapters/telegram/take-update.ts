import type { InboundMessage } from "../../src/message/message.ts";
import type { Acceptance, AdapterEvents, Intake } from "../../src/platform/adapter.ts";
import { type Albums, openAlbums } from "./albums.ts";
import type { TelegramBot } from "./bot.ts";
import { type Reading, readUpdate } from "./read.ts";
import type { Replies } from "./replies.ts";
import { openTopicNames, type TopicNames } from "./topic-names.ts";

/**
 * Hands one update to the core. `taken`: it may be confirmed. `not_taken`: the core is stopping, the next process gets it.
 * Rejects when it could not be stored.
 */
export type TakeUpdate = (update: unknown) => Promise<"taken" | "not_taken">;

/** What an update is handed over with. */
export interface TakeOptions {
  readonly bot: TelegramBot;
  readonly intake: Intake;
  readonly events: AdapterEvents;
  readonly replies: Replies;
}

/** Makes the function that hands over one update after the other. */
export function openTakeUpdate(options: TakeOptions): TakeUpdate {
  const albums = openAlbums();
  const topics = openTopicNames();
  return async (update) => {
    const reading = readUpdate(update, options.bot);
    switch (reading.kind) {
      case "message":
        return takeMessage(options, filled(reading, albums, topics));
      case "callback":
        return takePress(options, reading, topics);
      case "edited":
        await options.intake.edited(reading);
        return "taken";
      case "moved":
        await options.intake.chatMoved(reading);
        return "taken";
      case "topic":
        topics.learn(reading.chatId, reading.threadId, reading.name);
        options.events.ignored("service_message");
        return "taken";
      case "ignored":
        options.events.ignored(reading.why);
        return "taken";
    }
  };
}

/** A message with what only earlier messages tell. */
function filled(
  { message, albumId }: Extract<Reading, { kind: "message" }>,
  albums: Albums,
  topics: TopicNames,
): InboundMessage {
  const { source, addressed = "yes" } = message;
  return {
    ...message,
    source: topics.named(source),
    addressed: albumId === null ? addressed : albums.addressed(source.chatId, albumId, addressed),
  };
}

async function takeMessage({ intake }: TakeOptions, message: InboundMessage) {
  return refusalOf(await intake.accept(message)) === "stopping" ? "not_taken" : "taken";
}

async function takePress(
  { intake, replies }: TakeOptions,
  { message, callbackId, postId }: Extract<Reading, { kind: "callback" }>,
  topics: TopicNames,
) {
  const named = { ...message, source: topics.named(message.source) };
  const acceptance = await intake.accept(named, { answersSender: true });
  const refusal = refusalOf(acceptance);
  if (refusal === "stopping") return "not_taken";
  replies.acknowledge({ callbackId, ...message.source }, refusal?.words ?? null);
  // Elsewhere it is for the core to say who may press: somebody who may not must not take the buttons from those who may.
  const isTheirs = message.source.chatType === "dm" && acceptance.kind === "accepted";
  if (isTheirs) replies.removeButtons(message.source.chatId, postId);
  return "taken";
}

function refusalOf(acceptance: Acceptance): "stopping" | { readonly words: string } | null {
  switch (acceptance.kind) {
    case "accepted":
    case "duplicate":
    case "ignored":
      return null;
    case "refused":
      return acceptance.reason === "stopping" ? "stopping" : { words: acceptance.message };
  }
}
