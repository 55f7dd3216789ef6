import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadText, problemsOf } from "./load-text.ts";

const telegram = (fields: string) => `platforms: { telegram: { ${fields} } }`;

describe("several bots of one platform", () => {
  test("the section's own token is the account default, and each account inherits what it does not say", () => {
    const { config, warnings } = loadText(`
platforms:
  telegram:
    token: "1:a"
    requireMention: false
    homeChannel: { chatId: -100, name: Ops }
    maxPerSecond: 5
    accounts:
      work:
        token: "2:b"
        requireMention: true
        homeChannel: { chatId: -200 }
      play-2: { token: "3:c", streaming: off }
`);
    assert.deepEqual(warnings, []);
    const shown = config.platforms.telegram.map((bot) => [
      bot.account,
      bot.token,
      bot.requireMention,
      bot.homeChannel?.chatId,
      bot.maxPerSecond,
      bot.streaming,
    ]);
    assert.deepEqual(shown, [
      ["default", "1:a", false, "-100", 5, "auto"],
      ["work", "2:b", true, "-200", 5, "auto"],
      ["play-2", "3:c", false, "-100", 5, "off"],
    ]);
    assert.deepEqual(Object.keys(config.platforms.telegram[0] ?? {}).includes("accounts"), false);
  });

  test("a section may have accounts alone, one of them called default too", () => {
    const { platforms } = loadText(`
platforms:
  discord: { autoThread: true, accounts: { one: { token: x }, default: { token: y, autoThread: false } } }
  slack: { accounts: { one: { botToken: xoxb-1, appToken: xapp-1 }, two: { botToken: xoxb-2, appToken: xapp-2 } } }
`).config;
    assert.deepEqual(
      platforms.discord.map(({ account, token, autoThread }) => [account, token, autoThread]),
      [
        ["one", "x", true],
        ["default", "y", false],
      ],
    );
    assert.deepEqual(
      platforms.slack.map(({ account, botToken, appToken }) => [account, botToken, appToken]),
      [
        ["one", "xoxb-1", "xapp-1"],
        ["two", "xoxb-2", "xapp-2"],
      ],
    );
  });

  test("each has access rules of its own, field by field over the platform's and the root's", () => {
    const [own, work] = loadText(`
access: { mode: allowlist, allow: ["telegram:1"], admins: ["telegram:9"] }
platforms:
  telegram:
    token: "1:a"
    access: { allow: ["telegram:2"], chats: { -100: { mode: open } } }
    accounts:
      work: { token: "2:b", access: { mode: pairing, chats: { "-200": { allow: ["telegram:chat:-300"] } } } }
`).config.platforms.telegram;
    const shared = { allow: ["telegram:2"], admins: ["telegram:9"] };
    assert.deepEqual(own?.access, { ...shared, mode: "allowlist", chats: { "-100": { mode: "open" } } });
    assert.deepEqual(work?.access, {
      ...shared,
      mode: "pairing",
      chats: { "-200": { allow: ["telegram:chat:-300"] } },
    });
  });

  test("a platform that is switched off has none", () => {
    assert.deepEqual(loadText("platforms: { telegram: false }").config.platforms.telegram, []);
  });
});

test("by default Telegram is polled, Slack connected by Socket Mode and answered in threads, and Discord opens none", () => {
  const {
    telegram: [t],
    discord: [d],
    slack: [s],
  } = loadText(`
platforms: { telegram: { token: "1:a" }, discord: { token: x }, slack: { botToken: xoxb-1, appToken: xapp-1 } }
`).config.platforms;
  assert.deepEqual([t?.mode, d?.autoThread, s?.mode, s?.replyInThread], ["polling", false, "socket", true]);
});

describe("the environment's token", () => {
  const env = { TELEGRAM_BOT_TOKEN: "1:env" };
  const accountsOf = (fields: string) =>
    loadText(telegram(fields), env).config.platforms.telegram.map(({ account, token }) => [account, token]);

  test("is the section's own, beside its accounts", () => {
    assert.deepEqual(accountsOf('accounts: { work: { token: "2:b" } }'), [
      ["default", "1:env"],
      ["work", "2:b"],
    ]);
  });

  test("is not given to two bots when an account has it already", () => {
    assert.deepEqual(accountsOf('accounts: { work: { token: "${TELEGRAM_BOT_TOKEN}" } }'), [["work", "1:env"]]);
  });

  test("of Slack's app serves an account that has none of its own", () => {
    const { slack } = loadText("platforms: { slack: { accounts: { one: { botToken: xoxb-1 } } } }", {
      SLACK_APP_TOKEN: "xapp-env",
    }).config.platforms;
    assert.deepEqual(
      slack.map(({ account, appToken }) => [account, appToken]),
      [["one", "xapp-env"]],
    );
  });
});

const mistakes: readonly (readonly [file: string, path: string, message: string])[] = [
  [
    telegram(""),
    "platforms.telegram.token",
    "expected a bot token such as 123456:ABC-DEF, got nothing. @BotFather on Telegram gives it; or set TELEGRAM_BOT_TOKEN.",
  ],
  [
    telegram("accounts: {}"),
    "platforms.telegram.token",
    "expected a bot token such as 123456:ABC-DEF, got nothing. @BotFather on Telegram gives it; or set TELEGRAM_BOT_TOKEN.",
  ],
  [
    telegram("accounts: { work: { requireMention: false } }"),
    "platforms.telegram.accounts.work.token",
    "expected a bot token such as 123456:ABC-DEF, got nothing. @BotFather on Telegram gives each bot its own.",
  ],
  [
    telegram("accounts: { work: }"),
    "platforms.telegram.accounts.work.token",
    "expected a bot token such as 123456:ABC-DEF, got nothing. @BotFather on Telegram gives each bot its own.",
  ],
  [
    telegram("accounts: { work: { token: hush } }"),
    "platforms.telegram.accounts.work.token",
    "expected a bot token such as 123456:ABC-DEF, got a text of another form. @BotFather on Telegram gives each bot its own.",
  ],
  [
    telegram('token: "1:a", accounts: { Work: { token: "2:b" } }'),
    "platforms.telegram.accounts.Work",
    "expected a name of 1 to 32 small letters, digits, - and _, a letter first, got another name.",
  ],
  [
    telegram('token: "1:a", accounts: { work: 5 }'),
    "platforms.telegram.accounts.work",
    "expected a section of keys and values, got 5.",
  ],
  [
    telegram('token: "1:a", accounts: [work]'),
    "platforms.telegram.accounts",
    "expected a section for each bot's name, at most 100, got a list.",
  ],
  [
    telegram(
      `token: "1:a", accounts: { ${Array.from({ length: 101 }, (_, at) => `a${at}: { token: "${at + 2}:a" }`).join()} }`,
    ),
    "platforms.telegram.accounts",
    "expected a section for each bot's name, at most 100, got a section.",
  ],
  [
    telegram('token: "1:a", accounts: { work: { token: "1:a" } }'),
    "platforms.telegram.accounts.work.token",
    'expected one that no other bot has, got that of the account "default". The two would take each other\'s messages.',
  ],
  [
    "platforms: { discord: { accounts: { one: { token: x }, two: { token: x } } } }",
    "platforms.discord.accounts.two.token",
    'expected one that no other bot has, got that of the account "one". The two would take each other\'s messages.',
  ],
  [
    "platforms: { slack: { botToken: xoxb-1, appToken: xapp-1, accounts: { two: { botToken: xoxb-2 } } } }",
    "platforms.slack.accounts.two.appToken",
    'expected one that no other bot has, got that of the account "default". The two would take each other\'s messages.',
  ],
  [
    "platforms: { slack: { accounts: { one: { botToken: xoxb-1 } } } }",
    "platforms.slack.accounts.one.appToken",
    'expected a token that starts with "xapp-", got nothing. ' +
      "Create one under Basic Information → App-Level Tokens; or set SLACK_APP_TOKEN.",
  ],
  [
    telegram(
      'token: "1:a", mode: webhook, webhookSecret: s, webhookUrl: "https://a.example/", accounts: { work: { token: "2:b" } }',
    ),
    "platforms.telegram.accounts.work.webhookUrl",
    'expected one that no other bot has, got that of the account "default". The two would take each other\'s messages.',
  ],
  [
    telegram('token: "1:a", accounts: { default: { token: "2:b" } }'),
    "platforms.telegram.accounts.default",
    'expected another name, got "default". The section\'s own token is the account of that name: ' +
      "rename this one, or remove one of the two.",
  ],
  [
    telegram('token: "1:a", accounts: { work: { token: "2:b", requireMention: maybe } }'),
    "platforms.telegram.accounts.work.requireMention",
    'expected true or false, got "maybe".',
  ],
];

describe("a mistake in a platform's bots says what was expected, what came and what to do", () => {
  for (const [file, path, message] of mistakes) {
    test(`${path} of ${file.slice(0, 60)}`, () => assert.deepEqual(problemsOf(file), [{ path, message }]));
  }

  test("an app of Slack that serves two workspaces over HTTP may have one signing secret for both", () => {
    assert.deepEqual(
      problemsOf(
        "platforms: { slack: { mode: http, signingSecret: s, accounts: { a: { botToken: xoxb-1 }, b: { botToken: xoxb-2 } } } }",
      ),
      [],
    );
  });

  test("of all bots at once, none with a token in it", () => {
    const problems = problemsOf(`
platforms:
  telegram: { token: "1:hush", accounts: { a: { token: "1:hush" }, b: { token: "1:hush" }, c: {} } }
  discord: { accounts: { a: { token: "hush hush" } } }
`);
    assert.deepEqual(problems.map(({ path }) => path).toSorted(), [
      "platforms.discord.accounts.a.token",
      "platforms.telegram.accounts.a.token",
      "platforms.telegram.accounts.b.token",
      "platforms.telegram.accounts.c.token",
    ]);
    assert.doesNotMatch(JSON.stringify(problems), /hush/);
  });
});
