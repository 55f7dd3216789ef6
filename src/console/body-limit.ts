import type { MiddlewareHandler } from "hono";
import { bodyLimit as streamLimit } from "hono/body-limit";
import { MAX_MESSAGE_BYTES } from "../message/message.ts";
import { RequestError } from "./request-error.ts";

/** A byte of text takes at most this many in JSON (`\u0001`). */
const MAX_JSON_EXPANSION = 6;
/** Room for the other fields of a body: five ids and a name at their greatest length. */
const OVERHEAD_BYTES = 32 * 1024;
/** Largest body that is read. */
export const MAX_BODY_BYTES = MAX_MESSAGE_BYTES * MAX_JSON_EXPANSION + OVERHEAD_BYTES;

/** Refuses bodies that are larger than any message, before they are in memory. */
export function bodyLimit(): MiddlewareHandler {
  const limitStream = streamLimit({ maxSize: MAX_BODY_BYTES, onError: tooLong });
  return async (c, next) => {
    if (c.req.method === "GET" || c.req.method === "HEAD") return await next();
    const declared = c.req.header("content-length");
    // A declared length is kept by the HTTP parser: the body need not be counted again.
    if (declared === undefined || c.req.header("transfer-encoding") !== undefined) return await limitStream(c, next);
    if (Number(declared) > MAX_BODY_BYTES) tooLong();
    return await next();
  };
}

function tooLong(): never {
  throw new RequestError(413, "too_long", `That is too long: at most ${MAX_MESSAGE_BYTES / 1024} KiB of text.`);
}
