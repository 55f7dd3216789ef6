import { backOffMs } from "../../src/clock/back-off.ts";
import { type Clock, sleep } from "../../src/clock/clock.ts";

/** discord.js connects again after half a second for ever; beyond the first attempts that is a hammering. */
const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
/** How long a peer may take over the closing handshake: a mute one never answers, and `ws` would wait 30 s. */
const CLOSING_MS = 3_000;
/** From the handshake to READY or RESUMED; discord.js waits for RESUMED without end. */
const SETTLING_MS = 60_000;

/** discord.js's own numbers for what a shard is doing and how it may recover (`WebSocketShardStatus`, `…DestroyRecovery`). */
const IDLE = 0;
const READY = 3;
const RECONNECT = 0;

/** What the guard needs of a WebSocket of the `ws` package. */
interface Socket {
  readonly readyState: number;
  terminate(): void;
  on(event: "error" | "close", listener: () => void): unknown;
}
const SOCKET_CLOSED = 3;

/** A shard that can be ended for good. */
export interface GuardedShard {
  /** It has a session again: the next reconnect begins without back-off. */
  settled(): void;
  /** From now on it never connects again; call it before the client is destroyed. */
  retire(): void;
  /** Cuts what is left of its connection. */
  terminate(): void;
}

/**
 * Mends what discord.js leaves to chance in a shard, by wrapping five of its methods:
 * it lets their promises float, so that a broken payload would end the process as an unhandled rejection; it reconnects without
 * back-off, and even after it was destroyed; it waits half a minute for a mute peer to say goodbye.
 */
export function guardShard(
  shard: object,
  options: {
    readonly clock: Clock;
    /** The connection is being given up, and why. */
    readonly onLosing: (reason: string) => void;
    /** Something failed inside the library; the shard goes on. */
    readonly onFault: (error: unknown) => void;
    /** The shard will not connect again by itself. */
    readonly onDead: (error: unknown) => void;
  },
): GuardedShard {
  const { clock, onLosing, onFault, onDead } = options;
  const retired = new AbortController();
  let attempts = 0;
  const status = () => Reflect.get(shard, "status");
  const connection = () => Reflect.get(shard, "connection") as Socket | null;

  const terminate = (socket: Socket | null) => {
    if (socket !== null && socket.readyState !== SOCKET_CLOSED) socket.terminate();
  };

  wrap(shard, "onMessage", async (handle) => handle().catch(onFault));
  wrap(shard, "heartbeat", async (beat) => beat().catch(onFault));
  wrap(shard, "onClose", async (handle) => handle().catch(onDead));

  wrap(shard, "internalConnect", async (connect) => {
    const waitMs = attempts === 0 ? 0 : backOffMs(attempts, FIRST_WAIT_MS, MAX_WAIT_MS);
    attempts++;
    await sleep(clock, waitMs, retired.signal);
    // Two recoveries may overlap: the first one to get here connects.
    if (retired.signal.aborted || status() !== IDLE) return;
    try {
      await connect();
    } catch (error) {
      onDead(error);
      return;
    }
    watchSettling();
  });

  const destroy = wrap(shard, "destroy", async (destroyed, given) => {
    if (status() !== IDLE) {
      onLosing(reasonOf(given));
      const socket = connection();
      const timer = clock.setTimer(CLOSING_MS, () => terminate(socket));
      socket?.on("close", () => timer.cancel());
    }
    await destroyed().catch(onFault);
  });

  const watchSettling = () => {
    if (status() === READY) return;
    const socket = connection();
    const timer = clock.setTimer(SETTLING_MS, () => {
      if (retired.signal.aborted || connection() !== socket || status() === READY) return;
      void destroy({ reason: "the session was neither begun nor resumed", recover: RECONNECT });
    });
    socket?.on("close", () => timer.cancel());
  };

  return {
    settled() {
      attempts = 0;
    },
    retire() {
      retired.abort();
      // discord.js takes its listener away; an error of a connection that is just being made would end the process.
      connection()?.on("error", () => {});
    },
    terminate: () => terminate(connection()),
  };
}

/** Puts `around` about a method, and returns the method as it is then called. */
function wrap(
  shard: object,
  name: string,
  around: (original: () => Promise<unknown>, first: unknown) => Promise<unknown>,
): (...given: unknown[]) => Promise<unknown> {
  const original: unknown = Reflect.get(shard, name);
  if (typeof original !== "function") throw new Error(`discord.js has changed: expected a shard to have ${name}()`);
  const wrapped = (...given: unknown[]) => around(async () => await Reflect.apply(original, shard, given), given[0]);
  Reflect.set(shard, name, wrapped);
  return wrapped;
}

function reasonOf(given: unknown): string {
  const reason = typeof given === "object" && given !== null ? Reflect.get(given, "reason") : undefined;
  const code = typeof given === "object" && given !== null ? Reflect.get(given, "code") : undefined;
  return typeof reason === "string" ? reason : `closed with code ${String(code ?? "unknown")}`;
}
