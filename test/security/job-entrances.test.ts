import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import type { AgentBackend, TurnRequest } from "../../src/agent/backend.ts";
import { formatDeliveryTarget } from "../../src/session/delivery-target.ts";
import { selectJobRuns } from "../../src/store/job-runs.ts";
import { selectJobOfName } from "../../src/store/jobs.ts";
import { type ChatWorld, postsIn } from "../support/chat-world.ts";
import { type PlatformDaemon, startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);
const entry = join(import.meta.dirname, "../../src/cli/parley.js");
const TOKEN = "the-token-of-the-console";
/** The job of an operator. */
const OPERATORS = "of-the-operator";

/** People by their number; those who were something are that until the daemon starts anew. */
const people = { stranger: 5, allowed: 1, admin: 9, wasAllowed: 3, wasAdmin: 8 } as const;
type Role = "stranger" | "allowed" | "admin";
const roles: readonly Role[] = ["stranger", "allowed", "admin"];

const HERE_ONLY = /Only admins may have a job deliver anywhere else/;
const NO_JOB = /You have no job|no job of that name/;
/** What somebody says, and what is said to whom of it; a stranger hears nothing. */
const entrances: readonly (readonly [
  what: string,
  says: (elsewhere: string) => string,
  allowed: RegExp,
  admin: RegExp,
])[] = [
  ["a job made here", () => "/schedule --remind in 5h hello", /is made: once/, /is made: once/],
  ["a job made for elsewhere", (to) => `/schedule --remind --to ${to} in 5h hello`, HERE_ONLY, /is made: once/],
  ["an operator's job, run", () => `/jobs run ${OPERATORS}`, NO_JOB, NO_JOB],
  ["an operator's job, removed", () => `/jobs remove ${OPERATORS}`, NO_JOB, NO_JOB],
  ["an operator's job, shown", () => `/jobs ${OPERATORS}`, NO_JOB, NO_JOB],
  ["the agent's tool, here", () => "tool schedule", /^Scheduled as/, /^Scheduled as/],
  ["the agent's tool, for elsewhere", (to) => `tool schedule ${to}`, HERE_ONLY, /^Scheduled as/],
  ["the agent's tool, an operator's job", () => `tool cancel ${OPERATORS}`, NO_JOB, NO_JOB],
];

/** Does with its tools what it is told, and says what came of it. */
const obedient: AgentBackend = {
  name: "obedient",
  async *run(request) {
    const [, what, about] = /tool (\S+)(?: (\S+))?/.exec(request.message.text) ?? [];
    yield { kind: "text", delta: what === undefined ? "heard" : await used(request, what, about) };
    yield { kind: "done" };
  },
};

let texts = 0;

async function used({ tools }: TurnRequest, what: string, about: string | undefined): Promise<string> {
  const tool = tools.find(({ name }) => name === (what === "cancel" ? "cancel_job" : "schedule"));
  // Each its own text: the same job is not made twice.
  texts += 1;
  const draft = { when: "in 5h", text: `look up ${texts}` };
  const input =
    what === "cancel" ? { name: about } : { ...draft, ...(about === undefined ? {} : { deliver: [about] }) };
  return String(await tool?.run(input));
}

function elsewhere(world: ChatWorld): string {
  const { chatId, threadId } = world.group(1);
  return formatDeliveryTarget({ kind: "chat", platform: world.platform, account: null, chatId, threadId });
}

/** All that the bot said to this person in their direct chat so far. */
function heard(world: ChatWorld, person: number): readonly string[] {
  const own = world.privatePosts().filter(({ userId }) => userId === null || userId === world.userId(person));
  return [...postsIn(world, world.dm(person)), ...own].map(({ text }) => text);
}

/** Says it, and resolves with what is new after the bot has answered. */
async function answerTo(world: ChatWorld, person: number, text: string): Promise<string> {
  const before = heard(world, person).length;
  world.say(world.dm(person), text, { person });
  await until(`${world.platform} answers ${text}`, () => heard(world, person).length > before);
  return heard(world, person).slice(before).join("\n");
}

function accessOf(worlds: readonly ChatWorld[], allowed: readonly number[], admins: readonly number[]) {
  const ids = (numbers: readonly number[]) =>
    worlds.flatMap((world) => numbers.map((person) => `${world.platform}:${world.userId(person)}`));
  return { mode: "allowlist", allow: ids(allowed), admins: ids(admins) };
}

async function call(parley: PlatformDaemon, method: string, path: string, token: string | null, body?: object) {
  const headers = {
    "content-type": "application/json",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${parley.daemon().url}${path}`, init);
  return { status: response.status, text: await response.text() };
}

/** `parley` beside the daemon; a configuration whose token is another reaches it and is refused. */
async function parleyCommand(parley: PlatformDaemon, words: readonly string[], token: string): Promise<string> {
  const config = JSON.parse(readFileSync(parley.configPath, "utf8"));
  const path = join(parley.dataDir, "another.yaml");
  writeFileSync(path, JSON.stringify({ ...config, console: { ...config.console, token } }));
  const env = { PATH: process.env.PATH };
  const ended = run(process.execPath, [entry, ...words, "--config", path], { env });
  const { stdout, stderr } = await ended.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

test("jobs: who may make, change and run them, by each way in, and what becomes of those whose makers may no more", async (t) => {
  await using parley = await startPlatformDaemon({
    agents: { main: obedient },
    more: (worlds) => ({
      console: { token: TOKEN },
      sessions: { titles: "text" },
      access: accessOf(worlds, [people.allowed, people.wasAllowed], [people.admin, people.wasAdmin]),
    }),
  });
  const { worlds } = parley;
  const jobNow = (name: string) => selectJobOfName(parley.daemon().gateway.store.reader, name);
  const reminder = { schedule: "in 5h", text: "hello", deliver: ["local"] };

  await t.test("by HTTP: with the token alone", async () => {
    const named = { ...reminder, name: OPERATORS };
    for (const token of [null, "another", `${TOKEN} `.trim().toUpperCase()])
      assert.equal((await call(parley, "POST", "/api/jobs", token, named)).status, 401);
    assert.equal(jobNow(OPERATORS), null);
    assert.equal((await call(parley, "POST", "/api/jobs", TOKEN, named)).status, 201);
    for (const [method, path] of [
      ["POST", "run"],
      ["POST", "pause"],
      ["DELETE", ""],
    ] as const)
      assert.equal(
        (await call(parley, method, `/api/jobs/${OPERATORS}/${path}`.replace(/\/$/, ""), "another")).status,
        401,
      );
    assert.equal(jobNow(OPERATORS)?.state, "active");
  });

  await t.test("by the command line over HTTP: with the token alone", async () => {
    const words = ["jobs", "add", "in 5h", "hello", "--remind", "--name", "of-the-shell"];
    assert.match(await parleyCommand(parley, words, "another-token"), /token|refused/);
    assert.match(await parleyCommand(parley, ["jobs", "remove", OPERATORS], "another-token"), /token|refused/);
    assert.deepEqual([jobNow("of-the-shell"), jobNow(OPERATORS)?.state], [null, "active"]);
    assert.match(await parleyCommand(parley, words, TOKEN), /^of-the-shell is made/);
  });

  for (const world of worlds) {
    // A platform knows a chat once somebody has spoken there.
    world.say(world.group(1), "hello", { person: people.admin, mentionsBot: true });
    await until("the group is answered", () => postsIn(world, world.group(1)).length + world.posts().length > 0);
    for (const [what, says, allowed, admin] of entrances) {
      for (const role of roles) {
        await t.test(`${world.platform}, ${what}: ${role}`, async () => {
          const text = says(elsewhere(world));
          const person = people[role];
          if (role === "stranger") {
            world.say(world.dm(person), text, { person });
            // Who comes after is answered, and the stranger is not.
            await answerTo(world, people.allowed, "/whoami");
            assert.deepEqual(heard(world, person), []);
            return;
          }
          assert.match(await answerTo(world, person, text), role === "admin" ? admin : allowed);
        });
      }
    }
    assert.match(
      await answerTo(world, people.wasAllowed, `/schedule --remind --name ${world.platform}-now in 5h hello`),
      /is made/,
    );
    assert.match(
      await answerTo(world, people.wasAllowed, `/schedule --remind --name ${world.platform}-due in 5h hello`),
      /is made/,
    );
    const far = `/schedule --remind --name ${world.platform}-far --to ${elsewhere(world)} in 5h far away`;
    assert.match(await answerTo(world, people.wasAdmin, far), /is made/);
    assert.match(await answerTo(world, people.allowed, `/jobs remove ${world.platform}-now`), NO_JOB);
  }
  assert.equal(jobNow(OPERATORS)?.state, "active");

  await parley.stop();
  const config = JSON.parse(readFileSync(parley.configPath, "utf8"));
  const access = accessOf(worlds, [people.allowed, people.wasAdmin], [people.admin]);
  writeFileSync(parley.configPath, JSON.stringify({ ...config, access }));
  const before = new Map(worlds.map((world) => [world.platform, world.posts().length]));
  {
    using database = closing(join(parley.dataDir, "parley.db"));
    database.db
      .prepare("UPDATE jobs SET next_due_at_ms = @atMs, next_run_at_ms = @atMs WHERE name LIKE '%-due'")
      .run({ atMs: Date.now() });
  }
  await parley.start();
  for (const { platform } of worlds) {
    await t.test(
      `${platform}: the job of somebody who may not speak any more does not run, due or asked for`,
      async () => {
        await until("what was due is paused", () => jobNow(`${platform}-due`)?.state === "paused");
        assert.match(jobNow(`${platform}-due`)?.state_reason ?? "", /may not speak here any more/);
        const asked = await call(parley, "POST", `/api/jobs/${platform}-now/run`, TOKEN);
        assert.equal(asked.status, 409);
        assert.match(asked.text, /may not speak here any more/);
      },
    );
    await t.test(`${platform}: the job of somebody who is no admin any more is delivered nowhere else`, async () => {
      const row = jobNow(`${platform}-far`);
      assert.equal((await call(parley, "POST", `/api/jobs/${platform}-far/run`, TOKEN)).status, 200);
      const lastRun = () => selectJobRuns(parley.daemon().gateway.store.reader, row?.id ?? 0, 1)[0];
      await until("it ran", () => lastRun()?.finished_at_ms != null);
      assert.match(lastRun()?.error ?? "", /may not have anything delivered there/);
      assert.deepEqual(JSON.parse(lastRun()?.delivered ?? "[]"), []);
    });
  }
  for (const world of worlds) {
    const said = world
      .posts()
      .slice(before.get(world.platform))
      .map(({ text }) => text);
    assert.ok(!said.some((text) => /^hello|far away/.test(text)), said.join("\n"));
  }
});

function closing(path: string) {
  const db = new Database(path);
  return { db, [Symbol.dispose]: () => void db.close() };
}
