import { WebClient, type WebClientOptions } from "@slack/web-api";
import { silentLogger } from "./silent-logger.ts";

/** Longest wait for an answer; Slack answers within a second, and a post is better asked about than waited for. */
const CALL_TIMEOUT_MS = 15_000;

/**
 * How each of our clients calls Slack: once. Repeating is the outbox's business, and the library's own waiting after a 429 would
 * hold up all chats.
 */
export function webClientOptions(apiUrl: string): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    logger: silentLogger,
  };
}

/** A client for the Web API at `apiUrl` (which ends with a slash or not) that acts as the owner of `token`. */
export function openWebClient(token: string, apiUrl: string): WebClient {
  return new WebClient(token, webClientOptions(apiUrl));
}
