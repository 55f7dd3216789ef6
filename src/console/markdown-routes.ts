import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "./read-request.ts";

/** Texts of one request: more than a page of a transcript has. */
const MAX_TEXTS = 100;
/** Length of all texts of one request, in UTF-16 units, as `MAX_PARSED_LENGTH`: parsing them holds up the daemon for tenths of a second at most. */
const MAX_TEXTS_LENGTH = 64 * 1024;

const tooLong = `expected texts of ${MAX_TEXTS_LENGTH} characters at most, all together`;
const markdownBody = z.strictObject({
  texts: z
    .array(z.string({ error: "expected texts" }))
    .max(MAX_TEXTS, { error: `expected at most ${MAX_TEXTS} texts` })
    .refine((texts) => texts.reduce((sum, text) => sum + text.length, 0) <= MAX_TEXTS_LENGTH, { error: tooLong }),
});

/** `POST /api/markdown`: markdown as trees to show, so that the page parses nothing and never needs markup. */
export function markdownRoutes(): Hono {
  const routes = new Hono();
  routes.post("/api/markdown", async (c) => {
    const { texts } = await readBody(c, markdownBody);
    // The parser takes memory, and many a daemon has nobody at its page.
    const { shownTree } = await import("../message/shown-tree.ts");
    return c.json({ trees: texts.map((text) => shownTree(text)) });
  });
  return routes;
}
