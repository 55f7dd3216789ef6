import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { type Context, Hono } from "hono";
import { RequestError } from "./request-error.ts";

const folder = join(import.meta.dirname, "page");
const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly etag: string;
}

/** `/` and `/page/*`: the console's page, open to everybody, since it holds nothing of anybody. Its files are read once, when first asked for. */
export function pageRoutes(): Hono {
  let files: ReadonlyMap<string, PageFile> | null = null;
  const fileOf = (name: string): PageFile | undefined => {
    files ??= loadPageFiles();
    return files.get(name);
  };

  const answer = (c: Context, name: string): Response => {
    const file = fileOf(name);
    if (file === undefined) throw new RequestError(404, "not_found", "There is nothing at this address.");
    // Browsers ask each time whether it is still the same: after an upgrade no old file meets a new one.
    c.header("Cache-Control", "no-cache");
    c.header("ETag", file.etag);
    if (c.req.header("if-none-match") === file.etag) return c.body(null, 304);
    c.header("Content-Type", file.contentType);
    return c.body(file.body);
  };

  const routes = new Hono();
  routes.get("/", (c) => answer(c, "index.html"));
  routes.get("/page/:name", (c) => answer(c, c.req.param("name")));
  return routes;
}

/** Names come from the folder, so that no path from outside ever reaches the disk. */
function loadPageFiles(): ReadonlyMap<string, PageFile> {
  const files = readdirSync(folder).flatMap((name): (readonly [string, PageFile])[] => {
    const contentType = contentTypes[extname(name)];
    if (contentType === undefined) return [];
    const body = new Uint8Array(readFileSync(join(folder, name)));
    const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
    return [[name, { body, contentType, etag }]];
  });
  return new Map(files);
}
