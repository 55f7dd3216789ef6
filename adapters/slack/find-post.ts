import type { WebClient } from "@slack/web-api";
import type { OutboundMessage } from "../../src/message/message.ts";
import type { FoundPost } from "../../src/platform/adapter.ts";
import { deliveryErrorOf } from "./errors.ts";
import { type HistoryPage, loadHistory } from "./history.ts";
import { carries } from "./post-metadata.ts";

/** Slack's clock may be behind ours by this much. */
const CLOCK_DIFFERENCE_MS = 5 * 60 * 1000;
const PAGE_SIZE = 200;
/** Most pages looked through: a thousand messages since the first attempt; where more was said, nobody can tell for certain. */
const MAX_PAGES = 5;

/** Looks for a post of an earlier attempt among what was said since; throws a `DeliveryError` when Slack can't be asked now. */
export async function findText(web: WebClient, message: OutboundMessage, seed: string): Promise<FoundPost> {
  const sinceMs = message.firstTriedAtMs - CLOCK_DIFFERENCE_MS;
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const loaded: HistoryPage = await loadPage(web, message, sinceMs, cursor);
    const found = loaded.messages.find(({ metadata }) => carries(metadata, message.outboxId, seed));
    if (found !== undefined) return { kind: "found", postId: found.ts };
    if (loaded.nextCursor === null) return { kind: "absent" };
    cursor = loaded.nextCursor;
  }
  return { kind: "unknown" };
}

async function loadPage(
  web: WebClient,
  place: OutboundMessage,
  sinceMs: number,
  cursor: string | null,
): Promise<HistoryPage> {
  try {
    return await loadHistory(web, place, { sinceMs, limit: PAGE_SIZE, cursor });
  } catch (error) {
    throw deliveryErrorOf(error);
  }
}
