import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { until } from "../support/until.ts";
import { workplace } from "./parley-process.ts";

describe("parley jobs", () => {
  const place = workplace();
  after(() => place[Symbol.asyncDispose]());
  const { parley, json, dataDir } = place;

  test("a job is made, rehearsed, changed and asked to run while no daemon runs", async () => {
    const added = await parley(["jobs", "add", "every weekday at 9", "Say what", "is open", "--name", "standup"]);
    assert.equal(added.status, 0, added.stderr);
    assert.match(added.stdout, /^standup is made: every weekday at 09:00 \([^)]+\)\. It runs next on \d{4}-/);
    // One after the other: a command that works on the data itself keeps others out meanwhile.
    const wrong = await parley(["jobs", "add", "0 25 * * *", "x"]);
    const taken = await parley(["jobs", "add", "in 5m", "x", "--name", "standup"]);
    const unknown = await parley(["jobs", "add", "in 5m", "x", "--to", "telegram"]);
    assert.deepEqual([wrong.status, taken.status, unknown.status], [1, 1, 1]);
    assert.match(wrong.stderr, /character 3: "25" is no hour of a cron pattern: "0 9 \* \* 1-5" is every weekday/);
    assert.match(taken.stderr, /There is a job standup already/);
    assert.match(unknown.stderr, /telegram/);

    const rehearsed = await parley(["jobs", "run", "standup", "--dry-run"]);
    assert.equal(rehearsed.status, 0, rehearsed.stderr);
    assert.match(rehearsed.stdout, /^Job +standup \(active\)\n(.*\n)*Delivered to +local\nNext times +\d{4}-/);
    assert.match(
      rehearsed.stdout,
      /run by the clock, as the job "standup"(.*\n)+\nSay what is open\n\nNothing was sent\.\n$/,
    );

    assert.equal((await parley(["jobs", "pause", "standup"])).stdout, "standup is paused.\n");
    assert.match((await parley(["jobs", "pause", "standup"])).stderr, /is not active/);
    assert.match((await parley(["jobs", "list"])).stdout, /^NAME +STATE .*\nstandup +paused +every weekday at 09:00/);
    assert.equal((await parley(["jobs", "resume", "standup"])).status, 0);
    assert.match((await parley(["jobs", "show", "nothing"])).stderr, /there is no job "nothing"/);
    const run = await parley(["jobs", "run", "standup"]);
    assert.equal(run.stdout, "No daemon runs: standup runs at the next start.\n");
  });

  test("beside a daemon the same is asked of it, and what waited runs", async () => {
    const daemon = await place.daemon();
    const reports = join(dataDir, "jobs", "standup");
    const reportsNow = () => {
      try {
        return readdirSync(reports);
      } catch {
        return []; // not there yet
      }
    };
    await until("what waited has run", () => reportsNow().length === 1);
    assert.match(readFileSync(join(reports, reportsNow()[0] ?? ""), "utf8"), /Say what is open/);
    assert.equal((await parley(["jobs", "run", "standup"])).stdout, "standup runs now.\n");
    await until("it ran again", () => reportsNow().length === 2);
    const added = await json(["jobs", "add", "in 1h", "stand up", "--remind"]);
    const said = await parley(["jobs", "add", "in 3h", "look", "up", "--remind"]);
    assert.match(said.stdout, /^look-up is made: once on \d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? \([^)]+\)\.\n$/);
    assert.equal((await parley(["jobs", "remove", "look-up"])).status, 0);
    assert.partialDeepStrictEqual(added, { name: "stand-up", madeBy: "cli", agent: null });
    const refused = await parley(["jobs", "remove", "nothing"]);
    assert.match(refused.stderr, /^parley: the running daemon refused: There is no such job/);
    assert.equal((await parley(["jobs", "remove", "stand-up"])).stdout, "stand-up is removed.\n");
    const { jobs } = (await json(["jobs", "list"])) as { jobs: { name: string; lastRun: { state: string } }[] };
    assert.deepEqual(
      jobs.map(({ name, lastRun }) => [name, lastRun.state]),
      [["standup", "done"]],
    );
    assert.match(
      (await parley(["jobs", "show", "standup"])).stdout,
      /^Job +standup\n(.*\n)+.* done\n(.*\n)*Say what is open/,
    );
    await daemon.end("SIGTERM");
  });
});
