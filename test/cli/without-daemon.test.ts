import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { selectOutboxAfter } from "../../src/store/outbox.ts";
import { openConnection } from "../../src/store/sqlite.ts";
import { parleyVersion } from "../../src/version.ts";
import { workplace } from "./parley-process.ts";

describe("the command line without a daemon", () => {
  const place = workplace();
  after(() => place[Symbol.asyncDispose]());
  const { parley, json, folder, dataDir } = place;

  test("version and help are told on stdout, mistakes in one line on stderr with exit code 2", async () => {
    const [version, help, unknown, wrong, later] = await Promise.all([
      parley(["version"]),
      parley(["--help"]),
      parley(["sttus"]),
      parley(["status", "--log-level", "loud"]),
      parley(["jobs"]),
    ]);
    assert.deepEqual(version, {
      status: 0,
      stdout: `parley ${parleyVersion} (Node.js ${process.versions.node})\n`,
      stderr: "",
    });
    assert.equal(help.status, 0);
    assert.match(help.stdout, /^Usage: parley/m);
    for (const { status, stdout, stderr } of [unknown, wrong, later]) {
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.match(stderr, /^parley: [^\n]+\n$/);
    }
  });

  test("status, and every command that needs the database, say that there is nothing yet", async () => {
    const [status, list, doctor] = await Promise.all([
      parley(["status"]),
      parley(["sessions", "list"]),
      parley(["doctor"]),
    ]);
    assert.equal(status.status, 1);
    assert.match(status.stdout, /^Parley +not running\n/);
    assert.equal(list.status, 1);
    assert.match(list.stderr, /^parley: [^\n]*there is no database here yet\.\n$/);
    assert.equal(doctor.status, 0, doctor.stdout);
    assert.match(doctor.stdout, /^ok +database: not there yet/m);
  });

  test("config check and show tell mistakes, warnings and what is in force, and hide secrets", async () => {
    const right = join(folder, "right.yaml");
    const wrong = join(folder, "wrong.yaml");
    writeFileSync(right, "console: { port: 9, token: hushhush }\nqeue: {}\n");
    writeFileSync(wrong, "console: { port: 99999 }\nlog: { level: loud }\n");
    const [checked, refused, refusedJson, shown, shownJson, schema] = await Promise.all([
      parley(["config", "check", right]),
      parley(["config", "check", "--config", wrong]),
      parley(["config", "check", wrong, "--json"]),
      parley(["config", "show", "--config", right]),
      json(["config", "show", "--config", right]),
      parley(["config", "schema"]),
    ]);
    assert.equal(checked.status, 0);
    assert.match(checked.stdout, /right\.yaml: valid, with 1 warning\.\n$/);
    assert.match(checked.stderr, /^warning: qeue: .*queue/);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /^parley: console\.port: expected [^\n]+\nparley: log\.level: expected [^\n]+\n$/);
    assert.equal(refusedJson.status, 2);
    assert.deepEqual(
      JSON.parse(refusedJson.stdout).problems.map(({ path }: { path: string }) => path),
      ["console.port", "log.level"],
    );
    assert.match(shown.stdout, /^console:\n(.*\n)* {2}port: 9\n(.*\n)*? {2}token: "?\*\*\*"?\n/m);
    assert.doesNotMatch(shown.stdout, /hushhush/);
    assert.partialDeepStrictEqual(shownJson, { dataDir, console: { port: 9, token: "***" } });
    assert.equal(JSON.parse(schema.stdout).title, "Parley configuration");
  });

  test("chat answers piped lines in order, by itself, and ends with 0", async () => {
    const { status, stdout, stderr } = await parley(["chat"], "hi there\n\n/status\n");
    assert.equal(stderr, "");
    assert.match(stdout, /^hi there\n(.*\n)*Parley [^\n]+, agent main/);
    assert.equal(status, 0);
  });

  test("sessions are listed, shown, searched, resumed, reset, exported, deleted and imported", async () => {
    const sessionsOf = async (...filter: string[]) =>
      ((await json(["sessions", "list", ...filter])) as { sessions: { sessionId: string; state: string }[] }).sessions;
    const [first] = await sessionsOf("--live", "--platform", "local", "--chat", "terminal");
    assert.ok(first !== undefined);
    assert.deepEqual(await sessionsOf("--ended"), []);

    const [table, show, search, hits, unknown] = await Promise.all([
      parley(["sessions", "list"]),
      parley(["sessions", "show", first.sessionId, "--limit", "1"]),
      parley(["sessions", "search", "hi", "there"]),
      json(["sessions", "search", "there", "--session", first.sessionId]),
      parley(["sessions", "show", "20200101_000000_00000000"]),
    ]);
    assert.match(table.stdout, new RegExp(`^SESSION .*\n${first.sessionId} +live +local +CLI terminal +2 `));
    assert.match(show.stdout, /^Session +\S+\n(.*\n)*\n#2 .*assistant\n {4}hi there\n/);
    assert.match(show.stderr, /^Earlier lines: --before 2\n$/);
    assert.match(search.stdout, /assistant .*hi there/);
    assert.equal((hits as { hits: unknown[] }).hits.length, 2);
    assert.deepEqual([unknown.status, unknown.stdout], [1, ""]);

    const reset = await parley(["sessions", "reset", "agent:main:local:dm:terminal"]);
    assert.match(reset.stdout, new RegExp(`^${first.sessionId} has ended; \\d{8}_\\d{6}_[0-9a-f]{8} is live\\.\n$`));
    assert.deepEqual((await parley(["sessions", "reset", first.sessionId])).status, 1);
    const resumed = await parley(["sessions", "resume", first.sessionId]);
    assert.equal(resumed.stdout, `${first.sessionId} is live.\n`);

    const file = join(folder, "export.json");
    const [out, printed, refused] = await Promise.all([
      parley(["sessions", "export", "--out", file]),
      parley(["sessions", "export"]),
      parley(["sessions", "delete", first.sessionId]),
    ]);
    assert.equal(out.status, 0, out.stderr);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(printed.stdout), JSON.parse(readFileSync(file, "utf8")));
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /--yes/);

    const elsewhere = join(folder, "elsewhere");
    const transcripts = join(dataDir, "transcripts");
    const [again, imported] = await Promise.all([
      parley(["sessions", "export", "--out", file]),
      parley(["sessions", "import", file, "--data-dir", elsewhere, "--transcripts", transcripts, "--time-zone", "UTC"]),
    ]);
    assert.match(again.stderr, /exists already/);
    assert.deepEqual([imported.status, imported.stderr], [0, ""]);
    assert.match(imported.stdout, /^2 sessions imported, 0 updated, 0 not imported; 2 messages/);
    const deleted = await parley(["sessions", "delete", first.sessionId, "--yes"]);
    assert.equal(deleted.stdout, `${first.sessionId} is deleted.\n`);
    const [gone, kept] = await Promise.all([
      parley(["sessions", "show", first.sessionId]),
      parley(["sessions", "show", first.sessionId, "--data-dir", elsewhere]),
    ]);
    assert.equal(gone.status, 1);
    assert.match(kept.stdout, /hi there/);
  });

  test("import refuses what is no index, and tells each session it leaves out", async () => {
    const file = join(folder, "odd.json");
    writeFileSync(file, '{ "a\\nkey": { "session_id": 5 } }');
    const odd = await parley(["sessions", "import", file]);
    assert.equal(odd.status, 1);
    assert.match(odd.stderr, /^not imported: a\\nkey: [^\n]+\n$/);
    writeFileSync(file, "{");
    const [broken, zone] = await Promise.all([
      parley(["sessions", "import", file]),
      parley(["sessions", "import", file, "--time-zone", "Mars"]),
    ]);
    assert.deepEqual([broken.status, zone.status], [1, 2]);
    assert.match(broken.stderr, /expected JSON/);
  });

  test("send keeps a message for the next start, and knows which targets it can reach", async () => {
    const config = join(folder, "telegram.yaml");
    writeFileSync(config, "platforms: { telegram: { token: '1:x', homeChannel: { chatId: '-1', threadId: '7' } } }\n");
    const send = (to: string, text: string, input = "") =>
      parley(["send", "--config", config, "--to", to, text], input);
    const home = await send("telegram", "-", "good\nmorning\n");
    assert.equal(home.stderr, "");
    assert.match(home.stdout, /^No daemon runs: kept as post \d+, it goes out at the next start\.\n$/);
    const own = await send("local:terminal", "hello");
    assert.equal(own.stderr, "");
    assert.match(own.stdout, /^Stored \(post \d+\)\.\n$/);
    const db = openConnection(join(dataDir, "parley.db"), "read");
    const [kept] = selectOutboxAfter(db, "telegram", 0, 10);
    db.close();
    assert.deepEqual(
      [kept?.chat_id, kept?.thread_id, kept?.text, kept?.state],
      ["-1", "7", "good\nmorning", "pending"],
    );

    const refused = await Promise.all([
      send("slack:C1", "x"),
      send("origin", "x"),
      send("local", "x"),
      send("web", "x"),
      send("telegram:", "x"),
      send("telegram", "-"),
      parley(["send", "x"]),
    ]);
    for (const { status, stdout, stderr } of refused) {
      assert.match(stderr, /^parley: [^\n]+\n$/);
      assert.deepEqual([status, stdout], [2, ""]);
    }
  });

  test("doctor mends transcripts, and tells of what needs somebody to look", async () => {
    await parley(["chat"], "for the doctor\n");
    const { sessions } = (await json(["sessions", "list", "--live"])) as { sessions: { sessionId: string }[] };
    const path = join(dataDir, "transcripts", `${sessions[0]?.sessionId}.jsonl`);
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, `${whole}{"role":"user","content":"never said"}\n`);
    chmodSync(dataDir, 0o755);
    const sick = await parley(["doctor"]);
    assert.equal(sick.status, 1);
    assert.match(sick.stdout, /^problem +data directory: .*chmod -R go-rwx/m);
    assert.match(sick.stdout, /^problem +transcripts: .*quarantine/m);
    assert.equal(readFileSync(path, "utf8"), whole);
    chmodSync(dataDir, 0o700);
    const well = await parley(["doctor"]);
    assert.equal(well.status, 0, well.stdout);
    assert.match(well.stdout, /All is well\.\n$/);
  });

  test("doctor tells of a damaged database and of a wrong configuration", async () => {
    const damaged = join(folder, "damaged");
    const wrong = join(folder, "wrong.yaml");
    mkdirSync(damaged, { mode: 0o700 });
    writeFileSync(join(damaged, "parley.db"), "this is no database, although it is long enough to be one".repeat(50));
    const [database, configuration] = await Promise.all([
      parley(["doctor", "--data-dir", damaged]),
      parley(["doctor", "--config", wrong]),
    ]);
    assert.equal(database.status, 1);
    assert.match(database.stdout, /^problem +database: .*Nothing was overwritten/m);
    assert.equal(configuration.status, 1);
    assert.match(configuration.stdout, /^problem +configuration: console\.port: expected/m);
  });

  test("a reader that has seen enough ends the output quietly", async () => {
    const { child, finished } = place.start(["config", "schema"]);
    child.stdout?.destroy();
    const { status, stderr } = await finished;
    assert.deepEqual([status, stderr], [0, ""]);
  });
});
