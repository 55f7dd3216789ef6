import {
  DefaultRestOptions,
  DiscordAPIError,
  type RawFile,
  REST,
  type RESTOptions,
  type ResponseLike,
} from "discord.js";
import type { Clock } from "../../src/clock/clock.ts";
import { type HttpCalls, openHttpCalls } from "../../src/platform/http-calls.ts";

/** Longest a call may take, its answer read included; the library's own limit ends with the answer's first byte. */
const TIMEOUT_MS = 15_000;
/** A file of 20 MB has to get through a slow line. */
const UPLOAD_TIMEOUT_MS = 120_000;
/** The library would hold back calls at 50 a second of its own accord; what this bot is granted, Discord's 429 tells. */
const REQUESTS_PER_SECOND = 10_000;
/** Idle connections are closed by us before Discord does: a post on one that it is just closing would be in doubt. */
const IDLE_CONNECTION_MS = 20_000;

/** What goes with a call. */
export interface CallOptions {
  readonly body?: unknown;
  readonly files?: RawFile[];
  readonly query?: URLSearchParams;
  /** False where the address carries a token of its own (interactions). */
  readonly auth?: boolean;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
}

type Method = "get" | "post" | "put" | "patch" | "delete";

/** Discord's REST API: one attempt a call, and what fails, fails at once. It outlives the connections to the gateway. */
export interface Rest {
  /** Throws what discord.js throws; `deliveryErrorOf` tells what it means. */
  call(method: Method, route: `/${string}`, options?: CallOptions): Promise<unknown>;
  close(): void;
}

/** The options for discord.js's REST client: retrying and waiting are the outbox's business. */
export function restOptions(apiUrl: string) {
  return {
    api: apiRootOf(apiUrl),
    retries: 0,
    rejectOnRateLimit: () => true,
    globalRequestsPerSecond: REQUESTS_PER_SECOND,
    timeout: UPLOAD_TIMEOUT_MS,
  };
}

/** Opens the API; nothing is asked yet. */
export function openRest(options: { readonly token: string; readonly apiUrl: string; readonly clock: Clock }): Rest {
  const { token, apiUrl, clock } = options;
  const calls = openHttpCalls(apiUrl, clock, { timeout: IDLE_CONNECTION_MS });
  const rest = new REST({ ...restOptions(apiUrl), makeRequest: requestOn(calls) }).setToken(token);
  return {
    async call(method, route, { signal, body, files, query, auth = true } = {}) {
      const deadline = new AbortController();
      const timer = clock.setTimer(files === undefined ? TIMEOUT_MS : UPLOAD_TIMEOUT_MS, () => deadline.abort());
      try {
        return await rest[method](route, {
          auth,
          signal: signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]),
          ...(body === undefined ? {} : { body }),
          ...(files === undefined ? {} : { files }),
          ...(query === undefined ? {} : { query }),
        });
      } catch (error) {
        // The library forgets a token that was refused once; the next attempt has to ask Discord again.
        if (error instanceof DiscordAPIError && error.status === 401) rest.setToken(token);
        throw error;
      } finally {
        timer.cancel();
      }
    },
    close() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
      calls.close();
    },
  };
}

/** What the library makes its calls with: the forms that it makes of files go its own way. */
function requestOn(calls: HttpCalls): RESTOptions["makeRequest"] {
  return async (url, init) => {
    const { method = "GET", headers, body = null, signal = null } = init;
    if (body !== null && typeof body !== "string") return await DefaultRestOptions.makeRequest(url, init);
    const named = headers as Readonly<Record<string, string>>;
    // Typed as all of an answer of `fetch`; of its headers it asks `get` and `has` alone.
    return (await calls.call(url, { method, headers: named, body, signal })) as unknown as ResponseLike;
  };
}

/** The library adds the version itself. */
function apiRootOf(apiUrl: string): string {
  return apiUrl.replace(/\/+$/, "").replace(/\/v\d+$/, "");
}
