import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadText, problemsOf } from "./load-text.ts";

describe("the environment alone is enough", () => {
  test("for each platform", () => {
    const { platforms } = loadText("", {
      TELEGRAM_BOT_TOKEN: "1:a",
      DISCORD_BOT_TOKEN: "d",
      SLACK_BOT_TOKEN: "xoxb-1",
      SLACK_APP_TOKEN: "xapp-1",
    }).config;
    assert.equal(platforms.telegram[0]?.token, "1:a");
    assert.equal(platforms.discord[0]?.token, "d");
    assert.deepEqual([platforms.slack[0]?.botToken, platforms.slack[0]?.appToken], ["xoxb-1", "xapp-1"]);
  });

  test("for the main agent: OpenAI, another endpoint, Anthropic, else echo", () => {
    const main = (env: Record<string, string>) => {
      const agent = loadText("", env).config.agents.main;
      return agent?.kind === "openai" || agent?.kind === "anthropic"
        ? [agent.kind, agent.baseUrl, agent.apiKey]
        : agent?.kind;
    };
    assert.deepEqual(main({ OPENAI_API_KEY: "k" }), ["openai", "https://api.openai.com/v1", "k"]);
    assert.deepEqual(main({ OPENAI_BASE_URL: "http://localhost/v1", OPENAI_MODEL: "m" }), [
      "openai",
      "http://localhost/v1",
      null,
    ]);
    assert.deepEqual(main({ ANTHROPIC_API_KEY: "k" }), ["anthropic", "https://api.anthropic.com", "k"]);
    assert.deepEqual(main({ ANTHROPIC_API_KEY: "a", OPENAI_API_KEY: "o" }), [
      "openai",
      "https://api.openai.com/v1",
      "o",
    ]);
    assert.equal(main({ OPENAI_API_KEY: "", OPENAI_MODEL: "m" }), "echo");
  });

  test("for the console", () => {
    const { console } = loadText("", { PARLEY_TOKEN: "t", PARLEY_HOST: "0.0.0.0", PARLEY_PORT: "80" }).config;
    assert.deepEqual(console, { enabled: true, host: "0.0.0.0", port: 80, allowedHosts: [], token: "t" });
  });

  test("an endpoint of one's own needs the name of a model", () => {
    assert.deepEqual(problemsOf("", { OPENAI_BASE_URL: "http://localhost/v1" }), [
      {
        path: "agents.main.model",
        message: "expected the name of a model of that endpoint, got nothing. Or set OPENAI_MODEL.",
      },
    ]);
  });
});

test("an address from the environment that others can reach needs a token too, and is not repeated", () => {
  const [problem] = problemsOf("", { PARLEY_HOST: "0.0.0.0" });
  assert.equal(problem?.path, "console.token");
  assert.match(problem?.message ?? "", /reach console\.host \(a text from \$\{PARLEY_HOST\}\), got nothing/);
});

describe("the file wins", () => {
  test("over every variable, and empty values in it do not count", () => {
    const { config } = loadText(
      'console: { host: localhost, port: , token: "${NOPE:-}" }\nplatforms: { telegram: { token: "1:file" }, discord: { token: "" } }\n',
      {
        PARLEY_HOST: "0.0.0.0",
        PARLEY_PORT: "81",
        PARLEY_TOKEN: "t",
        TELEGRAM_BOT_TOKEN: "1:env",
        DISCORD_BOT_TOKEN: "env",
      },
    );
    assert.deepEqual(config.console, { enabled: true, host: "localhost", port: 81, allowedHosts: [], token: "t" });
    assert.equal(config.platforms.telegram[0]?.token, "1:file");
    assert.equal(config.platforms.discord[0]?.token, "env");
  });

  test("false keeps a platform off", () => {
    const { config, warnings } = loadText("platforms: { telegram: false, slack: false }", {
      TELEGRAM_BOT_TOKEN: "1:a",
      SLACK_BOT_TOKEN: "xoxb-1",
    });
    assert.deepEqual(config.platforms, { telegram: [], discord: [], slack: [] });
    assert.deepEqual(warnings, []);
  });

  test("a section without a token takes it from the environment", () => {
    assert.equal(
      loadText("platforms:\n  telegram:\n", { TELEGRAM_BOT_TOKEN: "1:a" }).config.platforms.telegram[0]?.token,
      "1:a",
    );
  });

  test("a key never goes by itself to an endpoint that the file names", () => {
    const { agents } = loadText(
      `
agents:
  main: { kind: openai, model: m }
  other: { kind: openai, baseUrl: "https://other.example/v1" }
  proxy: { kind: anthropic, baseUrl: "https://other.example" }
  claude: { kind: anthropic }
`,
      { OPENAI_API_KEY: "o", OPENAI_MODEL: "env-model", ANTHROPIC_API_KEY: "a" },
    ).config;
    const keys = Object.values(agents).map((agent) =>
      agent.kind === "openai" || agent.kind === "anthropic" ? agent.apiKey : "?",
    );
    assert.deepEqual(keys, ["o", null, null, "a"]);
    assert.equal(agents.main?.kind === "openai" && agents.main.model, "m");
    assert.equal(agents.other?.kind === "openai" && agents.other.model, "env-model");
  });
});

test("half of Slack's tokens leave it off, with a warning", () => {
  const { config, warnings } = loadText("", { SLACK_BOT_TOKEN: "xoxb-1" });
  assert.deepEqual(config.platforms.slack, []);
  assert.deepEqual(warnings, ["platforms.slack: stays off, because the environment does not set SLACK_APP_TOKEN."]);
});

test("sections of a wrong type are left to the schema", () => {
  assert.deepEqual(
    problemsOf("platforms: 5\nagents: []\nconsole: x\n", { TELEGRAM_BOT_TOKEN: "1:a", PARLEY_TOKEN: "t" }).map(
      (problem) => problem.path,
    ),
    ["console", "agents", "platforms"],
  );
});
