import type { Clock } from "../../src/clock/clock.ts";
import { type DirectAdapter, directAdapter } from "../../src/console/direct-adapter.ts";
import { readWebMessage } from "./read.ts";

/** The adapter of the console's page and of programs that use the HTTP API. */
export function webAdapter(clock: Clock): DirectAdapter {
  return directAdapter({
    platform: "web",
    notes:
      "Replies are shown on a web page as plain text; inline code and fenced code blocks are rendered, other markdown appears as it is written.",
    read: readWebMessage,
    clock,
  });
}
