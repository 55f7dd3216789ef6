import { WebClient, type WebClientOptions } from "@slack/web-api";
import type { Clock } from "../../src/clock/clock.ts";
import { type HttpCalls, openHttpCalls } from "../../src/platform/http-calls.ts";
import { silentLogger } from "./silent-logger.ts";

/** Longest wait for an answer; Slack answers within a second, and a post is better asked about than waited for. */
const CALL_TIMEOUT_MS = 15_000;

/** Idle connections are closed by us before Slack does: a post on one that it is just closing would be in doubt. */
const IDLE_CONNECTION_MS = 20_000;

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
export function openWebClient(
  token: string,
  apiUrl: string,
  clock: Clock,
): { readonly web: WebClient; readonly calls: HttpCalls } {
  const calls = openHttpCalls(apiUrl, clock, { timeout: IDLE_CONNECTION_MS });
  const fetch: WebClientOptions["fetch"] = async (url, { body, ...init } = {}) => {
    // The library makes a form of bytes alone; files go up in calls of our own.
    if (body instanceof FormData) throw new TypeError("expected the body of a call as text, got a form");
    return await calls.call(String(url), body === undefined ? init : { ...init, body });
  };
  return { web: new WebClient(token, { ...webClientOptions(apiUrl), fetch }), calls };
}
