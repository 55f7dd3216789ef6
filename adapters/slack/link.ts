import type { WebClient } from "@slack/web-api";
import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { AdapterEvents, Intake } from "../../src/platform/adapter.ts";
import { reconnectWaitMs } from "./back-off.ts";
import type { Deliver } from "./deliveries.ts";
import { deliveryErrorOf } from "./errors.ts";
import { type Identity, identify } from "./identify.ts";
import { type Listening, startListening } from "./listening.ts";
import { lossTeller } from "./loss-teller.ts";
import { waitAtMost } from "./patience.ts";
import { type SlackSocket, type SocketState, startSocket } from "./socket.ts";
import { tokenRefusal } from "./token-refusal.ts";

/** A socket that answers no ping for this long is deaf, and replaced. Shorter, a machine that is merely busy would count as deaf. */
const PING_TIMEOUT_MS = 5_000;
/** A start waits this long for Slack, and then goes on connecting in the background. */
const START_PATIENCE_MS = 5_000;

/** The way from Slack to the core. */
export interface Link {
  /** Connects; rejects when Slack refuses a token. What may pass it goes on trying, and resolves. */
  start(intake: Intake): Promise<void>;
  stop(): Promise<void>;
  /** Null while nothing can be taken. */
  deliver(): Deliver | null;
  state(): SocketState;
}

/** What a link needs; without an `appToken` events come over HTTP. */
export interface LinkOptions {
  readonly account: string;
  readonly web: WebClient;
  readonly appToken: string | null;
  readonly apiUrl: string;
  readonly replyInThread: boolean;
  readonly userGroups: readonly string[];
  readonly clock: Clock;
  readonly events: AdapterEvents;
}

/** Makes one that is not started. */
export function openLink(options: LinkOptions): Link {
  const { account, web, appToken, clock, events } = options;
  const stopping = new AbortController();
  const loss = lossTeller(events);
  let listening: Listening | null = null;
  let socket: SlackSocket | null = null;
  let detail = "not started yet";

  /** Takes what comes from now on. The answer is what an operator has to mend first; null for nothing. */
  async function listen({ bot, missingScopes }: Identity, intake: Intake): Promise<Error | null> {
    if (stopping.signal.aborted) return null;
    if (missingScopes.length > 0) {
      const list = missingScopes.join(", ");
      events.warning(`the Slack app lacks scopes: ${list}. Add them under OAuth & Permissions and install it again.`);
    }
    const heard = startListening({ ...options, bot, intake });
    listening = heard;
    detail = "waiting for Slack's calls";
    if (appToken === null) {
      loss.back();
      heard.catchUp();
      return null;
    }
    const { deliver, catchUp } = heard;
    const connection = {
      ...options,
      appToken,
      pingTimeoutMs: PING_TIMEOUT_MS,
      loss,
      deliver,
      connected: catchUp,
    };
    socket = startSocket(connection);
    return socket.firstRefusal;
  }

  /** Goes on asking Slack who we are: nothing can be read before that is known. */
  async function keepTrying(intake: Intake): Promise<void> {
    let isRefused = false;
    for (let failures = 1; !stopping.signal.aborted; failures++) {
      await sleep(clock, reconnectWaitMs(failures, isRefused), stopping.signal);
      if (stopping.signal.aborted) return;
      const identity = await tryIdentify();
      if (stopping.signal.aborted) return;
      if (!(identity instanceof Error)) {
        const refusal = await listen(identity, intake);
        if (refusal !== null) loss.lost(refusal.message, refusal.cause, true);
        return;
      }
      const refusal = tokenRefusal(identity, "botToken", account);
      if (refusal !== null) loss.lost(refusal, identity, true);
      isRefused = refusal !== null;
    }
  }

  async function tryIdentify(): Promise<Identity | Error> {
    try {
      return await identify(web);
    } catch (error) {
      detail = tokenRefusal(error, "botToken", account) ?? `no connection to Slack: ${deliveryErrorOf(error).message}`;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async function connect(intake: Intake): Promise<Error | null> {
    const identity = await tryIdentify();
    if (stopping.signal.aborted) return null;
    if (!(identity instanceof Error)) return listen(identity, intake);
    const refusal = tokenRefusal(identity, "botToken", account);
    if (refusal !== null) return new Error(refusal, { cause: identity });
    loss.lost(detail, identity, false);
    inBackground(keepTrying(intake));
    return null;
  }

  /** Nobody waits for it, not even a stop: after one it does nothing any more. */
  function inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => events.warning("connecting to Slack failed by a fault of ours", error));
  }

  const stop = async () => {
    stopping.abort();
    // The socket stays open until what is being taken has been confirmed over it.
    await listening?.stop();
    await socket?.stop();
    detail = "stopped";
  };

  return {
    async start(intake) {
      detail = "connecting";
      const connecting = connect(intake);
      const refusal = await waitAtMost(connecting, START_PATIENCE_MS, clock);
      if (refusal === "late") {
        loss.lost("Slack has not answered yet", undefined, false);
        inBackground(
          connecting.then((late) => {
            if (late !== null) loss.lost(late.message, late.cause, true);
          }),
        );
      } else if (refusal !== null) {
        await stop();
        throw refusal;
      }
    },
    stop,
    deliver: () => listening?.deliver ?? null,
    state() {
      const isHttpUp = appToken === null && listening !== null && !stopping.signal.aborted;
      return socket?.state() ?? { connected: isHttpUp, lastHeardAtMs: null, detail };
    },
  };
}
