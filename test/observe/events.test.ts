import assert from "node:assert/strict";
import { test } from "node:test";
import { type Events, openEvents } from "../../src/observe/events.ts";
import { openLog } from "../../src/observe/log.ts";
import { openMetrics } from "../../src/observe/metrics.ts";

const place = { platform: "web", account: "default" };
const turn = { inboxId: 1, sessionId: "20260102_120000_00000000", agent: "main", attempt: 1 };
const delivery = { ...place, outboxId: 2, attempt: 1 };
const error = new Error("broken");

type Line = readonly [record: (events: Events) => void, level: string | null, counted: string | null];
const table: { readonly [Event in keyof Events]: Line } = {
  messageAccepted: [
    (events) => events.messageAccepted({ ...place, inboxId: 1 }),
    "debug",
    'parley_inbound_messages_total{platform="web",result="accepted"} 1',
  ],
  messageDuplicate: [
    (events) => events.messageDuplicate({ ...place, inboxId: 1 }),
    "debug",
    'parley_inbound_messages_total{platform="web",result="duplicate"} 1',
  ],
  messageRefused: [
    (events) => events.messageRefused({ ...place, reason: "queue_full" }),
    "warn",
    'parley_inbound_messages_total{platform="web",result="refused"} 1',
  ],
  messageIgnored: [
    (events) => events.messageIgnored({ ...place, reason: "not_addressed" }),
    "debug",
    'parley_inbound_messages_total{platform="web",result="ignored"} 1',
  ],
  pairingRequested: [
    (events) => events.pairingRequested({ ...place, person: "web:ann" }),
    "info",
    'parley_pairings_total{outcome="requested"} 1',
  ],
  pairingDecided: [
    (events) => events.pairingDecided({ person: "web:ann", outcome: "approved", by: "operator" }),
    "info",
    'parley_pairings_total{outcome="approved"} 1',
  ],
  pairingWrongCode: [
    (events) => events.pairingWrongCode({ by: "web:bob", triesLeft: 3 }),
    "warn",
    'parley_pairings_total{outcome="wrong_code"} 1',
  ],
  pairingLocked: [
    (events) => events.pairingLocked({ by: "web:bob" }),
    "warn",
    'parley_pairings_total{outcome="locked"} 1',
  ],
  deliveryResent: [
    (events) => events.deliveryResent({ ...place, outboxId: 2 }),
    "warn",
    'parley_delivery_retries_total{platform="web",reason="in_doubt"} 1',
  ],
  adapterWarned: [(events) => events.adapterWarned({ ...place, detail: "an intent is missing" }), "warn", null],
  titleFailed: [
    (events) => events.titleFailed({ sessionId: turn.sessionId, agent: "main", detail: "it took too long" }),
    "debug",
    null,
  ],
  compacted: [
    (events) =>
      events.compacted({
        sessionId: turn.sessionId,
        reason: "hard",
        outcome: "summarised",
        removed: 40,
        tokensBefore: 4_000,
        tokensAfter: 300,
        durationMs: 9,
      }),
    "info",
    'parley_compactions_total{reason="hard",outcome="summarised"} 1',
  ],
  memoryRefreshed: [
    (events) => events.memoryRefreshed({ sessionId: turn.sessionId, kept: 2, refused: { secret: 1 } }),
    "debug",
    'parley_memory_claims_total{outcome="secret"} 1',
  ],
  memoryFailed: [(events) => events.memoryFailed({ what: "summary", error }), "warn", null],
  contextGiven: [(events) => events.contextGiven({ tokens: 900 }), null, 'parley_context_tokens_bucket{le="1000"} 1'],
  hookFailed: [
    (events) => events.hookFailed({ hook: "crm", kind: "session.ended", attempt: 6, isDead: true, error }),
    "error",
    'parley_dead_letters_total{box="hook"} 1',
  ],
  sessionsPurged: [(events) => events.sessionsPurged({ sessions: 3 }), "info", null],
  eventIgnored: [
    (events) => events.eventIgnored({ ...place, reason: "own message" }),
    null,
    'parley_ignored_events_total{platform="web",reason="own message"} 1',
  ],
  turnFellBack: [
    (events) => events.turnFellBack({ agent: "main", to: "second", reason: "unavailable", detail: "503" }),
    "warn",
    'parley_turns_total{agent="main",outcome="fell_back"} 1',
  ],
  agentSaid: [(events) => events.agentSaid({ agent: "main", line: "hello" }), "info", null],
  orphansEnded: [(events) => events.orphansEnded({ programs: 2 }), "warn", null],
  jobRunEnded: [
    (events) => events.jobRunEnded({ job: "standup", state: "done", durationMs: 5, error: null }),
    "info",
    'parley_job_runs_total{job="standup",state="done"} 1',
  ],
  jobPlacesRefused: [
    (events) => events.jobPlacesRefused({ job: "standup", reason: "slack:C1: the bot is not in this channel." }),
    "warn",
    null,
  ],
  jobPaused: [(events) => events.jobPaused({ job: "standup", reason: "it failed" }), "error", null],
  turnStarted: [(events) => events.turnStarted(turn), "debug", null],
  turnFinished: [
    (events) => events.turnFinished({ ...turn, durationMs: 5 }),
    "debug",
    'parley_turns_total{agent="main",outcome="done"} 1',
  ],
  turnFailed: [
    (events) => events.turnFailed({ ...turn, durationMs: 5, reason: "timeout", willRetry: true, error }),
    "warn",
    'parley_turns_total{agent="main",outcome="timeout"} 1',
  ],
  turnDead: [
    (events) => events.turnDead({ inboxId: 1, sessionId: null, attempts: 3, reason: "error" }),
    "error",
    'parley_dead_letters_total{box="inbox"} 1',
  ],
  replySent: [
    (events) => events.replySent({ ...delivery, durationMs: 4 }),
    "debug",
    'parley_outbound_messages_total{platform="web",outcome="sent"} 1',
  ],
  deliveryRetried: [
    (events) => events.deliveryRetried({ ...delivery, reason: "unreachable", delayMs: 1000, error }),
    "warn",
    'parley_delivery_retries_total{platform="web",reason="unreachable"} 1',
  ],
  deliveryDead: [
    (events) => events.deliveryDead({ ...delivery, reason: "gone" }),
    "error",
    'parley_outbound_messages_total{platform="web",outcome="dead"} 1',
  ],
  mirrorFailed: [(events) => events.mirrorFailed({ sessionId: turn.sessionId, error }), "error", null],
  sessionStarted: [(events) => events.sessionStarted({ sessionId: turn.sessionId, platform: "web" }), "debug", null],
  sessionReset: [
    (events) => events.sessionReset({ sessionId: turn.sessionId, reason: "daily" }),
    "info",
    'parley_session_resets_total{reason="daily"} 1',
  ],
  storeCommitted: [
    (events) => events.storeCommitted({ durationMs: 1, batchSize: 4 }),
    null,
    "parley_store_batch_size_sum 4",
  ],
  storeWriteFailed: [(events) => events.storeWriteFailed({ error }), "error", "parley_store_write_failures_total 1"],
  mirrorHealed: [
    (events) => events.mirrorHealed({ sessionId: turn.sessionId, appendedLines: 1, quarantinedLines: 0 }),
    "warn",
    null,
  ],
  adapterConnected: [(events) => events.adapterConnected(place), "info", null],
  adapterDisconnected: [(events) => events.adapterDisconnected({ ...place, detail: "socket closed" }), "warn", null],
  recovered: [(events) => events.recovered({ turns: 1, deliveries: 2, durationMs: 3 }), "info", null],
  ready: [(events) => events.ready({ version: "1.2.3", address: null, durationMs: 300 }), "info", null],
  shuttingDown: [(events) => events.shuttingDown({ signal: "SIGTERM", runningTurns: 2 }), "info", null],
  stopped: [(events) => events.stopped({ durationMs: 20, abandonedTurns: 0 }), "info", null],
  internalError: [
    (events) => events.internalError({ where: "deliver", error }),
    "error",
    'parley_internal_errors_total{where="deliver"} 1',
  ],
};

for (const [event, [record, level, counted]] of Object.entries(table)) {
  test(`${event} writes ${level === null ? "no line" : `one line at ${level}`}${counted === null ? "" : " and counts"}`, async () => {
    const lines: string[] = [];
    const log = await openLog({
      level: "debug",
      format: "json",
      destination: { write: (line) => void lines.push(line) },
    });
    const metrics = openMetrics({ version: "1.2.3" });
    record(openEvents(log, metrics));
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).level),
      level === null ? [] : [level],
    );
    if (counted !== null) assert.ok((await metrics.text()).includes(`\n${counted}\n`), `expected ${counted}`);
  });
}

test("a turn that a person stopped is no warning", async () => {
  const lines: string[] = [];
  const log = await openLog({ level: "info", format: "json", destination: { write: (line) => void lines.push(line) } });
  openEvents(log, openMetrics({ version: "1.2.3" })).turnFailed({
    ...turn,
    durationMs: 5,
    reason: "stopped",
    willRetry: false,
  });
  assert.equal(JSON.parse(lines.join("")).level, "info");
});
