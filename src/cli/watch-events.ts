import type { Config } from "../../config/config.ts";
import { sleep, systemClock } from "../clock/clock.ts";
import { type ChatEvent, chatEvent } from "./chat-door.ts";
import { daemonClient } from "./daemon-client.ts";
import { type EventChunks, readEvents } from "./read-events.ts";
import { findDaemon } from "./running-daemon.ts";

/** Pause before a stream that ended is opened again. */
const RETRY_MS = 500;

/** Watches a conversation at the running daemon until the signal aborts; comes back after every interruption, for what was missed too. */
export async function watchEvents(options: {
  readonly config: Config;
  readonly chatId: string;
  readonly onEvent: (event: ChatEvent) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { config, chatId, onEvent, signal } = options;
  const path = `/api/events?platform=local&chatId=${encodeURIComponent(chatId)}`;
  let lastEventId: string | null = null;
  while (!signal.aborted) {
    try {
      const url = (await findDaemon(config))?.url ?? null;
      const client = url === null ? null : daemonClient(url, config.console.token);
      const chunks: EventChunks = (await client?.stream(path, lastEventId, signal)) ?? [];
      for await (const { id, data } of readEvents(chunks)) {
        lastEventId = id ?? lastEventId;
        const read = chatEvent.safeParse(data);
        if (read.success) onEvent(read.data);
      }
    } catch {
      // The daemon went away, or we do: the answer itself comes another way, and tells of it.
    }
    await sleep(systemClock, RETRY_MS, signal);
  }
}
