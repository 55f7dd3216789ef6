import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { ChatPlace } from "../../src/platform/adapter.ts";

/** The most Slack gives to an app of one workspace at a time (docs.slack.dev/reference/methods/conversations.history). */
const MAX_PAGE = 200;

/** One message of the past; everything beyond these is read where it is needed. */
const pastMessage = z.looseObject({
  ts: z.string(),
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  metadata: z
    .looseObject({ event_type: z.string().nullish(), event_payload: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
});

const page = z.object({
  messages: z.array(pastMessage).nullish(),
  has_more: z.boolean().nullish(),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

/** One message as history has it. */
export type PastMessage = z.output<typeof pastMessage>;

/** One page of what was said in a place. */
export interface HistoryPage {
  /** As Slack orders them: the latest first in a channel, the earliest first in a thread. */
  readonly messages: readonly PastMessage[];
  /** Where the next page begins; null on the last one. */
  readonly nextCursor: string | null;
}

/** Reads one page of what was said since `sinceMs`; throws the client's error. */
export async function loadHistory(
  web: WebClient,
  place: ChatPlace,
  options: { readonly sinceMs: number; readonly limit: number; readonly cursor?: string | null },
): Promise<HistoryPage> {
  const question = {
    channel: place.chatId,
    oldest: slackTime(options.sinceMs),
    inclusive: true,
    limit: Math.min(options.limit, MAX_PAGE),
    include_all_metadata: true,
    ...(options.cursor ? { cursor: options.cursor } : {}),
  };
  const answer = page.parse(
    place.threadId === null
      ? await web.conversations.history(question)
      : await web.conversations.replies({ ...question, ts: place.threadId }),
  );
  const cursor = answer.response_metadata?.next_cursor;
  return { messages: answer.messages ?? [], nextCursor: answer.has_more && cursor ? cursor : null };
}

/** Milliseconds since 1970 UTC as Slack writes them. */
function slackTime(ms: number): string {
  return (Math.max(ms, 0) / 1000).toFixed(6);
}
