import type { Context, MiddlewareHandler } from "hono";
import { MAX_MESSAGE_BYTES } from "../message/message.ts";
import { RequestError } from "./request-error.ts";
import { UPLOADS } from "./upload-address.ts";

/** A byte of text takes at most this many in JSON (`\u0001`). */
const MAX_JSON_EXPANSION = 6;
/** Room for the other fields of a body: five ids and a name at their greatest length. */
const OVERHEAD_BYTES = 32 * 1024;
/** Largest body that is read. */
export const MAX_BODY_BYTES = MAX_MESSAGE_BYTES * MAX_JSON_EXPANSION + OVERHEAD_BYTES;

/** Refuses bodies that say that they are larger than any message, before they are read. */
export function bodyLimit(): MiddlewareHandler {
  return async (c, next) => {
    // A file is counted while it is written.
    if (c.req.path !== UPLOADS && Number(c.req.header("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLong();
    await next();
  };
}

/** A request's body as text; throws a `RequestError` as soon as one that did not say its length is larger than any message. */
export async function bodyText(c: Context): Promise<string> {
  // A declared length is kept by the HTTP parser: the body need not be counted again.
  if (c.req.header("transfer-encoding") === undefined) return await c.req.text();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function tooLong(): RequestError {
  return new RequestError(413, "too_long", `That is too long: at most ${MAX_MESSAGE_BYTES / 1024} KiB of text.`);
}
