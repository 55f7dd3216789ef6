import type { Clock, Timer } from "../clock/clock.ts";

/** One browser or terminal that watches, by server-sent events (html.spec.whatwg.org, section 9.2). */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Sends an event; `id` is what the watcher names as the last one it saw when it comes back. */
  send(name: string, data: unknown, id?: number): void;
  close(): void;
}

/** A comment so often keeps proxies from taking a silent stream for a dead one, and finds watchers that have gone. */
const HEARTBEAT_MS = 15_000;
/** What may wait for a slow reader; beyond it the reader is cut off and comes back for what it missed. One event always fits. */
export const MAX_BUFFER_BYTES = 1024 * 1024;

/** Opens a stream; `onEnd` is called once when it has ended, from whichever side, and `cut` drops the connection of a reader that is too slow, if it has one. */
export function openEventStream(options: {
  readonly clock: Clock;
  readonly onEnd: () => void;
  readonly cut: () => boolean;
}): EventStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let heartbeat: Timer | null = null;

  const end = () => {
    heartbeat?.cancel();
    controller = null;
    options.onEnd();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(opened) {
        controller = opened;
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_BUFFER_BYTES }),
  );
  const write = (text: string) => {
    if (controller === null) return;
    if ((controller.desiredSize ?? 0) > 0) {
      controller.enqueue(encoder.encode(text));
      return;
    }
    // A connection that breaks cancels the stream by itself.
    if (!options.cut()) controller.error(new Error("the reader of an event stream was too slow"));
    end();
  };
  const beat = () => {
    write(": still here\n\n");
    if (controller !== null) heartbeat = options.clock.setTimer(HEARTBEAT_MS, beat);
  };
  heartbeat = options.clock.setTimer(HEARTBEAT_MS, beat);

  return {
    body,
    send(name, data, id) {
      // JSON has no raw line break, so that one data line is enough.
      write(`event: ${name}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
    },
    close() {
      controller?.close();
      if (controller !== null) end();
    },
  };
}
