import Counter from "prom-client/lib/counter.js";
import Gauge from "prom-client/lib/gauge.js";
import Histogram from "prom-client/lib/histogram.js";
import Registry from "prom-client/lib/registry.js";
import { gatewayGauges, type MeasuredGateway } from "./gateway-gauges.ts";

/** What the gateway counts and measures, in a registry of its own; every label has few values: never an id of a chat or a person. */
export interface Metrics {
  inboundMessage(platform: string, result: "accepted" | "duplicate" | "refused" | "ignored"): void;
  /** An event of a platform that became no message. */
  ignoredEvent(platform: string, reason: string): void;
  pairing(outcome: "requested" | "approved" | "denied" | "revoked" | "wrong_code" | "locked"): void;
  /** One attempt at a turn; `outcome` is `done` or why it failed. */
  turn(agent: string, outcome: string, durationMs: number): void;
  outboundMessage(platform: string, outcome: "sent" | "dead"): void;
  deliveryRetry(platform: string, reason: string): void;
  deadLetter(box: "inbox" | "outbox" | "hook"): void;
  /** A commit is over, by why it was begun and what came of it. */
  compaction(reason: string, outcome: string): void;
  /** What an extraction found, by what became of it. */
  memoryClaims(outcome: string, count: number): void;
  contextTokens(tokens: number): void;
  sessionReset(reason: string): void;
  /** One run of a job; the names of the first hundred jobs are labels, the others are `other`. */
  jobRun(job: string, state: string, durationMs: number): void;
  /** One transaction and how many steps shared it. */
  storeCommit(durationMs: number, batchSize: number): void;
  storeWriteFailure(): void;
  internalError(where: string): void;
  /** Names where gauges read their values at a scrape; called once, when the gateway stands. */
  measure(gateway: MeasuredGateway): void;
  /** Everything in the Prometheus text format, the process's own figures included. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Most names of jobs that become labels: each is a series for ever. */
const MAX_JOB_NAMES = 100;

// An agent answers within a tenth of a second or within minutes; the limit of a turn is ten.
const TURN_BUCKETS_SECONDS = [0.005, 0.05, 0.25, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
// One fsync: tens of microseconds on a good disk, a second on a dying one.
const COMMIT_BUCKETS_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5];
const TOKEN_BUCKETS = [100, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 200_000];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Most counts that wait: some tenths of a millisecond when they are made. */
const MAX_UNCOUNTED = 256;

/** Opens the metrics of one gateway. What counts with each message is counted together, when it is asked for or much waits: nobody's answer waits for it. */
export function openMetrics(options: { readonly version: string }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name: `parley_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `parley_${name}`, help, buckets, registers });

  const inbound = counter("inbound_messages_total", "Messages that arrived, by what became of them.", [
    "platform",
    "result",
  ]);
  const ignored = counter("ignored_events_total", "Events of platforms that became no message.", [
    "platform",
    "reason",
  ]);
  const pairings = counter("pairings_total", "Strangers who asked to be let in, and what was decided or tried.", [
    "outcome",
  ]);
  const turns = counter("turns_total", "Attempts at a turn of an agent, by outcome.", ["agent", "outcome"]);
  const turnDuration = histogram("turn_duration_seconds", "How long an attempt at a turn took.", TURN_BUCKETS_SECONDS);
  const outbound = counter("outbound_messages_total", "Messages that left or were given up.", ["platform", "outcome"]);
  const retries = counter("delivery_retries_total", "Deliveries put off to another attempt.", ["platform", "reason"]);
  const deadLetters = counter("dead_letters_total", "Rows given up for good.", ["box"]);
  const compactions = counter("compactions_total", "Commits of a window to an archive.", ["reason", "outcome"]);
  const claims = counter("memory_claims_total", "What extractions found, by what became of it.", ["outcome"]);
  const contexts = histogram("context_tokens", "What an agent was shown of a conversation, estimated.", TOKEN_BUCKETS);
  const resets = counter("session_resets_total", "Sessions that ended so that the next starts afresh.", ["reason"]);
  const jobRuns = counter("job_runs_total", "Runs of jobs, by how they ended.", ["job", "state"]);
  const jobSeconds = counter("job_run_seconds_total", "Time that runs of jobs took.", ["job"]);
  const jobNames = new Set<string>();
  const commits = histogram("store_commit_duration_seconds", "How long a transaction took.", COMMIT_BUCKETS_SECONDS);
  const batches = histogram("store_batch_size", "Steps that shared one transaction.", BATCH_BUCKETS);
  const writeFailures = counter("store_write_failures_total", "Writes that the database refused.");
  const internalErrors = counter("internal_errors_total", "Faults of the program itself.", ["where"]);
  new Gauge({
    name: "parley_build_info",
    help: "Always 1; the version is the label.",
    labelNames: ["version"],
    registers,
  })
    .labels(options.version)
    .set(1);
  // Present from the start, so that an alert on their increase sees the first one.
  deadLetters.labels("inbox").inc(0);
  deadLetters.labels("outbox").inc(0);
  deadLetters.labels("hook").inc(0);

  const uncounted: (() => void)[] = [];
  const countAll = () => {
    for (const count of uncounted.splice(0)) count();
  };
  const later = (count: () => void) => {
    uncounted.push(count);
    if (uncounted.length >= MAX_UNCOUNTED) countAll();
  };

  return {
    inboundMessage: (platform, result) => later(() => inbound.inc({ platform, result })),
    ignoredEvent: (platform, reason) => later(() => ignored.inc({ platform, reason })),
    pairing: (outcome) => pairings.inc({ outcome }),
    turn(agent, outcome, durationMs) {
      later(() => {
        turns.inc({ agent, outcome });
        turnDuration.observe(durationMs / 1000);
      });
    },
    outboundMessage: (platform, outcome) => later(() => outbound.inc({ platform, outcome })),
    deliveryRetry: (platform, reason) => retries.inc({ platform, reason }),
    deadLetter: (box) => deadLetters.inc({ box }),
    compaction: (reason, outcome) => compactions.inc({ reason, outcome }),
    memoryClaims: (outcome, count) => claims.inc({ outcome }, count),
    contextTokens: (tokens) => contexts.observe(tokens),
    sessionReset: (reason) => resets.inc({ reason }),
    jobRun(name, state, durationMs) {
      if (jobNames.size < MAX_JOB_NAMES) jobNames.add(name);
      const job = jobNames.has(name) ? name : "other";
      jobRuns.inc({ job, state });
      jobSeconds.inc({ job }, durationMs / 1000);
    },
    storeCommit(durationMs, batchSize) {
      later(() => {
        commits.observe(durationMs / 1000);
        batches.observe(batchSize);
      });
    },
    storeWriteFailure: () => writeFailures.inc(),
    internalError: (where) => internalErrors.inc({ where }),
    measure: (gateway) => gatewayGauges(registry, gateway),
    async text() {
      countAll();
      processFigures ??= openProcessRegistry();
      return `${await registry.metrics()}\n${await (await processFigures).metrics()}`;
    },
    contentType: registry.contentType,
  };
}

// One for the whole process, since it measures the process, and only from the first scrape on: its observers cannot be
// stopped again, and who never asks should not pay for them.
let processFigures: Promise<Registry> | null = null;

async function openProcessRegistry(): Promise<Registry> {
  const { collectDefaultMetrics } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
