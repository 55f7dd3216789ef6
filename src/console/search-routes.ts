import { Hono } from "hono";
import { z } from "zod";
import type { SessionStore } from "../store/store.ts";
import { boundedText, idText } from "./message-body.ts";
import { countText, MAX_POSITION, readQuery } from "./read-request.ts";

/** Longest text that is searched for, in UTF-16 units. */
const MAX_QUERY_LENGTH = 500;
const MAX_HITS = 100;
const DEFAULT_HITS = 20;

const searchQuery = z.strictObject({
  q: boundedText(MAX_QUERY_LENGTH),
  limit: countText(1, MAX_HITS).default(DEFAULT_HITS),
  before: countText(1, MAX_POSITION).exactOptional(),
  sessionId: idText.exactOptional(),
  platform: idText.exactOptional(),
});

/** `GET /api/search`: the newest lines that contain every word, in one session or in all. */
export function searchRoutes(store: SessionStore): Hono {
  const routes = new Hono();
  routes.get("/api/search", async (c) => {
    const { q, ...filter } = readQuery(c, searchQuery);
    const hits = await store.search(q, filter);
    const last = hits.at(-1);
    return c.json({
      hits: hits.map(({ cursor: _, ...hit }) => hit),
      next: last !== undefined && hits.length === filter.limit ? String(last.cursor) : null,
    });
  });
  return routes;
}
