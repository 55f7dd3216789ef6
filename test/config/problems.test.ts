import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadText, problemsOf } from "./load-text.ts";

const slack = (fields: string) => `platforms: { slack: { ${fields} } }`;

const cases: readonly (readonly [file: string, path: string, message: string])[] = [
  [
    slack("botToken: xoxb-1, appToken: xoxb-123456"),
    "platforms.slack.appToken",
    'expected a token that starts with "xapp-", got "xoxb-…". Create one under Basic Information → App-Level Tokens.',
  ],
  [
    slack("botToken: hush-hush, appToken: xapp-1"),
    "platforms.slack.botToken",
    'expected a token that starts with "xoxb-", got a text of another form. ' +
      "Find it under OAuth & Permissions → Bot User OAuth Token; or set SLACK_BOT_TOKEN.",
  ],
  [
    slack("botToken: xoxb-1"),
    "platforms.slack.appToken",
    'expected a token that starts with "xapp-", got nothing. ' +
      "Create one under Basic Information → App-Level Tokens; or set SLACK_APP_TOKEN.",
  ],
  [
    slack("botToken: xoxb-1, mode: http"),
    "platforms.slack.signingSecret",
    "expected the app's signing secret, got nothing. http mode needs it; find it under Basic Information → App Credentials.",
  ],
  [
    'platforms: { telegram: { token: "1:a", mode: webhook, webhookSecret: x } }',
    "platforms.telegram.webhookUrl",
    "expected a public address, got nothing. webhook mode needs it; or use mode: polling.",
  ],
  ["platforms: { discord: 7 }", "platforms.discord", "expected a section, or false to switch the platform off, got 7."],
  [
    "agents: { main: { kind: Echo } }",
    "agents.main.kind",
    'expected one of "echo", "openai", "anthropic", "command", "acp", "module", "http", got "Echo". Did you mean "echo"?',
  ],
  [
    "agents: { main: {} }",
    "agents.main.kind",
    'expected one of "echo", "openai", "anthropic", "command", "acp", "module", "http", got nothing.',
  ],
  [
    "agents: { a b: { kind: echo } }",
    'agents["a b"]',
    "expected a name of 1 to 64 letters, digits, - and _, got another name.",
  ],
  [
    'agents: { main: { kind: openai, baseUrl: "http://u:hush@host/v1", model: m } }',
    "agents.main.baseUrl",
    "expected an address that starts with http:// or https://, without user name, password or query, " +
      "got a text that looks like a secret (not shown).",
  ],
  [
    "log: { level: wran }",
    "log.level",
    'expected one of "trace", "debug", "info", "warn", "error", "fatal", "silent", got "wran". Did you mean "warn"?',
  ],
  [
    "queue: { mode: [collect] }",
    "queue.mode",
    'expected one of "collect", "followup", "steer", "interrupt", got a list.',
  ],
  [
    "reset: { default: { idleMinutes: 525601 } }",
    "reset.default.idleMinutes",
    "expected a whole number from 1 to 525600, got 525601.",
  ],
  [
    "reset: { byChatType: { dm: { atHour: 4.5 } } }",
    "reset.byChatType.dm.atHour",
    "expected a whole number from 0 to 23, got 4.5.",
  ],
  [
    "reset: { byPlatform: { Slack: { notify: true } } }",
    "reset.byPlatform.Slack",
    "expected the name of a platform: lower-case letters, digits and _, a letter first, such as telegram, got another name.",
  ],
  [
    "sessions: { timeZone: Berlin }",
    "sessions.timeZone",
    'expected the IANA name of a time zone, such as "Europe/Berlin" or "UTC", got "Berlin".',
  ],
  ["routes: 5", "routes", "expected a list (of 0 to 1000 values), got 5."],
  [
    "routes: [ { match: { chatId: 1 }, agent: man } ]",
    "routes[0].agent",
    'expected the name of an agent under agents, got "man". Did you mean "main"?',
  ],
  [
    "routes: [ { match: { chatId: 1 }, agent: other } ]",
    "routes[0].agent",
    'expected the name of an agent under agents, got "other". There are: main.',
  ],
  [
    "routes: [ { match: {}, agent: main } ]",
    "routes[0].match",
    "expected at least one of platform, workspaceId, chatType, chatId, threadId, userId, got a section. " +
      "A route without conditions would take everything; the agent for that is main.",
  ],
  [
    "access: { admins: ['telegram:*'] }",
    "access.admins[0]",
    "expected platform:id of a person in quotes; everyone (*), a chat or a role cannot be an admin, " +
      'got "telegram:*". Write it like "telegram:42".',
  ],
  [
    "access: { allow: ['telegram:@ann'] }",
    "access.allow[0]",
    'expected a numeric Telegram id, got "telegram:@ann". Names can change hands; the person sees the id with /whoami.',
  ],
  [
    "platforms: { discord: { token: x, access: { allow: ['slack:U1'] } } }",
    "platforms.discord.access.allow[0]",
    'expected an entry that begins with "discord:", got "slack:U1". Others belong under access.',
  ],
  [
    "access: { allow: [42] }",
    "access.allow[0]",
    "expected platform:id in quotes, platform:* for everyone there, platform:chat:id, discord:role:id or slack:role:id, " +
      'got 42. Write it like "telegram:42".',
  ],
  [
    "console: { token: 12 }",
    "console.token",
    'expected a text without white space, got a number. Make one with "openssl rand -hex 32" and give it as PARLEY_TOKEN.',
  ],
  [
    "console: { host: 192.168.0.7, token: 'a b' }",
    "console.token",
    'expected a text without white space, got a text with white space in it. Make one with "openssl rand -hex 32" and give it as PARLEY_TOKEN.',
  ],
  [
    "jobs: [ { name: a, schedule: '0 9 * * *', prompt: p, deliver: [] } ]",
    "jobs[0].deliver",
    "expected a list (of 1 to 50 values), got a list.",
  ],
  ["dataDir: [x]", "dataDir", "expected a text of 1 to 65536 characters, got a list."],
  ["$schema: 5", "$schema", "expected a text, got 5."],
  ["limits: { drainSeconds: soon }", "limits.drainSeconds", 'expected a whole number from 0 to 3600, got "soon".'],
  [
    "limits: { drainSeconds: 123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ }",
    "limits.drainSeconds",
    "expected a whole number from 0 to 3600, got a text that looks like a secret (not shown).",
  ],
  [
    `log: { level: ${"x y ".repeat(40)} }`,
    "log.level",
    `expected one of "trace", "debug", "info", "warn", "error", "fatal", "silent", got "${"x y ".repeat(15)}…".`,
  ],
];

test("a schedule that never comes true is refused", () => {
  const message = (example: string, got: string) =>
    `expected a cron expression that comes true some day, such as "${example}", got "${got}".`;
  assert.deepEqual(problemsOf('reset: { default: { schedule: "0 4 31 2 *" } }'), [
    { path: "reset.default.schedule", message: message("0 4 * * 1", "0 4 31 2 *") },
  ]);
  assert.deepEqual(problemsOf("jobs: [ { name: a, schedule: daily, prompt: p } ]"), [
    {
      path: "jobs[0].schedule",
      message:
        'expected a cron expression that comes true some day, such as "0 9 * * 1-5", an interval ("every 2h", "every weekday at 9:30") or a time ("2027-03-01T10:00"), got "daily".',
    },
  ]);
  for (const schedule of ["0 4 31 2 *", "in 20m", "tomorrow at 9"]) {
    const problems = problemsOf(`jobs: [ { name: a, schedule: "${schedule}", prompt: p } ]`);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["jobs[0].schedule"],
      schedule,
    );
  }
});

test("a job has a prompt or a text, and not both", () => {
  const message = (got: string) =>
    `expected either a prompt, for an agent, or a text, delivered as it is, got ${got}. Write one of them.`;
  assert.deepEqual(problemsOf('jobs: [ { name: a, schedule: "0 9 * * *" } ]'), [
    { path: "jobs[0].prompt", message: message("neither") },
  ]);
  assert.deepEqual(problemsOf('jobs: [ { name: a, schedule: "every 2h", prompt: p, text: t } ]'), [
    { path: "jobs[0].text", message: message("both") },
  ]);
});

describe("a problem says what was expected, what came and what to do", () => {
  for (const [file, path, message] of cases) {
    test(`${path} of ${file.slice(0, 60)}`, () => {
      assert.deepEqual(problemsOf(file), [{ path, message }]);
    });
  }
});

describe("the console off loopback", () => {
  test("needs a token, unless it is off", () => {
    for (const host of ["0.0.0.0", "::", "10.0.0.1", "parley.example", "127.example.org"]) {
      assert.deepEqual(
        problemsOf(`console: { host: "${host}" }`).map((problem) => problem.path),
        ["console.token"],
      );
      assert.deepEqual(problemsOf(`console: { host: "${host}", token: t }`), []);
      assert.deepEqual(problemsOf(`console: { host: "${host}", enabled: false }`), []);
    }
  });

  test("is what any address of this machine alone is not", () => {
    for (const host of ["localhost", "127.0.0.1", "127.8.8.8", "::1"]) {
      assert.deepEqual(problemsOf(`console: { host: "${host}" }`), []);
    }
  });
});

describe("settings without effect are warnings", () => {
  test("sessions per user in threads but not in groups", () => {
    const { warnings } = loadText("sessions: { threadSessionsPerUser: true, groupSessionsPerUser: false }");
    assert.deepEqual(warnings, ["sessions.threadSessionsPerUser: has no effect while groupSessionsPerUser is false."]);
  });

  test("an allow-list of nobody", () => {
    const empty = (section: string) => `${section}.allow: is empty, so that nobody but the admins gets an answer.`;
    assert.deepEqual(loadText("access: { mode: allowlist }").warnings, [empty("access")]);
    const platform = (rest: string) => `platforms: { discord: { token: x, access: { mode: allowlist } } }\n${rest}`;
    assert.deepEqual(loadText(platform("")).warnings, [empty("platforms.discord.access")]);
    assert.deepEqual(loadText(platform("access: { allow: ['discord:1'] }")).warnings, []);
  });
});
