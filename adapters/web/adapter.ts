import type { Clock } from "../../src/clock/clock.ts";
import { type DirectAdapter, directAdapter } from "../../src/console/direct-adapter.ts";
import { readWebMessage } from "./read.ts";

/** The adapter of the console's page and of programs that use the HTTP API. */
export function webAdapter(clock: Clock, mediaFolder: string): DirectAdapter {
  return directAdapter({
    platform: "web",
    notes:
      "Replies are shown on a web page as GitHub-flavoured markdown: tables, task lists and fenced code are rendered; pictures are shown as links, HTML as text.",
    read: readWebMessage,
    clock,
    mediaFolder,
  });
}
