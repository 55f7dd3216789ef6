import { Client, GatewayIntentBits, Options, Partials, SimpleShardingStrategy } from "discord.js";
import type { Clock } from "../../src/clock/clock.ts";
import { type GuardedShard, guardShard } from "./guard-shard.ts";
import type { identifyPacer } from "./identify-pacer.ts";
import { restOptions } from "./rest.ts";

/** What happens on a connection to the gateway. */
export interface GatewayListener {
  /** An event, as Discord sent it. */
  dispatch(event: string, data: unknown): void;
  /** The peer answered a heartbeat or greeted: it is there. */
  heard(): void;
  /** Events come: of a session that is new, or that was resumed without a gap. */
  settled(): void;
  losing(reason: string): void;
  /** The socket was closed with this code. */
  closed(code: number): void;
  fault(error: unknown): void;
  /** This client will not connect again. */
  dead(error: unknown): void;
}

/** One discord.js client. */
export interface GatewayClient {
  /** Connects; rejects when that fails for good, and does not resolve while discord.js goes on trying. */
  login(): Promise<void>;
  /** Disconnects and never comes back. */
  retire(): Promise<void>;
}

const intents = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.MessageContent,
];

/** Longest wait for the gateway's address. */
const ASKING_TIMEOUT_MS = 15_000;

/** What discord.js itself has to see: the rest is read as it comes, and needs none of its structures and caches. */
const OWN_EVENTS = new Set(["READY", "RESUMED"]);

/** Makes a client that is not connected yet. */
export function gatewayClient(options: {
  readonly token: string;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly pacer: ReturnType<typeof identifyPacer>;
  readonly listener: GatewayListener;
}): GatewayClient {
  const { token, apiUrl, clock, pacer, listener } = options;
  const shards: GuardedShard[] = [];
  let isRetired = false;

  const settled = () => {
    for (const shard of shards) shard.settled();
    listener.settled();
  };

  const client = new Client({
    intents,
    partials: [Partials.Channel],
    rest: { ...restOptions(apiUrl), timeout: ASKING_TIMEOUT_MS },
    makeCache: Options.cacheWithLimits({
      MessageManager: 0,
      UserManager: 1,
      GuildMemberManager: 0,
      PresenceManager: 0,
    }),
    ws: {
      buildIdentifyThrottler: () => pacer,
      buildStrategy(manager) {
        manager.on("dispatch", ({ data }: { data: { t: string; d: unknown } }) => listener.dispatch(data.t, data.d));
        manager.on("hello", listener.heard);
        manager.on("heartbeat", listener.heard);
        manager.on("ready", settled);
        manager.on("resumed", settled);
        manager.on("closed", ({ code }: { code: number }) => listener.closed(code));
        const strategy = new SimpleShardingStrategy(manager);
        return {
          async spawn(shardIds) {
            await strategy.spawn(shardIds);
            const spawned = Reflect.get(strategy, "shards") as ReadonlyMap<number, object>;
            for (const shard of spawned.values()) {
              const { losing: onLosing, fault: onFault, dead: onDead } = listener;
              shards.push(guardShard(shard, { clock, onLosing, onFault, onDead }));
            }
          },
          async connect() {
            // discord.js asks for the gateway's address first, and goes on when it was ended meanwhile.
            if (isRetired) throw new Error("the client was ended before it connected");
            await strategy.connect();
          },
          destroy: (how) => strategy.destroy(how),
          send: (shardId, payload) => strategy.send(shardId, payload),
          fetchStatus: () => strategy.fetchStatus(),
        };
      },
    },
  });
  client.on("error", listener.fault);
  readAlone(client);

  return {
    async login() {
      await client.login(token);
    },
    async retire() {
      isRetired = true;
      for (const shard of shards) shard.retire();
      await client.destroy();
      for (const shard of shards) shard.terminate();
    },
  };
}

/** Keeps events from discord.js's own reading, which builds and caches an object for each, and fails on what it does not expect. */
function readAlone(client: Client): void {
  const handle: unknown = Reflect.get(client.ws, "handlePacket");
  if (typeof handle !== "function") throw new Error("discord.js has changed: expected ws to have handlePacket()");
  Reflect.set(client.ws, "handlePacket", (packet: { t: string } | undefined, shard: unknown) =>
    packet === undefined || OWN_EVENTS.has(packet.t) ? Reflect.apply(handle, client.ws, [packet, shard]) : true,
  );
}
