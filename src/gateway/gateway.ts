import type { AgentBackend } from "../agent/backend.ts";
import type { Clock } from "../clock/clock.ts";
import type { Command } from "../command/command.ts";
import type { Events } from "../observe/events.ts";
import type { Accept, Adapter, AdapterHealth, Intake } from "../platform/adapter.ts";
import type { SessionSource } from "../session/source.ts";
import { selectOpenInbox } from "../store/inbox.ts";
import type { Lane } from "../store/outbox.ts";
import type { Session } from "../store/session.ts";
import type { SessionStore } from "../store/store.ts";
import { openAccept } from "./accept.ts";
import type { BegunTurn } from "./begin-turn.ts";
import { openDelivery } from "./deliver.ts";
import { openHousekeeping } from "./housekeeping.ts";
import { type LiveFeed, liveFeed } from "./live-feed.ts";
import { pastReply } from "./past-reply.ts";
import { type Reply, replyWaiters } from "./reply-waiters.ts";
import { retryDead } from "./retry-dead.ts";
import { sendMessage } from "./send-message.ts";
import { sessionQueue } from "./session-queue.ts";
import { openTurnLoop } from "./turn-loop.ts";

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly store: SessionStore;
  readonly adapters: readonly Adapter[];
  readonly agents: ReadonlyMap<string, AgentBackend>;
  /** Which agent answers in a place; it must be one of `agents`. */
  readonly routeOf: (source: SessionSource) => string;
  readonly commands: readonly Command[];
  readonly promptOf: (turn: BegunTurn) => string;
  readonly clock: Clock;
  readonly events: Events;
  readonly timeZone: string;
  readonly version: string;
  readonly limits: GatewayLimits;
  /** Told of each session's next reset as it moves: wakes the reset watcher. */
  readonly onDueAt: (nextResetAtMs: number) => void;
}

/** The bounds a gateway keeps. */
export interface GatewayLimits {
  readonly maxConcurrentTurns: number;
  /** Messages that wait in one session; beyond it the sender is told. */
  readonly maxPending: number;
  readonly turnTimeoutMs: number;
  /** How long a shutdown waits for turns to finish. */
  readonly drainMs: number;
  /** A post that could not be delivered for this long is given up. */
  readonly outboxMaxAgeMs: number;
}

/** How things stand, for `/readyz`, the console and `parley status`. */
export interface GatewayStatus {
  readonly version: string;
  readonly startedAtMs: number;
  /** Empty when ready; otherwise each reason in a line. */
  readonly notReady: readonly string[];
  readonly runningTurns: number;
  readonly waitingMessages: number;
  readonly adapters: readonly ({ readonly platform: string; readonly account: string } & AdapterHealth)[];
}

/** The daemon's heart: messages in, turns in order, posts out, everything on disk in between. */
export interface Gateway {
  readonly store: SessionStore;
  readonly accept: Accept;
  readonly feed: LiveFeed;
  status(): GatewayStatus;
  /** Resolves with the answer to an accepted message, null after `timeoutMs` or when the signal aborts; answers of up to a day ago are found too. */
  waitForReply(inboxId: number, timeoutMs: number, signal?: AbortSignal): Promise<Reply | null>;
  /** Writes a message of our own to a conversation; resolves with its first outbox number when it is on disk. */
  send(place: Lane, text: string): Promise<number>;
  /** Gives a dead post another life; false when there is no such one. */
  retryDead(outboxId: number): Promise<boolean>;
  /** Ends the live session of a key and opens a fresh one, as `/reset` does; null when none is live. */
  resetSession(key: string): Promise<Session | null>;
  /** Tells those who watch that a session changed from outside a turn. */
  sessionChanged(sessionId: string): void;
  /** Stops accepting, lets turns finish for up to `drainMs`, gives back what did not, and ends adapters and agents. The store stays open. */
  stop(signalName: string): Promise<void>;
}

/** A row that was begun this often without an end is given up. */
const MAX_ATTEMPTS = 3;

/** Opens a gateway: recovers what an earlier process left, then connects the adapters. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { store, clock, events, limits } = options;
  const startedMs = clock.monotonicMs();
  const startedAtMs = clock.nowMs();
  const adapters = new Map(options.adapters.map((adapter) => [placeName(adapter.platform, adapter.account), adapter]));
  const adapterOf = (platform: string, account: string) => adapters.get(placeName(platform, account));
  const feed = liveFeed();
  const waiters = replyWaiters(clock);
  const queue = sessionQueue(limits);
  const delivery = openDelivery({ store, adapterOf, clock, events, maxAgeMs: limits.outboxMaxAgeMs });
  const loop = openTurnLoop({
    queue,
    delivery,
    waiters,
    onDueAt: options.onDueAt,
    begin: {
      sessions: store.rules,
      commands: options.commands,
      adapterOf,
      timeZone: options.timeZone,
      version: options.version,
      maxAttempts: MAX_ATTEMPTS,
    },
    turn: {
      store,
      clock,
      events,
      feed,
      adapterOf,
      agentOf: (agentId) => requireAgent(options.agents, agentId),
      promptOf: options.promptOf,
      timeoutMs: limits.turnTimeoutMs,
    },
  });
  const accept = openAccept({ store, clock, events, feed, queue, loop, routeOf: options.routeOf });
  const housekeeping = openHousekeeping({ store, clock, events });

  const open = selectOpenInbox(store.reader);
  for (const row of open) queue.restore(row.session_key, row.id);
  loop.pump();
  const lanes = delivery.start();
  if (open.length + lanes > 0) {
    events.recovered({ turns: open.length, deliveries: lanes, durationMs: clock.monotonicMs() - startedMs });
  }
  const intake = { accept: accept.accept, edited: async () => {}, chatMoved: async () => {}, recentPlaces: () => [] };
  const failures = await startAdapters(options.adapters, intake, events);

  return {
    store,
    accept: accept.accept,
    feed,
    status: () => ({
      version: options.version,
      startedAtMs,
      notReady: options.adapters.flatMap((adapter) => {
        const health = adapter.health();
        const name = placeName(adapter.platform, adapter.account);
        return health.connected ? [] : [`${name}: ${failures.get(name) ?? health.detail}`];
      }),
      runningTurns: queue.running(),
      waitingMessages: queue.waiting(),
      adapters: options.adapters.map((adapter) => ({
        platform: adapter.platform,
        account: adapter.account,
        ...adapter.health(),
      })),
    }),
    async waitForReply(inboxId, timeoutMs, signal) {
      return pastReply(store.reader, inboxId) ?? (await waiters.wait(inboxId, timeoutMs, signal));
    },
    send: (place, text) => sendMessage({ store, adapterOf, clock, feed, delivery }, place, text),
    retryDead: (outboxId) => retryDead({ store, delivery, clock }, outboxId),
    async resetSession(key) {
      const ended = store.liveSession(key);
      const fresh = await store.resetSession(key, "reset", clock.nowMs());
      if (ended !== null) {
        events.sessionReset({ sessionId: ended.sessionId, reason: "reset" });
        feed.publish({ kind: "session", sessionId: ended.sessionId });
      }
      if (fresh !== null) {
        events.sessionStarted({ sessionId: fresh.sessionId, platform: fresh.source.platform });
        feed.publish({ kind: "session", sessionId: fresh.sessionId });
      }
      return fresh;
    },
    sessionChanged: (sessionId) => feed.publish({ kind: "session", sessionId }),
    async stop(signalName) {
      const stoppingMs = clock.monotonicMs();
      events.shuttingDown({ signal: signalName, runningTurns: queue.running() });
      accept.close();
      // Adapters read no more, but posts still leave until the turns are done.
      await Promise.allSettled(options.adapters.map((adapter) => adapter.stop()));
      const abandonedTurns = await loop.stop(limits.drainMs);
      await delivery.stop();
      housekeeping.close();
      await Promise.allSettled([...options.agents.values()].map(async (agent) => await agent.close?.()));
      events.stopped({ durationMs: clock.monotonicMs() - stoppingMs, abandonedTurns });
    },
  };
}

/** Starts every adapter; one that fails is told of and reported by `status`, the others go on. */
async function startAdapters(
  adapters: readonly Adapter[],
  intake: Intake,
  events: Events,
): Promise<ReadonlyMap<string, string>> {
  const failures = new Map<string, string>();
  await Promise.all(
    adapters.map(async (adapter) => {
      const { platform, account } = adapter;
      try {
        await adapter.start(intake);
        events.adapterConnected({ platform, account });
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        failures.set(placeName(platform, account), detail);
        events.adapterDisconnected({ platform, account, detail, error });
      }
    }),
  );
  return failures;
}

function placeName(platform: string, account: string): string {
  return account === "default" ? platform : `${platform}@${account}`;
}

function requireAgent(agents: ReadonlyMap<string, AgentBackend>, agentId: string): AgentBackend {
  const agent = agents.get(agentId) ?? agents.get("main");
  if (agent === undefined) throw new Error(`no agent ${JSON.stringify(agentId)} and no agent "main" is configured.`);
  return agent;
}
