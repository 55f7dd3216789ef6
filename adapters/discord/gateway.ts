import { DiscordjsError, DiscordjsErrorCodes } from "discord.js";
import { backOffMs } from "../../src/clock/back-off.ts";
import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { AdapterHealth } from "../../src/platform/adapter.ts";
import { finalCloseDetail, TOKEN_REFUSED } from "./close-reason.ts";
import { type GatewayClient, gatewayClient } from "./gateway-client.ts";
import { identifyPacer } from "./identify-pacer.ts";

/** How long a start waits for the first session; afterwards it goes on connecting in the background. */
const START_PATIENCE_MS = 10_000;
/** Back-off between clients that could not be connected: no network, the API is down. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
/** Back-off after Discord has ended it for good: an operator has to act first, and a bot may begin 1000 sessions a day. */
const FIRST_FINAL_RETRY_MS = 30_000;
const MAX_FINAL_RETRY_MS = 15 * 60_000;
/** Discord wants a heartbeat every 41 s: a socket silent for two of them is deaf, whatever it says. */
const DEAF_AFTER_MS = 90_000;

/** The standing connection to Discord's gateway. */
export interface Gateway {
  /** Connects; rejects with an operator's message for what an operator must mend, and resolves otherwise, connected or not. */
  start(): Promise<void>;
  health(): AdapterHealth;
  close(): Promise<void>;
}

/** What is told of it. */
export interface GatewayEvents {
  dispatch(event: string, data: unknown): void;
  /** Connected again. */
  connected(): void;
  disconnected(detail: string, error?: unknown): void;
  warning(detail: string, error: unknown): void;
}

type Ending = { readonly kind: "final" | "failed"; readonly detail: string; readonly error: unknown };

/** Opens it, not connected yet. */
export function openGateway(options: {
  readonly token: string;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly events: GatewayEvents;
}): Gateway {
  const { token, apiUrl, clock, events } = options;
  const pacer = identifyPacer(clock);
  const closing = new AbortController();
  const firstOutcome = Promise.withResolvers<Ending | null>();
  let running: Promise<void> | null = null;
  let state: "connecting" | "connected" | "lost" = "connecting";
  let detail = "connecting";
  let lastEventAtMs: number | null = null;
  let lastHeardMs = Number.NEGATIVE_INFINITY;

  const heard = () => {
    lastEventAtMs = clock.nowMs();
    lastHeardMs = clock.monotonicMs();
  };
  const up = () => {
    heard();
    const wasLost = state === "lost";
    state = "connected";
    detail = "connected to the gateway";
    firstOutcome.resolve(null);
    if (wasLost) events.connected();
  };
  /** Says so once, and once more when it turns out that an operator has to act. */
  const down = (why: string, about: { readonly error?: unknown; readonly isFinal?: boolean } = {}) => {
    if (closing.signal.aborted) return;
    const isNews = state !== "lost" || (about.isFinal === true && detail !== why);
    state = "lost";
    detail = why;
    if (isNews) events.disconnected(why, about.error);
  };

  /** Runs one client until it is of no more use. */
  const runClient = async (): Promise<Ending & { readonly wasUp: boolean }> => {
    const ended = Promise.withResolvers<Ending>();
    let isEnded = false;
    let wasUp = false;
    const end = (ending: Ending) => {
      isEnded = true;
      ended.resolve(ending);
    };
    const disconnect = () => end({ kind: "failed", detail: "disconnected", error: undefined });
    const client: GatewayClient = gatewayClient({
      token,
      apiUrl,
      clock,
      pacer,
      listener: {
        dispatch(event, data) {
          heard();
          events.dispatch(event, data);
        },
        heard,
        settled() {
          wasUp = true;
          up();
        },
        losing(reason) {
          if (!isEnded) down(`the connection to the gateway is lost: ${reason}`);
        },
        closed(code) {
          const final = finalCloseDetail(code);
          if (final !== null) end({ kind: "final", detail: final, error: undefined });
          else if (!isEnded) down(`the gateway closed the connection (${code})`);
        },
        fault: (error) => events.warning("discord.js failed on something of the gateway; it was skipped", error),
        dead: (error) => end({ kind: "failed", detail: "the connection broke down", error }),
      },
    });
    client.login().catch((error: unknown) => end(endingOf(error)));
    closing.signal.addEventListener("abort", disconnect);
    const ending = await ended.promise;
    closing.signal.removeEventListener("abort", disconnect);
    await client.retire().catch((error: unknown) => events.warning("a client of discord.js could not be ended", error));
    return { ...ending, wasUp };
  };

  const keepConnected = async () => {
    for (let attempt = 0; !closing.signal.aborted; attempt++) {
      const { wasUp, ...ending } = await runClient();
      if (closing.signal.aborted) return;
      if (wasUp) attempt = 0;
      firstOutcome.resolve(ending);
      down(ending.detail, { error: ending.error, isFinal: ending.kind === "final" });
      const waitMs =
        ending.kind === "final"
          ? backOffMs(attempt + 1, FIRST_FINAL_RETRY_MS, MAX_FINAL_RETRY_MS)
          : backOffMs(attempt + 1, FIRST_RETRY_MS, MAX_RETRY_MS);
      await sleep(clock, waitMs, closing.signal);
    }
  };

  const close = async () => {
    closing.abort();
    state = "lost";
    detail = "disconnected";
    firstOutcome.resolve(null);
    await running;
  };

  return {
    async start() {
      running = keepConnected();
      const patience = new AbortController();
      const waited = sleep(clock, START_PATIENCE_MS, patience.signal).then(() => null);
      const outcome = await Promise.race([firstOutcome.promise, waited]);
      patience.abort();
      if (outcome?.kind === "final") {
        await close();
        throw new Error(outcome.detail, { cause: outcome.error });
      }
      if (state === "connecting") down("the gateway has not answered yet");
    },
    health() {
      const isDeaf = clock.monotonicMs() - lastHeardMs > DEAF_AFTER_MS;
      if (state === "connected" && isDeaf) {
        return { connected: false, lastEventAtMs, detail: "the gateway is silent: its connection is deaf" };
      }
      return { connected: state === "connected", lastEventAtMs, detail };
    },
    close,
  };
}

function endingOf(error: unknown): Ending {
  if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) {
    return { kind: "final", detail: TOKEN_REFUSED, error };
  }
  const why = error instanceof Error ? error.message : "unknown error";
  return { kind: "failed", detail: `Discord can't be reached: ${why}`, error };
}
