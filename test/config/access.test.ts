import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadText, problemsOf } from "./load-text.ts";

const allow = (entry: string) => `access: { allow: ["${entry}"] }`;
const names = "Names can change hands; the person sees the id with /whoami.";
const chatNames = "Names can change hands; /whoami shows the id in that chat.";

const refused: readonly (readonly [file: string, path: string, message: RegExp | string])[] = [
  [allow("telegram:chat:"), "access.allow[0]", /^expected platform:id in quotes, .*, got "telegram:chat:"\./],
  [allow("discord:role:*"), "access.allow[0]", /^expected platform:id in quotes/],
  [
    allow("telegram:-100"),
    "access.allow[0]",
    'expected a numeric Telegram id, got "telegram:-100". That is a chat\'s: write "telegram:chat:-100".',
  ],
  [
    allow("telegram:chat:ops"),
    "access.allow[0]",
    `expected the numeric id of a Telegram chat, got "telegram:chat:ops". ${chatNames}`,
  ],
  [allow("discord:ann"), "access.allow[0]", `expected a numeric Discord id, got "discord:ann". ${names}`],
  [
    allow("discord:role:mods"),
    "access.allow[0]",
    /^expected the numeric id of a Discord role, got "discord:role:mods"/,
  ],
  [
    allow("telegram:role:5"),
    "access.allow[0]",
    'expected a role of Discord, "discord:role:id", or a user group of Slack, "slack:role:id", got "telegram:role:5". Other platforms have none.',
  ],
  [
    allow("slack:ann"),
    "access.allow[0]",
    `expected a Slack member id, which begins with "U" or "W", got "slack:ann". ${names}`,
  ],
  [
    allow("slack:role:support"),
    "access.allow[0]",
    /^expected the id of a Slack user group, which begins with "S", got/,
  ],
  [allow("slack:chat:general"), "access.allow[0]", /^expected a Slack channel id/],
  ["access: { admins: ['telegram:chat:-100'] }", "access.admins[0]", /^expected platform:id of a person in quotes/],
  ["access: { admins: ['discord:role:5'] }", "access.admins[0]", /^expected platform:id of a person in quotes/],
  ["access: { admins: ['telegram:@ann'] }", "access.admins[0]", /^expected a numeric Telegram id/],
  ["access: { chats: { '-100': { mode: open } } }", "access.chats", /got an unknown key/],
  [
    "platforms: { discord: { token: x, access: { chats: { general: { mode: open } } } } }",
    "platforms.discord.access.chats.general",
    `expected the numeric id of a Discord channel, got "general". ${chatNames}`,
  ],
  [
    "platforms: { discord: { token: x, access: { chats: { 5: { allow: ['slack:U1'] } } } } }",
    "platforms.discord.access.chats.5.allow[0]",
    /^expected an entry that begins with "discord:"/,
  ],
  [
    "platforms: { discord: { token: x, access: { chats: { 5: { mod: open } } } } }",
    "platforms.discord.access.chats.5.mod",
    /got an unknown key\. Did you mean "mode"\?/,
  ],
  [
    "platforms: { discord: { token: x, access: { chats: { 5: { admins: ['discord:1'] } } } } }",
    "platforms.discord.access.chats.5.admins",
    /got an unknown key/,
  ],
  [
    "platforms: { discord: { accounts: { a: { token: x, access: { allow: ['discord:ann'] } } } } }",
    "platforms.discord.accounts.a.access.allow[0]",
    /^expected a numeric Discord id/,
  ],
  [
    "platforms: { discord: { accounts: { a: { token: x, access: { alow: [] } } } } }",
    "platforms.discord.accounts.a.access.alow",
    /got an unknown key\. Did you mean "allow"\?/,
  ],
  [
    "platforms: { discord: { accounts: { a: { token: x, acces: {} } } } }",
    "platforms.discord.accounts.a.acces",
    /got an unknown key\. Did you mean "access"\?/,
  ],
];

describe("a lock that would not lock as it reads", () => {
  for (const [file, path, message] of refused) {
    test(`${path} of ${file}`, () => {
      const [problem, ...others] = problemsOf(file);
      assert.deepEqual(others, []);
      assert.equal(problem?.path, path);
      if (typeof message === "string") assert.equal(problem.message, message);
      else assert.match(problem.message, message);
    });
  }
});

test("every kind of entry is taken, and platforms Parley does not know keep ids of their own", () => {
  const entries = [
    "telegram:42",
    "telegram:*",
    "telegram:chat:-100",
    "discord:42",
    "discord:role:7",
    "discord:chat:7",
    "slack:U0AB",
    "slack:W0AB",
    "slack:chat:C0AB",
    "matrix:@ann:example.org",
  ];
  assert.deepEqual(loadText(JSON.stringify({ access: { allow: entries } })).config.access.allow, entries);
});

describe("an allow-list of nobody is a warning", () => {
  const warning = (section: string) => `${section}.allow: is empty, so that nobody but the admins gets an answer.`;
  const bots = (access: string) =>
    loadText(`platforms: { telegram: { token: "1:a", accounts: { work: { token: "2:b", access: ${access} } } } }`)
      .warnings;

  test("of one bot", () => {
    assert.deepEqual(bots("{ mode: allowlist }"), [warning("platforms.telegram.accounts.work.access")]);
    assert.deepEqual(bots("{ mode: allowlist, allow: ['telegram:1'] }"), []);
  });

  test("and none where a chat has rules of its own", () => {
    assert.deepEqual(bots("{ mode: allowlist, chats: { -100: { mode: open } } }"), []);
  });
});
