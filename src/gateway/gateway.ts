import { type PairingOutcome, tellPairing } from "../access/pairing-outcome.ts";
import type { AgentBackend } from "../agent/backend.ts";
import { storeText } from "../media/store-text.ts";
import type { Accept, Adapter } from "../platform/adapter.ts";
import { reviveDelivery } from "../store/hook-deliveries.ts";
import { hasEarlierInbox } from "../store/open-inbox.ts";
import type { Lane } from "../store/outbox.ts";
import type { Session } from "../store/session.ts";
import { selectLiveSession } from "../store/sessions.ts";
import { removeButtons } from "../store/shown-posts.ts";
import type { SessionStore } from "../store/store.ts";
import { openAccept } from "./accept.ts";
import { activeTurns } from "./active-turns.ts";
import { openApprovals } from "./approvals.ts";
import { openDelivery } from "./deliver.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { type GatewayStatus, gatewayStatus } from "./gateway-status.ts";
import { openHousekeeping } from "./housekeeping.ts";
import { openIntake } from "./intake.ts";
import { type LiveFeed, liveFeed } from "./live-feed.ts";
import type { Compaction, CompactionWish } from "./memory-tasks.ts";
import { openMemoryWork } from "./memory-work.ts";
import { openPace } from "./pace.ts";
import { pastReply } from "./past-reply.ts";
import { type Reply, replyWaiters } from "./reply-waiters.ts";
import { restoreQueue } from "./restore-queue.ts";
import { retryDead } from "./retry-dead.ts";
import { openRuns, type Runs } from "./runs.ts";
import { sendMessage, sendPosts } from "./send-message.ts";
import { sessionQueue } from "./session-queue.ts";
import { placeName, startAdapters } from "./start-adapters.ts";
import { openTitles } from "./titles.ts";
import type { MediaRules } from "./turn-files.ts";
import { openTurnLoop } from "./turn-loop.ts";

/** The daemon's heart: messages in, turns in order, posts out, everything on disk in between. */
export interface Gateway {
  readonly store: SessionStore;
  readonly adapters: readonly Adapter[];
  readonly accept: Accept;
  readonly feed: LiveFeed;
  readonly media: MediaRules;
  readonly jobs: Runs;
  status(): GatewayStatus;
  /** Resolves with the answer to an accepted message, null after `timeoutMs` or when the signal aborts; answers of up to a day ago are found too. */
  waitForReply(inboxId: number, timeoutMs: number, signal?: AbortSignal): Promise<Reply | null>;
  /** Writes a message of our own to a conversation; resolves with its first outbox number when it is on disk. */
  send(place: Lane, text: string): Promise<number>;
  /** Gives a dead post another life; false when there is no such one. */
  retryDead(outboxId: number): Promise<boolean>;
  /** The same for an event that a hook did not take. */
  retryHook(eventId: number, hook: string): Promise<boolean>;
  /** Compacts a session as `/compact` does; null where memory is not kept. */
  compact(sessionId: string, wish: CompactionWish): Promise<Compaction | null>;
  /** Ends the live session of a key and opens a fresh one, as `/reset` does; null when none is live. */
  resetSession(key: string): Promise<Session | null>;
  /** A button of a post was pressed where the post itself cannot tell: takes its buttons away, for everybody who watches. */
  pressed(place: Lane, outboxId: number): Promise<void>;
  /** Tells of a decision about a person that was made from outside a turn. */
  pairingDecided(outcome: PairingOutcome): void;
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
  const { rulesOf } = options;
  const modeOf = (key: string) => selectLiveSession(store.reader, key)?.queue_mode ?? options.queue.mode;
  const queue = sessionQueue({ ...limits, joins: (key) => modeOf(key) !== "followup" });
  const pace = openPace(clock, (platform, account) => rulesOf(platform, account).maxPerSecond);
  const delivery = openDelivery({
    store,
    adapterOf,
    clock,
    events,
    maxAgeMs: limits.outboxMaxAgeMs,
    pace,
    rulesOf,
    onDead: (tx, outboxId, error) => runs.noteDead(tx, outboxId, error),
  });
  const runs = openRuns({
    store,
    clock,
    events,
    adapters: options.adapters,
    adapterOf,
    rulesOf,
    homeOf: options.homeOf,
    mediaFolder: options.media.folder,
    routeOf: options.routeOf,
    hasAgent: (name) => options.agents.has(name),
    timeZone: options.timeZone,
    hooks: options.jobs ?? null,
    feed,
    send: (posts) => sendPosts({ feed, delivery }, posts),
    takeWaiting(waiting) {
      for (const { key, inboxId } of waiting) queue.restore(key, inboxId);
      loop.pump();
    },
  });
  const active = activeTurns(queue.isRunning);
  const approvals = openApprovals(clock);
  const agentOf = (agentId: string) => requireAgent(options.agents, agentId);
  const titles = options.titles === "agent" ? openTitles({ store, clock, events, feed, agentOf }) : null;
  const { promptOf } = options;
  const memory =
    options.memory === undefined
      ? null
      : openMemoryWork({ rules: options.memory, store, clock, events, agentOf, promptOf });
  const loop = openTurnLoop({
    queue,
    active,
    approvals,
    delivery,
    waiters,
    steers: (key) => modeOf(key) === "steer",
    onAnswered: ({ session, userSeq }) => titles?.answered(session, userSeq),
    onDueAt: options.onDueAt,
    onSessionEnded: () => memory?.poke(),
    begin: {
      sessions: store.rules,
      commands: options.commands,
      adapterOf,
      runs: runs.rules,
      desk: runs,
      isAdmin: (message) => {
        if (message.job !== undefined) return runs.isAdmin(message.job.origin);
        const admittance = rulesOf(message.source.platform, message.source.account).admit(message);
        return admittance.kind === "admitted" && admittance.isAdmin;
      },
      activityOf: (tx, { key, inboxId }) => {
        const startedMs = active.of(key)?.startedMs ?? clock.monotonicMs();
        const isWorking = active.of(key) !== null || (active.isBeginning(key) && hasEarlierInbox(tx, key, inboxId));
        return {
          runningMs: isWorking ? clock.monotonicMs() - startedMs : null,
          waiting: queue.waitingIn(key),
          approvals: approvals.pendingIn(key),
        };
      },
      agents: options.knownAgents,
      queueMode: options.queue.mode,
      choices: options.choices ?? "admins",
      keepFile: (name, mimeType, text) =>
        storeText({ folder: options.media.folder, name, mimeType, text, nowMs: clock.nowMs() }),
      timeZone: options.timeZone,
      version: options.version,
      maxAttempts: MAX_ATTEMPTS,
    },
    turn: {
      store,
      clock,
      events,
      feed,
      delivery,
      pace,
      adapterOf,
      rulesOf,
      media: options.media,
      agentOf,
      promptOf,
      memory,
      timeoutMs: limits.turnTimeoutMs,
    },
  });
  const door = openAccept({
    store,
    clock,
    events,
    feed,
    queue,
    loop,
    adapterOf,
    routeOf: options.routeOf,
    rulesOf,
    deliver: (posts) => {
      for (const post of posts) if (!post.isDelivered) delivery.notify(laneOf(post), post);
    },
    isControl: (name) => options.commands.some((command) => command.name === name && command.isControl === true),
    interrupts: (key) => modeOf(key) === "interrupt",
    debounceMs: options.queue.debounceMs,
  });
  const folders = { mediaFolder: options.media.folder, reportsFolder: runs.rules.folder };
  const housekeeping = openHousekeeping({ store, clock, events, ...folders });

  const restored = await restoreQueue(store, queue);
  // First what is left over, then what turns add to it: posts of a conversation leave in order.
  const lanes = await delivery.start();
  loop.pump();
  if (restored + lanes > 0) {
    events.recovered({ turns: restored, deliveries: lanes, durationMs: clock.monotonicMs() - startedMs });
  }
  const failures = await startAdapters({
    adapters: options.adapters,
    commands: options.commands,
    intakeOf: (adapter) => openIntake(adapter, { store, clock, accept: door.accept, delivery }),
    events,
  });

  delivery.open();

  return {
    store,
    adapters: options.adapters,
    accept: door.accept,
    feed,
    media: options.media,
    jobs: runs,
    status: () => gatewayStatus({ version: options.version, startedAtMs }, options.adapters, queue, failures),
    async waitForReply(inboxId, timeoutMs, signal) {
      return pastReply(store.reader, inboxId) ?? (await waiters.wait(inboxId, timeoutMs, signal));
    },
    send: (place, text) => sendMessage({ store, adapterOf, clock, feed, delivery }, place, text),
    retryDead: (outboxId) => retryDead({ store, delivery, clock }, outboxId),
    async retryHook(eventId, hook) {
      const isRevived = await store.write((tx) => reviveDelivery(tx, { eventId, hook }, clock.nowMs()));
      if (isRevived) memory?.poke();
      return isRevived;
    },
    compact: async (sessionId, wish) => (memory === null ? null : await memory.compact(sessionId, wish)),
    async resetSession(key) {
      const ended = store.liveSession(key);
      const fresh = await store.resetSession(key, "reset", clock.nowMs());
      memory?.poke();
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
    async pressed(place, outboxId) {
      if (await store.write((tx) => removeButtons(tx, place, outboxId)))
        feed.publish({ kind: "pressed", place, outboxId });
    },
    pairingDecided: (outcome) => tellPairing(events, outcome),
    sessionChanged(sessionId) {
      feed.publish({ kind: "session", sessionId });
      memory?.poke();
    },
    async stop(signalName) {
      const stoppingMs = clock.monotonicMs();
      events.shuttingDown({ signal: signalName, runningTurns: queue.running() });
      door.close();
      // Adapters read no more, but posts still leave until the turns are done.
      await Promise.allSettled(options.adapters.map((adapter) => adapter.stop()));
      const abandonedTurns = await loop.stop(limits.drainMs);
      await titles?.stop();
      await runs.stop();
      await memory?.stop();
      await delivery.stop();
      await Promise.allSettled(options.adapters.map(async (adapter) => await adapter.close?.()));
      housekeeping.close();
      await Promise.allSettled([...options.agents.values()].map(async (agent) => await agent.close?.()));
      events.stopped({ durationMs: clock.monotonicMs() - stoppingMs, abandonedTurns });
    },
  };
}

function requireAgent(agents: ReadonlyMap<string, AgentBackend>, agentId: string): AgentBackend {
  const agent = agents.get(agentId) ?? agents.get("main");
  if (agent === undefined) throw new Error(`no agent ${JSON.stringify(agentId)} and no agent "main" is configured.`);
  return agent;
}

function laneOf({ platform, account, chatId, threadId }: Lane): Lane {
  return { platform, account, chatId, threadId };
}
