import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { type Context, Hono } from "hono";
import { storedPostEvent } from "../gateway/post-event.ts";
import { isMediaPath } from "../media/media-path.ts";
import type { Attachment } from "../message/message.ts";
import { selectLatestPosts, selectPost } from "../store/shown-posts.ts";
import type { SessionStore } from "../store/store.ts";
import { noSession, readIdParam } from "./read-request.ts";
import { RequestError } from "./request-error.ts";

/** Posts shown beside a transcript: what commands replied lately. */
const MAX_POSTS = 100;
/** What browsers may take for a picture; everything else is a file to be saved, whatever it says it is. */
const pictureTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** `GET /api/sessions/:id/posts`: what was posted in a conversation lately, replies of commands included. `GET /api/posts/:id/file`: a post's file. */
export function postRoutes(store: SessionStore): Hono {
  const routes = new Hono();
  routes.get("/api/sessions/:id/posts", (c) => {
    const session = store.session(readIdParam(c));
    if (session === null) throw noSession();
    const posts = selectLatestPosts(store.reader, session.source, MAX_POSTS).filter(
      // What belongs to no session was said to whoever was there.
      (row) => row.session === session.row || (row.session === null && row.created_at_ms >= session.createdAtMs),
    );
    return c.json({ posts: posts.map(storedPostEvent) });
  });
  routes.get("/api/posts/:id/file", (c) => answerFile(c, store));
  return routes;
}

async function answerFile(c: Context, store: SessionStore): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const file = /^\d{1,15}$/.test(id) ? selectPost(store.reader, Number(id))?.file : null;
  const attachment = typeof file === "string" ? (JSON.parse(file) as Attachment) : null;
  if (attachment === null || !isMediaPath(attachment.path)) throw noFile();
  const found = await stat(attachment.path).catch(() => null);
  // Files are kept for a month; what is gone from the disk is gone.
  if (found?.isFile() !== true) throw noFile();
  const { mimeType, name, path } = attachment;
  c.header("Content-Type", pictureTypes.has(mimeType) ? mimeType : "application/octet-stream");
  c.header("Content-Length", String(found.size));
  c.header("Content-Disposition", `attachment; filename*=UTF-8''${encodedName(name)}`);
  return c.body(Readable.toWeb(createReadStream(path)));
}

/** A file's name as RFC 8187 wants it in a header. */
function encodedName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
}

function noFile(): RequestError {
  return new RequestError(404, "not_found", "There is no such file, or it is not kept any more.");
}
