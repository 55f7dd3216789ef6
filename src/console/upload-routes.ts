import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import type { MediaRules } from "../gateway/turn-files.ts";
import { sizeText } from "../media/attachment-size.ts";
import { storeUpload } from "../media/store-upload.ts";
import { readQuery } from "./read-request.ts";
import { RequestError } from "./request-error.ts";
import { UPLOADS } from "./upload-address.ts";

/** Files written at a time: a few people's; each holds a connection and a file. */
const MAX_UPLOADS = 16;
const RETRY_SECONDS = 2;
const MAX_NAME_LENGTH = 1024;
const MAX_TYPE_LENGTH = 255;

const uploadQuery = z.strictObject({
  name: z.string().max(MAX_NAME_LENGTH).default(""),
  type: z.string().max(MAX_TYPE_LENGTH).default(""),
});

/**
 * `POST /api/uploads?name=…&type=…` takes a file, which a message may name once this has answered: it is on disk by then.
 * Those that no message names are forgotten with the others.
 */
export function uploadRoutes(media: MediaRules, clock: Clock, closing: AbortSignal): Hono {
  const routes = new Hono();
  let underWay = 0;
  routes.post(UPLOADS, async (c) => {
    const { name, type } = readQuery(c, uploadQuery);
    if (Number(c.req.header("content-length") ?? 0) > media.maxBytes) throw tooLarge(media);
    if (underWay >= MAX_UPLOADS) {
      throw new RequestError(503, "too_many_uploads", "Too many files are coming in already.", RETRY_SECONDS);
    }
    underWay += 1;
    try {
      const signal = AbortSignal.any([c.req.raw.signal, closing]);
      const upload = { ...media, name, mimeType: type, stream: chunksOf(c), signal, nowMs: clock.nowMs() };
      const attachment = await storeUpload(upload);
      if (attachment === null) throw tooLarge(media);
      return c.json(attachment, 201);
    } finally {
      underWay -= 1;
    }
  });
  return routes;
}

async function* chunksOf(c: Context): AsyncGenerator<Uint8Array> {
  for await (const chunk of c.req.raw.body ?? []) yield chunk;
}

function tooLarge({ maxBytes }: MediaRules): RequestError {
  return new RequestError(413, "too_large", `That file is too large: at most ${sizeText(maxBytes)}.`);
}
