import assert from "node:assert/strict";
import { test } from "node:test";
import { jobOf } from "../../src/schedule/job.ts";
import { selectJobOfName } from "../../src/store/jobs.ts";
import { type About, ask, askButtons } from "../support/ask.ts";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { jobNow } from "../support/job-world.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { NOON_MS } from "../support/test-store.ts";
import { until } from "../support/until.ts";

/** A gateway at noon of a day, in which `boss` alone is an admin. */
function opened() {
  return bareGateway({
    clock: fakeClock(NOON_MS),
    adapter: memoryAdapter(),
    rules: { admit: ({ source }) => ({ kind: "admitted", isAdmin: source.userId === "boss" }) },
  });
}

const eve: About = { source: { userId: "eve" } };
const boss: About = { source: { userId: "boss" } };

function jobOfName(bare: BareGateway, name: string) {
  const row = selectJobOfName(bare.store.reader, name);
  assert.ok(row !== null, name);
  return jobOf(row);
}

const made = [
  ["in 20m look at the oven", "look-at-the-oven", "look at the oven", "at"],
  ["every day at 9 say what is open", "say-what-is-open", "say what is open", "0 9 * * *"],
  ["every weekday at 9:30 in two words", "in-two-words", "in two words", "30 9 * * 1-5"],
  ['"0 9 * * 1-5" summarise', "summarise", "summarise", "0 9 * * 1-5"],
  ["“0 9 * * 1-5” smart quotes", "smart-quotes", "smart quotes", "0 9 * * 1-5"],
  ["0 9 * * 1-5 3 things to do", "3-things-to-do", "3 things to do", "0 9 * * 1-5"],
  ["every 2h\nwater\nplants", "water-plants", "water\nplants", "every"],
  ["--name News —session own every day at 7 read", "news", "read", "0 7 * * *"],
  ["tomorrow at 8 --name early get up", "early", "get up", "at"],
] as const;

test("what is to happen begins where the words of the schedule end", async () => {
  await using bare = await opened();
  for (const [text, name, told, schedule] of made) {
    const reply = await ask(bare, `/schedule ${text}`);
    const when = schedule === "at" ? "once on 2026-04-\\S+ \\S+ \\(UTC\\)\\. /timezone" : ".* It runs next on ";
    assert.match(reply, new RegExp(`^The job \`${name}\` is made: ${when}`), text);
    const job = jobOfName(bare, name);
    assert.equal(job.text, told);
    const { schedule: plan } = job.plan;
    assert.equal(plan.kind === "cron" ? plan.pattern : plan.kind, schedule);
    assert.deepEqual(
      [job.madeBy, job.maker?.userId, job.origin?.source.chatId, job.agent, job.targets],
      ["chat", "u", "c", "main", ["origin"]],
    );
  }
  assert.equal(jobOfName(bare, "news").session, "own");
  assert.equal(jobOfName(bare, "summarise").session, "fresh");
});

const refused = [
  ["", /^For instance:/],
  [
    "someday do it",
    /at character 1 \(“someday”\): expected a schedule, such as `in 20m`.*, `every 2h`.* or `0 9 \* \* 1-5`\./,
  ],
  ["every day do it", /at character 11 \(“do”\): expected `at` and a time, such as `at 9`/],
  ['"0 9 * * 8" do it', /at character 10 \(“8”\).*8.* is no weekday/],
  ["0 25 * * * do it", /at character 3 \(“25”\).*25.* is no hour/],
  ["--name a in x do it", /at character 13 \(“x”\): expected how long/],
  ["in 20m", /what is to happen then/],
  ["--loud in 20m x", /there is no option of that name/],
  ["--session all in 20m x", /expected fresh, own or origin/],
  ["--to", /expected something after --to/],
  ["--to memory:other in 20m x", /^Only admins may have a job deliver anywhere else/],
  ["every 30s x", /at most once a minute/],
  ['"0,30 9 * * * *" x', /at most once a minute/],
  ["--agent nobody in 20m x", /There is no agent/],
  ["--name ../x in 20m x", /A job's name is/],
] as const;

test("what cannot be read or had is answered with the place of the mistake and an example", async () => {
  await using bare = await opened();
  for (const [text, expected] of refused) assert.match(await ask(bare, `/schedule ${text}`, eve), expected, text);
  assert.match(await ask(bare, "/schedule someday do it"), /For instance:\n- `\/schedule in 20m/);
  assert.equal(await ask(bare, "/jobs", eve), "There are no jobs. /schedule makes one, and says how.");
});

test("an admin has things delivered elsewhere, and reminders need no agent", async () => {
  await using bare = await opened();
  const reply = await ask(bare, "/schedule --to memory:Team,memory:Team:7 --remind in 1h stand up", boss);
  assert.match(reply, /^The reminder `stand-up` is made: .*delivered to memory:Team, memory:Team:7\./);
  const job = jobOfName(bare, "stand-up");
  assert.deepEqual([job.agent, job.targets], [null, ["memory:Team", "memory:Team:7"]]);
});

test("a person has twenty active jobs and no more", async () => {
  await using bare = await opened();
  for (let count = 0; count < 20; count++) {
    assert.match(await ask(bare, "/schedule every day at 9 again", eve), /is made/);
  }
  assert.match(await ask(bare, "/schedule in 1h more", eve), /^You have 20 active jobs already/);
  await ask(bare, "/jobs pause again", eve);
  assert.match(await ask(bare, "/schedule in 1h more", eve), /is made/);
  assert.match(await ask(bare, "/jobs resume again", eve), /^Whoever made again has 20 active jobs already/);
  await ask(bare, "/jobs remove more", eve);
  assert.match(await ask(bare, "/jobs resume again", eve), /is active again/);
  assert.match(await ask(bare, "/schedule in 1h of another", boss), /is made/);
});

test("/jobs shows and changes what is one's own; admins reach what was made in their chat", async () => {
  await using bare = await opened();
  await ask(bare, "/schedule every day at 9 water `the` plants", eve);
  const elsewhere: About = { source: { userId: "boss", chatId: "d" } };
  for (const other of [{}, elsewhere]) {
    assert.match(await ask(bare, "/jobs", other), /^There are no jobs/);
    assert.match(await ask(bare, "/jobs remove water-the-plants", other), /^You have no job “water-the-plants”/);
  }
  for (const who of [eve, boss]) {
    assert.match(
      await ask(bare, "/jobs", who),
      /^- `water-the-plants`: every day at 09:00 \(UTC\); next .*; has not run yet$/,
    );
  }
  assert.deepEqual(
    (await askButtons(bare, "/jobs", eve)).map(({ command }) => command),
    ["/jobs run water-the-plants", "/jobs pause water-the-plants", "/jobs remove water-the-plants"],
  );
  const { id } = jobOfName(bare, "water-the-plants");
  assert.equal(await ask(bare, "/jobs pause water-the-plants", eve), "`water-the-plants` is paused.");
  assert.equal(jobNow(bare.store, id).stateReason, "paused by memory:eve");
  assert.match(await ask(bare, "/jobs water-the-plants", eve), /\(paused\).*\nIt is paused: paused by memory:eve\n/);
  assert.match(await ask(bare, "/jobs pause water-the-plants", eve), /is not active/);
  assert.match(await ask(bare, "/jobs resume water-the-plants", boss), /is active again\. It runs next on/);
  assert.equal(await ask(bare, "/jobs remove water-the-plants", boss), "`water-the-plants` is removed.");
  assert.equal(jobNow(bare.store, id).state, "done");
  for (const wrong of ["run", "run a b", "a b"]) assert.match(await ask(bare, `/jobs ${wrong}`), /expected/);
});

test("/jobs run has a job run at once, and its answer comes where it belongs", async () => {
  await using bare = await opened();
  await ask(bare, "/schedule --remind every day at 9 drink", eve);
  const before = bare.adapter.posts.length;
  const changed: string[] = [];
  bare.gateway.feed.subscribe((event) => {
    if (event.kind === "job") changed.push(event.jobName);
  });
  assert.equal(await ask(bare, "/jobs run drink", eve), "`drink` runs now.");
  const texts = () => bare.adapter.posts.slice(before).map(({ text }) => text);

  await until("it is said", () => texts().includes("drink"));
  assert.ok(changed.length >= 2, "watchers are told that it ran");
  assert.match(await ask(bare, "/jobs drink", eve), /; last ran .*\nIt says: drink\n.*\nLast output: drink$/);
});

test("/timezone is a person's own, and their schedules are read in it", async () => {
  await using bare = await opened();
  assert.match(await ask(bare, "/timezone"), /^Your time zone is UTC \(the one of this bot/);
  for (const [said, zone] of [
    ["europe/berlin", "Europe/Berlin"],
    ["new york", "America/New_York"],
    ["UTC", "UTC"],
    ["Tokyo", "Asia/Tokyo"],
  ] as const) {
    assert.match(await ask(bare, `/timezone ${said}`), new RegExp(`^Your time zone is ${zone} now`), said);
  }
  assert.match(await ask(bare, "/timezone Europe/Berln"), /There is no time zone .* Did you mean Europe\/Berlin\?/);
  assert.match(await ask(bare, "/timezone ../../etc"), /There is no time zone/);
  assert.match(await ask(bare, "/schedule every day at 9 go"), /every day at 09:00 \(Asia\/Tokyo\)/);
  assert.equal(jobOfName(bare, "go").plan.timeZone, "Asia/Tokyo");
  assert.match(await ask(bare, "/schedule every day at 9 go", eve), /\(UTC\).*\/timezone sets another/);
  assert.match(await ask(bare, "/timezone default"), /that of this bot again, UTC/);
});
