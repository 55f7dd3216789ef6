import type { Config } from "../../config/config.ts";
import { sleep, systemClock } from "../clock/clock.ts";
import { type ChatEvent, chatEvent } from "./chat-door.ts";
import { daemonClient } from "./daemon-client.ts";
import { readEvents, type ServerEvent } from "./read-events.ts";
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
  let lastEventId: string | null = null;
  while (!signal.aborted) {
    for await (const { id, data } of eventsOnce(config, chatId, lastEventId, signal)) {
      lastEventId = id ?? lastEventId;
      const read = chatEvent.safeParse(data);
      if (read.success) onEvent(read.data);
    }
    await sleep(systemClock, RETRY_MS, signal);
  }
}

/** The events of one connection, until it ends, however it does. */
async function* eventsOnce(
  config: Config,
  chatId: string,
  lastEventId: string | null,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent, void> {
  try {
    const url = (await findDaemon(config))?.url ?? null;
    if (url === null) return;
    const path = `/api/events?platform=local&chatId=${encodeURIComponent(chatId)}`;
    const chunks = await daemonClient(url, config.console.token).stream(path, lastEventId, signal);
    if (chunks !== null) yield* readEvents(chunks);
  } catch {
    // The daemon went away, or we do. Answers come another way, and that one tells of the trouble.
  }
}
