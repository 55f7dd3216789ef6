import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../config/load.ts";
import { startDaemon } from "../src/main.ts";
import { silentLog } from "../src/observe/log.ts";
import { selectJobOfName, selectJobs } from "../src/store/jobs.ts";
import { fakeClock } from "./support/fake-clock.ts";
import { tempDir } from "./support/temp-dir.ts";
import { NOON_MS } from "./support/test-store.ts";
import { until } from "./support/until.ts";

const HOUR_MS = 3_600_000;

function configOf(folder: string, yaml: string) {
  writeFileSync(join(folder, "parley.yaml"), yaml);
  return loadConfig({ env: { PARLEY_DATA_DIR: join(folder, "data") }, cwd: folder }).config;
}

test("the configuration's jobs run, change with the file, and are done when it names them no more", async () => {
  using folder = tempDir();
  const clock = fakeClock(NOON_MS);
  const options = { log: silentLog, clock, consoleEnabled: false };
  const hourly = '{ name: oven, schedule: "every hour", text: Look!, timeZone: UTC, maxRuns: 2 }';
  const standup = '{ name: standup, schedule: "0 9 * * *", prompt: What is open?, timeZone: UTC }';
  const reports = join(folder.path, "data", "jobs", "oven");

  const first = await startDaemon({ ...options, config: configOf(folder.path, `jobs: [${hourly}, ${standup}]`) });
  await clock.advance(HOUR_MS);
  await until("the reminder is a file", async () => {
    await clock.advance(1);
    return readdirSync(reports).length === 1;
  });
  await first.stop("test");

  const changed = standup.replace("0 9", "0 10");
  const second = await startDaemon({ ...options, config: configOf(folder.path, `jobs: [${hourly}, ${changed}]`) });
  const { reader } = second.gateway.store;
  assert.equal(selectJobOfName(reader, "oven")?.runs, 1, "what did not change goes on as it stood");
  assert.equal(selectJobOfName(reader, "standup")?.next_run_at_ms, Date.UTC(2026, 3, 2, 10));
  await clock.advance(HOUR_MS);
  await until("it has run for the last time", async () => {
    await clock.advance(1);
    return selectJobOfName(reader, "oven") === null;
  });
  await second.stop("test");

  const third = await startDaemon({ ...options, config: configOf(folder.path, `jobs: [${hourly}]`) });
  const states = selectJobs(third.gateway.store.reader, 0, 10).map(({ name, state, state_reason }) => [
    name,
    state,
    state_reason,
  ]);
  await third.stop("test");
  assert.deepEqual(states, [
    ["oven", "done", "it ran for the last time"],
    ["standup", "done", "it is not in the configuration any more"],
  ]);
});

test("a job of the configuration that leads nowhere is said at the start, with what to do", async () => {
  using folder = tempDir();
  const problems: unknown[] = [];
  const log = { ...silentLog, error: (fields: object) => void problems.push(fields) };
  const config = configOf(folder.path, 'jobs: [{ name: a, schedule: "0 9 * * *", prompt: p, deliver: [telegram] }]');
  const daemon = await startDaemon({ config, log, consoleEnabled: false });
  await daemon.stop("test");
  assert.deepEqual(problems, [{ problem: 'job a: delivery target "telegram": expected a platform of local, web.' }]);
});

test("what is scheduled in a chat comes at its second, though the watcher slept", async () => {
  using folder = tempDir();
  const clock = fakeClock(NOON_MS);
  const daemon = await startDaemon({
    log: silentLog,
    clock,
    consoleEnabled: false,
    config: configOf(folder.path, "sessions: { timeZone: UTC }"),
  });
  const said: string[] = [];
  daemon.gateway.feed.subscribe((event) => {
    if (event.kind === "post") said.push(event.text);
  });
  await daemon.receiveLocal({ chatId: "terminal", userId: "me", text: "/schedule --remind in 5s look!" });
  await until("the job is made", () => said.some((text) => text.startsWith("The reminder `look` is made")));
  await clock.advance(4_999);
  assert.ok(!said.includes("look!"));
  await until("it is said", async () => {
    await clock.advance(1);
    return said.includes("look!");
  });
  assert.ok(clock.nowMs() < NOON_MS + 6_000);
  await daemon.stop("test");
});
