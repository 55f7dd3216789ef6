import { Api, type ApiClientOptions } from "grammy";
import type { Clock } from "../../src/clock/clock.ts";
import { openHttpCalls } from "../../src/platform/http-calls.ts";

/** Longest wait for a call, in seconds; grammy's own is 500. Telegram answers within one or two. */
const CALL_TIMEOUT_SECONDS = 30;
/** Longest wait for an upload: 50 MB at 200 kB/s. Polls are ended earlier by the poll loop. */
const LONG_TIMEOUT_SECONDS = 300;
/** Calls at a time; more wait. Telegram takes about 30 posts a second in all (core.telegram.org/bots/faq). */
const MAX_CALLS = 64;
/** Uploads at a time: they share one line. */
const MAX_UPLOADS = 4;
/** One poll, and its successor while it is being given up. */
const MAX_POLLS = 2;
/** Idle connections are closed by us before Telegram does: a call on one that it is just closing would be lost, and nobody could say whether it was heard. */
const IDLE_CONNECTION_MS = 20_000;

/** grammy's client, without its retries: whether a call is made again is decided by whoever made it. */
export interface TelegramClient {
  readonly api: Api;
  /** For posts with files, which may take minutes. */
  readonly uploadApi: Api;
  /** For polls, on connections of their own: no pile of posts keeps it from reading. */
  readonly pollApi: Api;
  /** Ends every call and connection. */
  close(): void;
}

/** Opens a client; nothing is sent yet. `apiRoot` has no slash at its end. */
export function openClient(options: {
  readonly token: string;
  readonly apiRoot: string;
  readonly clock: Clock;
}): TelegramClient {
  const { token, apiRoot, clock } = options;
  const openApi = (timeoutSeconds: number, maxSockets: number) => {
    const calls = openHttpCalls(apiRoot, clock, { timeout: IDLE_CONNECTION_MS, maxSockets });
    // Typed as all of `fetch`; of the answer it asks for the JSON alone.
    const fetch = calls.call as unknown as NonNullable<ApiClientOptions["fetch"]>;
    return { calls, api: new Api(token, { apiRoot, fetch, timeoutSeconds }) };
  };
  const calls = openApi(CALL_TIMEOUT_SECONDS, MAX_CALLS);
  const uploads = openApi(LONG_TIMEOUT_SECONDS, MAX_UPLOADS);
  const polls = openApi(LONG_TIMEOUT_SECONDS, MAX_POLLS);
  return {
    api: calls.api,
    uploadApi: uploads.api,
    pollApi: polls.api,
    close() {
      for (const { calls: open } of [calls, uploads, polls]) open.close();
    },
  };
}

type LibrarySignal = NonNullable<Parameters<Api["getMe"]>[0]>;

/** A signal as grammy's types want it: they name those of a package that stands in for the platform's own, which it takes as well. */
export function librarySignal(signal: AbortSignal): LibrarySignal {
  return signal as unknown as LibrarySignal;
}
