import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { loadConfig } from "../../config/load.ts";
import { ConfigError } from "../../config/problems.ts";
import { inTempFolder, loadText, problemsFrom, problemsOf } from "./load-text.ts";

const hostZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

describe("which file is read", () => {
  test("without a file every default holds and the agent is echo", () => {
    inTempFolder((cwd) => {
      const { config, warnings, path } = loadConfig({ env: {}, cwd });
      assert.equal(path, null);
      assert.deepEqual(warnings, []);
      assert.equal(config.dataDir, join(cwd, "data"));
      assert.deepEqual(config.console, {
        enabled: true,
        host: "127.0.0.1",
        port: 8787,
        allowedHosts: [],
        token: null,
      });
      assert.deepEqual(config.agents, { main: { kind: "echo" } });
      assert.deepEqual(config.platforms, { telegram: [], discord: [], slack: [] });
      assert.deepEqual(config.access, { mode: "pairing", allow: [], admins: [] });
      assert.deepEqual(config.queue, { mode: "collect", debounceMs: 0, maxPending: 50, maxConcurrentTurns: 16 });
      assert.deepEqual(config.limits, {
        turnTimeoutSeconds: 600,
        drainSeconds: 30,
        outboxMaxAgeHours: 24,
        maxAttachmentMb: 20,
        privateAddresses: "deny",
      });
      assert.deepEqual(config.log, { level: "info", format: "auto" });
      assert.equal(config.sessions.timeZone, hostZone);
      assert.deepEqual(config.reset.default, {
        mode: "both",
        idleMinutes: 1440,
        atHour: 4,
        timeZone: hostZone,
        graceMinutes: 15,
        notify: true,
      });
    });
  });

  test("the option wins over PARLEY_CONFIG, and that over ./parley.yaml", () => {
    inTempFolder((cwd) => {
      for (const name of ["option", "variable", "parley"]) {
        writeFileSync(join(cwd, `${name}.yaml`), `console: { host: localhost }\ndataDir: ./${name}\n`);
      }
      const dataDir = (path: string | null, env: Record<string, string>) =>
        loadConfig(path === null ? { env, cwd } : { path, env, cwd }).config.dataDir;
      assert.equal(dataDir("option.yaml", { PARLEY_CONFIG: "variable.yaml" }), join(cwd, "option"));
      assert.equal(dataDir(null, { PARLEY_CONFIG: "variable.yaml" }), join(cwd, "variable"));
      assert.equal(dataDir(null, { PARLEY_CONFIG: "" }), join(cwd, "parley"));
    });
  });

  test("a named file that is not there is an error that says who named it", () => {
    inTempFolder((cwd) => {
      const [byOption] = problemsFrom(() => loadConfig({ path: "nope.yaml", env: {}, cwd }));
      assert.equal(byOption?.path, "--config");
      assert.match(byOption?.message ?? "", /nope\.yaml, got nothing there/);
      const [byVariable] = problemsFrom(() => loadConfig({ env: { PARLEY_CONFIG: "nope.yaml" }, cwd }));
      assert.equal(byVariable?.path, "PARLEY_CONFIG");
    });
  });

  test("a folder, a huge file and a file under a file are errors too", () => {
    inTempFolder((cwd) => {
      writeFileSync(join(cwd, "huge.yaml"), "#".repeat(4 * 1024 * 1024 + 1));
      const message = (path: string) => problemsFrom(() => loadConfig({ path, env: {}, cwd }))[0]?.message ?? "";
      assert.match(message("."), /something that is no file/);
      assert.match(message("huge.yaml"), /4194305 bytes/);
      assert.match(message("huge.yaml/parley.yaml"), /ENOTDIR|nothing there/);
    });
  });

  test("an empty file and JSON are fine", () => {
    assert.deepEqual(loadText("# nothing yet\n").config.agents, { main: { kind: "echo" } });
    assert.equal(
      loadText('{ "$schema": "./parley.schema.json", "console": { "port": 9000 } }').config.console.port,
      9000,
    );
  });
});

describe("what is resolved", () => {
  test("dataDir is relative to the file that says it, else to the working folder", () => {
    inTempFolder((cwd) => {
      mkdirSync(join(cwd, "etc"));
      writeFileSync(join(cwd, "etc", "a.yaml"), "dataDir: ./here\n");
      writeFileSync(join(cwd, "etc", "b.yaml"), "log: { level: warn }\n");
      const dataDir = (path: string, env = {}) => loadConfig({ path, env, cwd }).config.dataDir;
      assert.equal(dataDir("etc/a.yaml"), join(cwd, "etc", "here"));
      assert.equal(dataDir("etc/b.yaml"), join(cwd, "data"));
      assert.equal(dataDir("etc/b.yaml", { PARLEY_DATA_DIR: "there" }), join(cwd, "there"));
      assert.equal(dataDir("etc/b.yaml", { PARLEY_DATA_DIR: "/srv/parley" }), "/srv/parley");
    });
  });

  test("reset policies are whole, and a platform's own reset wins over byPlatform field by field", () => {
    const { reset } = loadText(`
sessions: { timeZone: Europe/Berlin }
reset:
  default: { idleMinutes: 60, notify: false }
  byChatType: { thread: { mode: idle } }
  byPlatform: { telegram: { mode: daily, atHour: 5 }, matrix: { timeZone: UTC } }
platforms: { telegram: { token: "1:a", reset: { atHour: 6, schedule: "0 4 * * 1" } } }
`).config;
    const base = {
      mode: "both",
      idleMinutes: 60,
      atHour: 4,
      timeZone: "Europe/Berlin",
      graceMinutes: 15,
      notify: false,
    };
    assert.deepEqual(reset, {
      default: base,
      byChatType: { thread: { ...base, mode: "idle" } },
      byPlatform: {
        telegram: { ...base, mode: "daily", atHour: 6, schedule: "0 4 * * 1" },
        matrix: { ...base, timeZone: "UTC" },
      },
    });
  });

  test("a platform that names an hour means the hour, whatever schedule stands below it", () => {
    const { reset } = loadText(`
reset: { default: { schedule: "0 4 * * 1" }, byPlatform: { discord: { schedule: "0 5 * * 1" } } }
platforms: { telegram: { token: "1:a", reset: { atHour: 6 } }, discord: { token: x, reset: { atHour: 7 } } }
`).config;
    assert.equal(reset.default.schedule, "0 4 * * 1");
    assert.deepEqual([reset.byPlatform.telegram?.atHour, reset.byPlatform.telegram?.schedule], [6, undefined]);
    assert.deepEqual([reset.byPlatform.discord?.atHour, reset.byPlatform.discord?.schedule], [7, undefined]);
  });

  test("every policy that the configuration takes is one that the session core takes", () => {
    for (const part of [
      { mode: "none", idleMinutes: 1, atHour: 0, graceMinutes: 0 },
      { mode: "daily", idleMinutes: 525_600, atHour: 23, graceMinutes: 1440, timeZone: "Australia/Lord_Howe" },
    ]) {
      const policy = loadText(JSON.stringify({ reset: { default: part } })).config.reset.default;
      assert.deepEqual(policy, { timeZone: hostZone, notify: true, ...part });
    }
  });

  test("a platform's access rules are whole: what it does not say is as at the root", () => {
    const { platforms } = loadText(`
access: { mode: allowlist, allow: ["telegram:42"], admins: ["telegram:42"] }
platforms: { telegram: { token: "1:a", access: { mode: open } } }
`).config;
    assert.deepEqual(platforms.telegram[0]?.access, {
      mode: "open",
      allow: ["telegram:42"],
      admins: ["telegram:42"],
      chats: {},
    });
  });

  test("ids written without quotes keep every digit", () => {
    const { platforms } = loadText(`
platforms:
  telegram: { token: "1:a", homeChannel: { chatId: -1001234567890 }, freeChats: [1234567890123456789] }
  discord: { token: "x", mentionRoles: [2345678901234567891] }
`).config;
    assert.equal(platforms.telegram[0]?.homeChannel?.chatId, "-1001234567890");
    assert.deepEqual(platforms.telegram[0]?.freeChats, ["1234567890123456789"]);
    assert.deepEqual(platforms.discord[0]?.mentionRoles, ["2345678901234567891"]);
  });

  test("a job's zone is that of the sessions, and a module's path is absolute", () => {
    const { config, path } = loadText(`
sessions: { timeZone: Asia/Kolkata }
agents: { own: { kind: module, path: ./agent.ts }, fixed: { kind: module, path: /srv/agent.ts } }
jobs: [ { name: a, schedule: "0 9 * * *", prompt: Hello, agent: own } ]
`);
    assert.equal(config.jobs[0]?.timeZone, "Asia/Kolkata");
    assert.deepEqual(config.jobs[0]?.deliver, ["local"]);
    assert.equal(config.agents.own?.kind === "module" && config.agents.own.path, join(path ?? "", "..", "agent.ts"));
    assert.equal(config.agents.fixed?.kind === "module" && config.agents.fixed.path, "/srv/agent.ts");
  });

  test("the commented example loads, without a warning", () => {
    const example = readFileSync(new URL("../../config/parley.example.yaml", import.meta.url), "utf8");
    assert.match(example, /^# yaml-language-server: \$schema=\.\.\/parley\.schema\.json\n/);
    const { config, warnings } = loadText(example, {
      ANTHROPIC_API_KEY: "dummy",
      TELEGRAM_BOT_TOKEN: "123456:dummy",
      DISCORD_BOT_TOKEN: "dummy",
      SLACK_BOT_TOKEN: "xoxb-dummy",
      SLACK_APP_TOKEN: "xapp-dummy",
    });
    assert.deepEqual(warnings, []);
    assert.equal(config.routes[0]?.agent, "support");
    assert.equal(config.platforms.slack[0]?.access.mode, "open");
    assert.equal(config.log.level, "info");
  });
});

describe("all mistakes at once", () => {
  test("one line each, in the message of the error", () => {
    assert.throws(
      () => loadText("console: { host: 0.0.0.0, port: 99999 }\nqueue: { maxPending: 0 }\n"),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(error.message.split("\n"), [
          "console.port: expected a whole number from 0 to 65535, got 99999.",
          "queue.maxPending: expected a whole number from 1 to 10000, got 0.",
          'console.token: expected a token, because others can reach console.host ("0.0.0.0"), got nothing. ' +
            'Set PARLEY_TOKEN, for instance to what "openssl rand -hex 32" prints, or listen on 127.0.0.1.',
        ]);
        assert.equal(error.problems.length, 3);
        return true;
      },
    );
  });

  test("mistakes of every kind of check stand side by side, each path once", () => {
    const paths = problemsOf(
      `
agents: { main: { kind: openay }, "b b": { kind: echo }, c: echo }
routes: [ { match: {}, agent: mian } ]
platforms: { slack: { botToken: "\${NOPE}", mode: soket }, discord: }
access: { alow: [] }
log: 5
jobs: [ { name: a, schedule: x, prompt: p }, { name: a, schedule: "* * * * *", prompt: "" } ]
`,
    ).map((problem) => problem.path);
    assert.deepEqual(
      paths.toSorted(),
      [
        "access.alow",
        'agents["b b"]',
        "agents.c",
        "agents.main.kind",
        "jobs[0].schedule",
        "jobs[1].name",
        "jobs[1].prompt",
        "log",
        "platforms.discord.token",
        "platforms.slack.appToken",
        "platforms.slack.botToken",
        "platforms.slack.mode",
        "routes[0].agent",
        "routes[0].match",
      ].toSorted(),
    );
  });
});

test("a job that delivers where no bot is is warned of, and one that can is not", () => {
  const { warnings } = loadText(
    `
    platforms: { telegram: { accounts: { work: { token: "1:${"a".repeat(35)}" } } } }
    jobs:
      - { name: a, schedule: every 2h, text: x, deliver: [local, web, telegram, "telegram@work:42", nowhere, "slack:C1"] }
      - { name: b, schedule: every 2h, text: x, deliver: ["telegram@home:42"] }
    `,
    {},
  );
  assert.deepEqual(warnings, [
    "jobs[0].deliver[4]: no bot of nowhere is configured; nothing would be delivered there.",
    "jobs[0].deliver[5]: no bot of slack is configured; nothing would be delivered there.",
    "jobs[1].deliver[0]: no bot telegram@home is configured; nothing would be delivered there.",
  ]);
});
