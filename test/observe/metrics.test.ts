import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openMetrics } from "../../src/observe/metrics.ts";

test("what is recorded appears in the text with its labels, durations in seconds", async () => {
  const metrics = openMetrics({ version: "1.2.3" });
  metrics.inboundMessage("web", "accepted");
  metrics.inboundMessage("web", "accepted");
  metrics.turn("main", "done", 1500);
  metrics.outboundMessage("web", "sent");
  metrics.deliveryRetry("slack", "rate_limited");
  metrics.deadLetter("outbox");
  metrics.sessionReset("idle");
  metrics.storeCommit(2, 8);
  metrics.storeWriteFailure();
  metrics.internalError("deliver");
  const text = await metrics.text();
  for (const line of [
    'parley_inbound_messages_total{platform="web",result="accepted"} 2',
    'parley_turns_total{agent="main",outcome="done"} 1',
    "parley_turn_duration_seconds_sum 1.5",
    'parley_turn_duration_seconds_bucket{le="1"} 0',
    'parley_turn_duration_seconds_bucket{le="2.5"} 1',
    'parley_outbound_messages_total{platform="web",outcome="sent"} 1',
    'parley_delivery_retries_total{platform="slack",reason="rate_limited"} 1',
    'parley_dead_letters_total{box="inbox"} 0',
    'parley_dead_letters_total{box="outbox"} 1',
    'parley_session_resets_total{reason="idle"} 1',
    "parley_store_commit_duration_seconds_sum 0.002",
    'parley_store_batch_size_bucket{le="8"} 1',
    "parley_store_write_failures_total 1",
    'parley_internal_errors_total{where="deliver"} 1',
    'parley_build_info{version="1.2.3"} 1',
  ]) {
    assert.ok(text.includes(`\n${line}\n`), `expected the line ${line}`);
  }
  assert.match(text, /^process_resident_memory_bytes \d+$/m);
  assert.match(metrics.contentType, /^text\/plain; version=0\.0\.4/);
});

test("every metric has help, a type and a name as Prometheus asks, and none comes twice", async () => {
  const metrics = openMetrics({ version: "1.2.3" });
  metrics.measure({ queueDepth: () => 0, liveSessions: () => 0, adapters: () => [] });
  const text = await metrics.text();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => ({ name, type }));
  assert.ok(types.length > 20, "found too few metrics");
  assert.equal(new Set(types.map(({ name }) => name)).size, types.length);
  for (const { name, type } of types.filter((metric) => metric.name.startsWith("parley_"))) {
    assert.match(name, /^parley_[a-z]+(_[a-z]+)*$/);
    assert.equal(name.endsWith("_total"), type === "counter", name);
    assert.match(text, new RegExp(`^# HELP ${name} [A-Z1].*\\.$`, "m"));
  }
});

test("gauges ask the gateway at each scrape, and an adapter that left is not shown any more", async () => {
  const metrics = openMetrics({ version: "1.2.3" });
  let depth = 3;
  let adapters = [
    { platform: "web", account: "default", connected: true },
    { platform: "slack", account: 'wo"rk', connected: false },
  ];
  metrics.measure({ queueDepth: () => depth, liveSessions: () => 12, adapters: () => adapters });
  const first = await metrics.text();
  assert.match(first, /^parley_queue_depth 3$/m);
  assert.match(first, /^parley_sessions_live 12$/m);
  assert.match(first, /^parley_adapter_connected\{platform="web",account="default"\} 1$/m);
  assert.match(first, /^parley_adapter_connected\{platform="slack",account="wo\\"rk"\} 0$/m);
  depth = 0;
  adapters = adapters.slice(0, 1);
  const second = await metrics.text();
  assert.match(second, /^parley_queue_depth 0$/m);
  assert.doesNotMatch(second, /slack/);
});

test("two gateways in one process count apart", async () => {
  const one = openMetrics({ version: "1.2.3" });
  const other = openMetrics({ version: "1.2.3" });
  one.storeWriteFailure();
  assert.match(await one.text(), /^parley_store_write_failures_total 1$/m);
  assert.match(await other.text(), /^parley_store_write_failures_total 0$/m);
});

test("every metric that the operators' page names exists", async () => {
  const metrics = openMetrics({ version: "1.2.3" });
  metrics.measure({ queueDepth: () => 0, liveSessions: () => 0, adapters: () => [] });
  const text = await metrics.text();
  const page = readFileSync(join(import.meta.dirname, "../../docs/operations.md"), "utf8");
  const named = new Set([...page.matchAll(/`(parley_[a-z_]+)/g)].map(([, name = ""]) => name));
  assert.ok(named.size >= 5, "found too few names");
  for (const name of named) assert.ok(text.includes(`\n# TYPE ${name} `), name);
});

test("what waits to be counted is, however much it is and whoever asks meanwhile", async () => {
  const metrics = openMetrics({ version: "1.2.3" });
  for (let n = 1; n <= 600; n++) {
    metrics.storeCommit(1, 1);
    if (n % 250 === 0) assert.match(await metrics.text(), new RegExp(`^parley_store_batch_size_count ${n}$`, "m"));
  }
  assert.match(await metrics.text(), /^parley_store_batch_size_count 600$/m);
});
