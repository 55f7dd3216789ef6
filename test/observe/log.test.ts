import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { type LogOptions, openLog, silentLog } from "../../src/observe/log.ts";
import { fakeClock } from "../support/fake-clock.ts";

const NOON_MS = Date.UTC(2026, 0, 2, 12);

/** Opens a log that writes into memory, and the lines it wrote so far. */
async function memoryLog(options: Partial<LogOptions> = {}, isTerminal = false) {
  const written: string[] = [];
  const log = await openLog({
    level: "debug",
    format: "auto",
    destination: { write: (text) => void written.push(text), isTerminal },
    color: false,
    clock: fakeClock(NOON_MS),
    ...options,
  });
  return { log, text: () => written.join(""), lines: () => written.join("").split("\n").slice(0, -1) };
}

test("a log that no terminal reads is one JSON object a line, with level, time, fields and message", async () => {
  const { log, lines } = await memoryLog();
  log.info({ platform: "web", inboxId: 7 }, "message accepted");
  log.child({ sessionId: "s1" }).warn({ attempt: 2 }, "turn failed");
  assert.deepEqual(
    lines().map((line) => JSON.parse(line)),
    [
      { level: "info", time: "2026-01-02T12:00:00.000Z", platform: "web", inboxId: 7, msg: "message accepted" },
      { level: "warn", time: "2026-01-02T12:00:00.000Z", sessionId: "s1", attempt: 2, msg: "turn failed" },
    ],
  );
});

test("lines below the level are not written, and a silent log writes none", async () => {
  const warnings = await memoryLog({ level: "warn" });
  const nothing = await memoryLog({ level: "silent" });
  for (const log of [warnings.log, nothing.log, silentLog.child({})]) {
    log.debug({}, "debug");
    log.info({}, "info");
    log.warn({}, "warn");
    log.error({}, "error");
    await log.flush();
  }
  assert.deepEqual(
    warnings.lines().map((line) => JSON.parse(line).msg),
    ["warn", "error"],
  );
  assert.equal(nothing.text(), "");
});

test("a terminal gets the pretty form unless JSON is asked for", async () => {
  const pretty = await memoryLog({}, true);
  pretty.log.info({ port: 8787 }, "ready");
  assert.match(pretty.text(), /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: ready \{"port":8787\}\n$/);
  const json = await memoryLog({ format: "json" }, true);
  json.log.info({}, "ready");
  assert.equal(JSON.parse(json.text()).msg, "ready");
});

const SECRETS = ["xoxb-1234-secret", "xoxb-1234", 'quo"te\nd', "a/b c", "", "abc"];

for (const format of ["json", "pretty"] as const) {
  test(`a known secret appears nowhere in the ${format} form, whatever carries it`, async () => {
    const { log, text } = await memoryLog({ format, secrets: SECRETS });
    const cause = new Error('refused quo"te\nd');
    log.error({ error: new Error("POST https://host/bot-xoxb-1234-secret/x failed", { cause }) }, "failed");
    log
      .child({ url: `https://host/${encodeURIComponent("a/b c")}` })
      .info({ "xoxb-1234": [{ deep: "a/b c" }] }, "xoxb-1234");
    log.info({ token: "unlisted", nested: { authorization: "Bearer unlisted" } }, "fields named like secrets");
    for (const secret of ["1234", "-secret", 'quo"te', 'quo\\"te', "a/b", "a%2Fb", "unlisted"]) {
      assert.equal(text().includes(secret), false, `${secret} in ${text()}`);
    }
    assert.match(text(), /\*\*\*/);
  });
}

test("values too short to be secrets leave ordinary words alone", async () => {
  const { log, text } = await memoryLog({ secrets: ["", "abc"] });
  log.info({}, "the abc");
  assert.match(text(), /the abc/);
});

test("what people wrote cannot begin a line of the pretty form, nor send the terminal a control sequence", async () => {
  const evil = "x\r\n[12:00:00.000] INFO: forged \u001b[2J\u009b31m\u001b]0;title\u0007 \u202ereversed\u2028\u0000";
  const { log, text, lines } = await memoryLog({}, true);
  const stacked = new Error(`${evil}\n    at forged (here.ts:1:1)`, { cause: new Error(evil) });
  log.info({ userName: evil, [evil]: { [evil]: [evil] }, name: evil }, `said ${evil}`);
  log.error({ error: stacked }, "failed");
  log.error({ error: evil }, "failed");
  log.child({ chatName: evil }).warn({}, "child");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  assert.doesNotMatch(text(), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
  const atMargin = lines().filter((line) => !line.startsWith("    "));
  assert.equal(atMargin.length, 4, text());
  for (const line of atMargin) assert.match(line, /^\[\d\d:\d\d:\d\d\.\d{3}\] (INFO|WARN|ERROR)/);
});

test("JSON that ends on a terminal after all holds no control sequences either, and means the same", async () => {
  const { log, text } = await memoryLog({ format: "json" });
  log.info({ userName: "a\u009b2J\u202eb\u2028\u007f" }, "hello");
  assert.doesNotMatch(text(), /[\u007f-\u009f\u202e\u2028]/);
  assert.equal(JSON.parse(text()).userName, "a\u009b2J\u202eb\u2028\u007f");
});

test("an error is logged with its code and its chain of causes, and without what an SDK hung on it", async () => {
  const disk = Object.assign(new Error("disk full"), { code: "ENOSPC", requestBody: "what somebody wrote" });
  const thrown = new Error("could not store", { cause: new AggregateError([disk, "odd"], "two parts") });
  const { log, text } = await memoryLog();
  log.error({ error: thrown }, "write failed");
  const { error } = JSON.parse(text());
  assert.equal(error.message, "could not store");
  assert.match(error.stack, /log\.test\.ts/);
  assert.equal(error.cause.type, "AggregateError");
  assert.deepEqual(error.cause.errors[0].code, "ENOSPC");
  assert.deepEqual(error.cause.errors[1], { type: "string", message: "odd" });
  assert.doesNotMatch(text(), /somebody wrote/);

  const pretty = await memoryLog({ format: "pretty" });
  pretty.log.error({ error: thrown }, "write failed");
  assert.match(
    pretty.text(),
    /write failed\n {4}Error: could not store\n {8}at .*\n(?:.*\n)* {4}caused by: AggregateError: two parts\n/,
  );
  assert.match(pretty.text(), / {4}one of: Error: disk full \(ENOSPC\)\n(?:.*\n)* {4}one of: string: odd\n/);
});

test("a chain of causes that loops, and a message as long as a response body, are cut", async () => {
  const loop = new Error("round");
  loop.cause = loop;
  const { log, text } = await memoryLog();
  log.error({ error: loop }, "failed");
  log.error({ error: new Error("x".repeat(1_000_000)) }, "failed");
  assert.ok(text().length < 60_000, `${text().length} characters`);
});

test("lines written just before the process ends reach its output", async () => {
  const script = `
    const { openLog } = await import(${JSON.stringify(new URL("../../src/observe/log.ts", import.meta.url).href)});
    const log = await openLog({ level: "info", format: "auto", destination: "stderr" });
    for (let n = 0; n < 200; n++) log.info({ n }, "line");
    if (process.argv[1] === "flush") { await log.flush(); process.kill(process.pid, "SIGKILL"); }
    process.exit(3);`;
  for (const [how, signal] of [
    ["flush", "SIGKILL"],
    ["exit", null],
  ] as const) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, how], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    assert.deepEqual((await once(child, "close"))[1], signal);
    assert.equal(output.split("\n").length, 201, how);
    assert.equal(JSON.parse(output.split("\n")[199] ?? "").n, 199);
  }
});
