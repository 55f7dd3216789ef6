import type { Clock } from "../../src/clock/clock.ts";
import { type DirectAdapter, directAdapter } from "../../src/console/direct-adapter.ts";
import { readLocalMessage } from "./read.ts";

/** The adapter of `parley chat`. */
export function localAdapter(clock: Clock, mediaFolder: string): DirectAdapter {
  return directAdapter({
    platform: "local",
    notes: "Replies are shown in a terminal as plain text; markdown appears as it is written.",
    read: readLocalMessage,
    clock,
    mediaFolder,
  });
}
