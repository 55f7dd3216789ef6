import type { Clock } from "../../src/clock/clock.ts";
import { type ConfirmWords, confirmWords } from "./confirm-words.ts";
import type { Deliver } from "./deliveries.ts";
import { INTERACTION_PATIENCE_MS, waitAtMost } from "./patience.ts";
import { silentLogger } from "./silent-logger.ts";
import { SocketClient } from "./socket-client.ts";
import { webClientOptions } from "./web-client.ts";

/** Slack says hello at once; a socket without one by then is none. */
const HELLO_MS = 10_000;
/** How long the other side may take to say goodbye before the socket is cut. */
const GOODBYE_MS = 1_000;
/** How a connection ended. */
export type ConnectionEnd =
  /** There was none: Slack gave no address for it, or was not reached. */
  | { readonly kind: "refused"; readonly error: unknown }
  /** It broke off, was closed, or went deaf; `reason` is Slack's, when it gave one. */
  | { readonly kind: "lost"; readonly livedMs: number; readonly reason: string | null };

/** One connection's needs. */
export interface ConnectionOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  /** A socket that answers no ping for this long is deaf. */
  readonly pingTimeoutMs: number;
  readonly clock: Clock;
  readonly deliver: Deliver;
  connected(): void;
  heard(): void;
  garbled(): void;
}

/**
 * Holds one connection from asking for its address until it has ended; aborting `signal` ends it. Never rejects.
 *
 * The library would reconnect by itself, but without anyone to catch what fails then: a token that was revoked meanwhile, or a
 * stop before the new connection's hello, ended the process by an unhandled rejection. So each connection has a client of its
 * own that never reconnects, and everything it promises is awaited here.
 */
export async function holdConnection(options: ConnectionOptions, signal: AbortSignal): Promise<ConnectionEnd> {
  const { appToken, apiUrl, pingTimeoutMs, clock, deliver } = options;
  let reason: string | null = null;
  const client = new SocketClient(
    {
      appToken,
      clientOptions: webClientOptions(apiUrl),
      clientPingTimeout: pingTimeoutMs,
      logger: silentLogger,
    },
    {
      heard: options.heard,
      garbled: options.garbled,
      leaving: (why) => {
        reason = why;
        // The client closes now; where the other side does not, it is cut off.
        const cut = clock.setTimer(GOODBYE_MS, () => void client.disconnect().catch(ignored));
        client.once("disconnected", () => cut.cancel());
      },
    },
  );
  const ended = new Promise<"ended">((resolve) => client.once("disconnected", () => resolve("ended")));
  const close = () => closeClient(client, clock);
  const openedAtMs = clock.monotonicMs();
  const lost = (): ConnectionEnd => ({ kind: "lost", livedMs: clock.monotonicMs() - openedAtMs, reason });

  client.once("connecting", () => {
    const tooLate = clock.setTimer(HELLO_MS, close);
    client.once("connected", () => {
      tooLate.cancel();
      // At once: the next message may come in the same breath as the hello.
      options.connected();
    });
    client.once("disconnected", () => tooLate.cancel());
    // Told to stop while it asked for an address: the socket that is opened now is closed as soon as it can be.
    if (signal.aborted) queueMicrotask(close);
  });
  client.on("slack_event", (envelope: Envelope) => {
    confirm(envelope, deliver, clock).catch(() => {
      // The socket closed before it could be confirmed to: Slack delivers again, and it is known by then.
    });
  });
  signal.addEventListener("abort", close, { once: true });
  try {
    if (signal.aborted || (await Promise.race([client.start(), ended])) === "ended") return lost();
    await ended;
    return lost();
  } catch (error) {
    // Without an error, the socket was closed before Slack had said hello.
    return error === undefined ? lost() : { kind: "refused", error };
  } finally {
    signal.removeEventListener("abort", close);
  }
}

interface Envelope {
  readonly type: string;
  readonly body: unknown;
  readonly retry_num?: number;
  ack(response?: ConfirmWords): Promise<void>;
}

async function confirm(envelope: Envelope, deliver: Deliver, clock: Clock): Promise<void> {
  const receiving = deliver({ body: envelope.body, retryNumber: envelope.retry_num });
  const isEvent = envelope.type === "events_api";
  const receipt = isEvent ? await receiving : await waitAtMost(receiving, INTERACTION_PATIENCE_MS, clock);
  if (receipt === "late") await envelope.ack();
  else if (receipt.kind === "confirm") await envelope.ack(confirmWords(receipt) ?? undefined);
}

function closeClient(client: SocketClient, clock: Clock): void {
  const goodbye = () => {
    client.disconnect().catch(ignored);
  };
  goodbye();
  // Asked a second time, the client does not wait for an answer any longer.
  const cut = clock.setTimer(GOODBYE_MS, goodbye);
  client.once("disconnected", () => cut.cancel());
}

function ignored(): void {
  // A client that is closed never rejects; how its connection ended is told by its events.
}
