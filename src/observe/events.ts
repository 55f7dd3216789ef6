import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** Which bot of which platform. */
type Place = { readonly platform: string; readonly account: string };
type Failure = { readonly reason: string; readonly error?: unknown };
type Turn = { readonly inboxId: number; readonly sessionId: string; readonly agent: string; readonly attempt: number };
type Delivery = Place & { readonly outboxId: number; readonly attempt: number };

/** One function per business event; each writes its log line and its counter, and none takes message text or a session key. */
export interface Events {
  messageAccepted(fields: Place & { readonly inboxId: number }): void;
  messageDuplicate(fields: Place & { readonly inboxId: number }): void;
  /** `reason` is an `Acceptance`'s: `queue_full`, `too_long`, `stopping`. */
  messageRefused(fields: Place & { readonly reason: string }): void;

  /** It was not meant for the bot, or its sender may not speak; `reason` is an `Acceptance`'s. */
  messageIgnored(fields: Place & { readonly reason: string }): void;

  /** A stranger was given a code; `person` is `platform:userId`. No event of pairing takes a code. */
  pairingRequested(fields: Place & { readonly person: string }): void;
  /** `by` is `platform:userId`, or `operator`. */
  pairingDecided(fields: {
    readonly person: string;
    readonly outcome: "approved" | "denied" | "revoked";
    readonly by: string;
  }): void;
  pairingWrongCode(fields: { readonly by: string; readonly triesLeft: number }): void;
  /** That was one wrong code too many: for an hour none is taken. */
  pairingLocked(fields: { readonly by: string }): void;

  turnStarted(fields: Turn): void;
  turnFinished(fields: Turn & { readonly durationMs: number }): void;
  /** One attempt failed; `reason` is an `AgentFailure`'s, `detail` its words for the operator. */
  turnFailed(
    fields: Turn & Failure & { readonly durationMs: number; readonly detail?: string; readonly willRetry: boolean },
  ): void;
  /** The agent could not answer, and its fallback is asked instead. */
  turnFellBack(fields: { readonly agent: string; readonly to: string } & Failure & { readonly detail: string }): void;
  /** An agent was asked for a conversation's title and gave none. */
  titleFailed(fields: { readonly sessionId: string; readonly agent: string; readonly detail: string }): void;
  /** A line of an agent that is a program, made safe: what it writes to its standard error, and what is wrong with its output. */
  agentSaid(fields: { readonly agent: string; readonly line: string }): void;
  /** Programs an earlier process had left running were ended. */
  orphansEnded(fields: { readonly programs: number }): void;
  /** The inbox row is given up for good. */
  turnDead(
    fields: { readonly inboxId: number; readonly sessionId: string | null; readonly attempts: number } & Failure,
  ): void;

  /** The platform has it; `durationMs` is the row's age, from its commit to the platform's acceptance. */
  replySent(fields: Delivery & { readonly durationMs: number }): void;
  /** `reason` is a `DeliveryFailure`; the next attempt is due in `delayMs`. */
  deliveryRetried(fields: Delivery & Failure & { readonly delayMs: number }): void;
  deliveryDead(fields: Delivery & Failure): void;
  /** A post is sent again although it may have arrived: the platform cannot be asked. */
  deliveryResent(fields: Omit<Delivery, "attempt">): void;

  /** A run is over; `error` is also what went wrong with the delivery of one that is done. */
  jobRunEnded(fields: {
    readonly job: string;
    readonly state: "done" | "failed" | "skipped";
    readonly durationMs: number;
    readonly error: string | null;
  }): void;
  jobPaused(fields: { readonly job: string; readonly reason: string }): void;
  /** A platform says that the bot can't post where a job of the configuration is to deliver; the job runs all the same. */
  jobPlacesRefused(fields: { readonly job: string; readonly reason: string }): void;

  /** A commit of a session's window is over; `outcome` is `summarised`, `quoted` (without a model) or why there is none. */
  compacted(fields: {
    readonly sessionId: string;
    readonly reason: string;
    readonly outcome: string;
    readonly removed: number;
    readonly tokensBefore: number;
    readonly tokensAfter: number;
    readonly durationMs: number;
  }): void;
  /** Lines were looked through for what is worth remembering; `refused` counts by reason. */
  memoryRefreshed(fields: {
    readonly sessionId: string;
    readonly kept: number;
    readonly refused: Readonly<Record<string, number>>;
  }): void;
  /** A step of memory work failed; it is tried again, or done without. */
  memoryFailed(fields: { readonly what: string; readonly error: unknown; readonly sessionId?: string }): void;
  /** What an agent was shown of its conversation, estimated. */
  contextGiven(fields: { readonly tokens: number }): void;
  /** A hook did not take an event; `isDead`: that was the last attempt. */
  hookFailed(fields: {
    readonly hook: string;
    readonly kind: string;
    readonly attempt: number;
    readonly isDead: boolean;
    readonly error: unknown;
  }): void;
  /** Ended sessions whose time was over went. */
  sessionsPurged(fields: { readonly sessions: number }): void;

  sessionStarted(fields: { readonly sessionId: string; readonly platform: string }): void;
  sessionReset(fields: { readonly sessionId: string; readonly reason: string }): void;

  /** One transaction is on disk. */
  storeCommitted(fields: { readonly durationMs: number; readonly batchSize: number }): void;
  storeWriteFailed(fields: { readonly error: unknown }): void;
  /** A transcript file could not be written; it is tried again. */
  mirrorFailed(fields: { readonly sessionId: string; readonly error: unknown }): void;
  /** A transcript file lagged, was torn or held lines the database does not know, and is its exact mirror again. */
  mirrorHealed(fields: {
    readonly sessionId: string;
    readonly appendedLines: number;
    readonly quarantinedLines: number;
  }): void;

  adapterConnected(fields: Place): void;
  adapterDisconnected(fields: Place & { readonly detail: string; readonly error?: unknown }): void;
  /** Something about a platform that an operator should know; `detail` says what to do. */
  adapterWarned(fields: Place & { readonly detail: string; readonly error?: unknown }): void;
  /** An event of a platform became no message; `reason` is one of the adapter's few. */
  eventIgnored(fields: Place & { readonly reason: string }): void;

  /** What an earlier process left behind is claimed again. */
  recovered(fields: { readonly turns: number; readonly deliveries: number; readonly durationMs: number }): void;
  ready(fields: { readonly version: string; readonly address: string | null; readonly durationMs: number }): void;
  shuttingDown(fields: { readonly signal: string; readonly runningTurns: number }): void;
  stopped(fields: { readonly durationMs: number; readonly abandonedTurns: number }): void;
  /** Our own bug; `where` is the name of the step, a constant. */
  internalError(fields: { readonly where: string; readonly error: unknown }): void;
}

/** The events of one gateway, over its log and its metrics. What happens with every message is logged at `debug`. */
export function openEvents(log: Log, metrics: Metrics): Events {
  return {
    messageAccepted(fields) {
      log.debug(fields, "message accepted");
      metrics.inboundMessage(fields.platform, "accepted");
    },
    messageDuplicate(fields) {
      log.debug(fields, "message was delivered before");
      metrics.inboundMessage(fields.platform, "duplicate");
    },
    messageRefused(fields) {
      log.warn(fields, "message refused");
      metrics.inboundMessage(fields.platform, "refused");
    },
    messageIgnored(fields) {
      log.debug(fields, "message ignored");
      metrics.inboundMessage(fields.platform, "ignored");
    },

    pairingRequested(fields) {
      log.info(fields, "a stranger asks to be let in");
      metrics.pairing("requested");
    },
    pairingDecided(fields) {
      log.info(fields, "decided who may talk to the bot");
      metrics.pairing(fields.outcome);
    },
    pairingWrongCode(fields) {
      log.warn(fields, "wrong pairing code");
      metrics.pairing("wrong_code");
    },
    pairingLocked(fields) {
      log.warn(fields, "too many wrong pairing codes, none is taken for an hour; an id still is");
      metrics.pairing("locked");
    },

    turnStarted: (fields) => log.debug(fields, "turn started"),
    turnFinished(fields) {
      log.debug(fields, "turn finished");
      metrics.turn(fields.agent, "done", fields.durationMs);
    },
    turnFailed(fields) {
      // Stopping is a person's wish and no fault.
      if (fields.reason === "stopped") log.info(fields, "turn stopped");
      else log.warn(fields, "turn failed");
      metrics.turn(fields.agent, fields.reason, fields.durationMs);
    },
    turnDead(fields) {
      log.error(fields, "turn given up, the message is a dead letter");
      metrics.deadLetter("inbox");
    },

    replySent(fields) {
      log.debug(fields, "reply sent");
      metrics.outboundMessage(fields.platform, "sent");
    },
    deliveryRetried(fields) {
      log.warn(fields, "delivery failed, will be tried again");
      metrics.deliveryRetry(fields.platform, fields.reason);
    },
    deliveryDead(fields) {
      log.error(fields, "delivery given up, the reply is a dead letter");
      metrics.outboundMessage(fields.platform, "dead");
      metrics.deadLetter("outbox");
    },
    deliveryResent(fields) {
      log.warn(fields, "post sent again, it may have arrived before");
      metrics.deliveryRetry(fields.platform, "in_doubt");
    },

    jobRunEnded({ error, ...fields }) {
      if (error === null) log.info(fields, "job ran");
      else log.warn({ ...fields, detail: error }, "job did not run as it should");
      metrics.jobRun(fields.job, fields.state, fields.durationMs);
    },
    jobPaused: (fields) => log.error(fields, "job paused"),
    jobPlacesRefused: (fields) => log.warn(fields, "a job can't be delivered where it is to be"),

    compacted(fields) {
      // Most conversations have nothing to compact when they end.
      if (fields.outcome === "empty") log.debug(fields, "nothing to compact");
      else log.info(fields, "conversation compacted");
      metrics.compaction(fields.reason, fields.outcome);
    },
    memoryRefreshed(fields) {
      log.debug(fields, "looked for what is worth remembering");
      metrics.memoryClaims("kept", fields.kept);
      for (const [reason, count] of Object.entries(fields.refused)) metrics.memoryClaims(reason, count);
    },
    memoryFailed: (fields) => log.warn(fields, "memory work failed"),
    contextGiven: ({ tokens }) => metrics.contextTokens(tokens),
    hookFailed({ isDead, ...fields }) {
      if (isDead) log.error(fields, "hook given up, the event is a dead letter");
      else log.warn(fields, "hook failed, will be tried again");
      if (isDead) metrics.deadLetter("hook");
    },
    sessionsPurged: (fields) => log.info(fields, "ended conversations were purged"),

    sessionStarted: (fields) => log.debug(fields, "session started"),
    sessionReset(fields) {
      log.info(fields, "session ended, the next message starts afresh");
      metrics.sessionReset(fields.reason);
    },

    // Up to one a tick of the event loop: counted, not logged.
    storeCommitted: ({ durationMs, batchSize }) => metrics.storeCommit(durationMs, batchSize),
    storeWriteFailed(fields) {
      log.error(fields, "the database refused a write; nothing of it was stored");
      metrics.storeWriteFailure();
    },
    mirrorFailed: (fields) => log.error(fields, "a transcript file could not be written, will be tried again"),
    mirrorHealed: (fields) => log.warn(fields, "transcript file differed from the database and was mended"),

    adapterConnected: (fields) => log.info(fields, "platform connected"),
    adapterDisconnected: (fields) => log.warn(fields, "platform connection lost"),
    adapterWarned: (fields) => log.warn(fields, "platform warning"),
    turnFellBack(fields) {
      log.warn(fields, "agent failed, its fallback answers");
      metrics.turn(fields.agent, "fell_back", 0);
    },
    titleFailed: (fields) => log.debug(fields, "agent gave no title, it is made of the text"),
    agentSaid: (fields) => log.info(fields, "agent said"),
    orphansEnded: (fields) => log.warn(fields, "ended programs that an earlier process had left running"),
    eventIgnored: ({ platform, reason }) => metrics.ignoredEvent(platform, reason),

    recovered: (fields) => log.info(fields, "recovered what was left unfinished"),
    ready: (fields) => log.info(fields, "ready"),
    shuttingDown: (fields) => log.info(fields, "shutting down"),
    stopped: (fields) => log.info(fields, "stopped"),
    internalError(fields) {
      log.error(fields, "internal error, please report it");
      metrics.internalError(fields.where);
    },
  };
}
