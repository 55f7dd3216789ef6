import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { AdapterEvents } from "../../src/platform/adapter.ts";
import { GOOD_LIFE_MS, reconnectWaitMs } from "./back-off.ts";
import { type ConnectionEnd, holdConnection } from "./connection.ts";
import type { Deliver } from "./deliveries.ts";
import { deliveryErrorOf } from "./errors.ts";
import type { LossTeller } from "./loss-teller.ts";
import { tokenRefusal } from "./token-refusal.ts";

/** How Socket Mode stands. */
export interface SocketState {
  readonly connected: boolean;
  readonly lastHeardAtMs: number | null;
  readonly detail: string;
}

/** A Socket Mode connection that is kept up. */
export interface SlackSocket {
  /** What an operator has to mend when the first try was refused; null for a first try that was not, whether it connected or not. */
  readonly firstRefusal: Promise<Error | null>;
  state(): SocketState;
  /** Disconnects for good. */
  stop(): Promise<void>;
}

/** Why Slack closes a socket that an operator has to do something about (docs.slack.dev/apis/events-api/using-socket-mode#disconnect). */
const operatorAdvice: Readonly<Record<string, string>> = {
  link_disabled: "Socket Mode is switched off for this app: switch it on at api.slack.com/apps under Socket Mode",
  too_many_websockets:
    "Slack allows ten connections for an app, and others hold them: stop the other processes that use this app token",
};
/** Slack moves its connections every few hours, and says so: no trouble. */
const PLANNED = new Set(["warning", "refresh_requested"]);

/** Connects, and connects again for ever with growing waits, until it is stopped. */
export function startSocket(options: {
  readonly account: string;
  readonly appToken: string;
  readonly apiUrl: string;
  readonly pingTimeoutMs: number;
  readonly clock: Clock;
  readonly events: AdapterEvents;
  readonly deliver: Deliver;
  readonly loss: LossTeller;
  /** Called at each hello. */
  readonly connected: () => void;
}): SlackSocket {
  const { account, clock, events, loss } = options;
  const stopping = new AbortController();
  let connected = false;
  let lastHeardAtMs: number | null = null;
  let detail = "connecting";
  let tellFirst: (refusal: Error | null) => void = () => {};
  const firstRefusal = new Promise<Error | null>((resolve) => {
    tellFirst = resolve;
  });

  const hold = () =>
    holdConnection(
      {
        ...options,
        connected: () => {
          connected = true;
          detail = "connected by Socket Mode";
          loss.back();
          tellFirst(null);
          options.connected();
        },
        heard: () => {
          lastHeardAtMs = clock.nowMs();
        },
        garbled: () => events.ignored("not_understood"),
      },
      stopping.signal,
    );

  async function keepConnected(): Promise<void> {
    let failures = 0;
    let isFirst = true;
    while (!stopping.signal.aborted) {
      const end = await hold();
      const wasConnected = connected;
      connected = false;
      if (stopping.signal.aborted) break;
      const trouble = troubleOf(end, account);
      detail = trouble.detail;
      failures = end.kind === "lost" && end.livedMs >= GOOD_LIFE_MS ? 0 : failures + 1;
      const isPlanned = wasConnected && end.kind === "lost" && PLANNED.has(end.reason ?? "");
      if (isFirst && trouble.refusal !== null) {
        tellFirst(new Error(trouble.refusal, { cause: trouble.error }));
      } else if (!isPlanned) {
        loss.lost(trouble.detail, trouble.error, trouble.isHopeless);
      }
      isFirst = false;
      tellFirst(null);
      const waitMs = isPlanned && failures <= 1 ? 0 : reconnectWaitMs(failures, trouble.isHopeless);
      await sleep(clock, Math.max(waitMs, trouble.retryAfterMs), stopping.signal);
    }
    detail = "stopped";
    tellFirst(null);
  }

  const running = keepConnected();
  return {
    firstRefusal,
    state: () => ({ connected, lastHeardAtMs, detail }),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Slack never asks for more here; an hour's silence because of a wrong header would be ours. */
const MAX_RETRY_AFTER_MS = 10 * 60 * 1000;

interface Trouble {
  readonly detail: string;
  readonly error: unknown;
  /** What to tell an operator who has to mend the token; null when it is not the token. */
  readonly refusal: string | null;
  readonly isHopeless: boolean;
  readonly retryAfterMs: number;
}

function troubleOf(end: ConnectionEnd, account: string): Trouble {
  if (end.kind === "lost") {
    const advice = operatorAdvice[end.reason ?? ""];
    const because = end.reason === null ? "" : ` (${end.reason})`;
    const detail = advice ?? `the connection to Slack ended${because}`;
    return { detail, error: undefined, refusal: null, isHopeless: advice !== undefined, retryAfterMs: 0 };
  }
  const refusal = tokenRefusal(end.error, "appToken", account);
  const failure = deliveryErrorOf(end.error);
  return {
    detail: refusal ?? `no connection to Slack: ${failure.message}`,
    error: end.error,
    refusal,
    isHopeless: refusal !== null,
    retryAfterMs: Math.min(failure.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS),
  };
}
