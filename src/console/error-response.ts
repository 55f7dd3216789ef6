import type { Context } from "hono";
import type { Log } from "../observe/log.ts";
import { StoreError, type StoreFailure } from "../store/store-error.ts";
import { RequestError } from "./request-error.ts";
import { routeOf } from "./request-log.ts";

/** How long a caller should wait before it asks a store again that could not write: an operator has to act. */
const STORE_RETRY_SECONDS = 10;

/** Answers what a route threw: `{ error: { code, message } }`. What nobody expected is logged, and says nothing of itself to the caller. */
export function errorResponse(log: Log): (error: Error, c: Context) => Response {
  return (error, c) => {
    const known = error instanceof StoreError ? requestErrorOf(error) : error;
    if (known instanceof RequestError) {
      if (known.retryAfterSeconds !== null) c.header("Retry-After", String(known.retryAfterSeconds));
      if (known.status === 401) c.header("WWW-Authenticate", 'Bearer realm="parley"');
      return c.json({ error: { code: known.code, message: known.message } }, known.status);
    }
    log.error({ method: c.req.method, route: routeOf(c), error }, "internal error while answering a request");
    const message = "Something went wrong on this side. The daemon's log says what.";
    return c.json({ error: { code: "internal", message } }, 500);
  };
}

function requestErrorOf(error: StoreError): RequestError {
  const { status, code } = storeFailures[error.kind];
  return new RequestError(status, code, error.message, status >= 500 ? STORE_RETRY_SECONDS : null);
}

const unavailable = { status: 503, code: "store_unavailable" } as const;
const storeFailures: Readonly<Record<StoreFailure, { status: 400 | 404 | 503 | 507; code: string }>> = {
  full: { status: 507, code: "store_full" },
  not_found: { status: 404, code: "not_found" },
  invalid: { status: 400, code: "invalid_request" },
  locked: unavailable,
  corrupt: unavailable,
  newer: unavailable,
  readonly: unavailable,
  io: unavailable,
  closed: unavailable,
};
