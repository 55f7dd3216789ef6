import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";
import { secretFieldsOf } from "./secret-fields.ts";

const run = promisify(execFile);
const entry = join(import.meta.dirname, "../../src/cli/parley.js");
/** Nothing listens there. */
const NOBODY = "http://127.0.0.1:9";

/** Something secret for each place that holds one; the platforms say their own. */
const canaries = {
  consoleToken: "canary-console-4f1b2c",
  openAiKey: "sk-canary-openai-90d1e2",
  openAiKeyOfTheEnvironment: "sk-canary-environment-12f3a4",
  anthropicKey: "sk-ant-canary-11b2c3",
  openAiHeader: "canary-header-55d6e7",
  anthropicHeader: "canary-header-66e7f8",
  httpSecret: "canary-http-secret-aa01",
  httpHeader: "Bearer canary-http-header-bb02",
  commandEnv: "canary-command-env-cc03",
  acpEnv: "canary-acp-env-dd04",
  moduleOption: "canary-module-option-ee05",
  deepModuleOption: "canary-module-option-ff06",
  hookSecret: "canary-hook-secret-0a07",
  telegramWebhook: "canary_webhook_77a1c0",
  slackSigning: "ca7a7700112233445566778899aabbcc",
  otherTelegramToken: "7654321:canary-telegram-token-08",
  otherTelegramWebhook: "canary_webhook_other_09",
  otherDiscordToken: "canary.discord-token-10",
  otherSlackBot: "xoxb-canary-bot-11",
  otherSlackApp: "xapp-canary-app-12",
  otherSlackSigning: "dd7a7700112233445566778899aabbee",
} as const;

/** Fails wherever it can without telling its options itself. */
const FAILING_MODULE = `export default async function* () { yield "so far"; throw new Error("out of luck"); }`;

const agents = {
  openai: {
    kind: "openai",
    baseUrl: NOBODY,
    model: "m",
    apiKey: canaries.openAiKey,
    headers: { "x-a": canaries.openAiHeader },
  },
  environment: { kind: "openai", model: "m" },
  anthropic: {
    kind: "anthropic",
    baseUrl: NOBODY,
    model: "m",
    apiKey: canaries.anthropicKey,
    headers: { "x-a": canaries.anthropicHeader },
  },
  http: { kind: "http", url: NOBODY, secret: canaries.httpSecret, headers: { authorization: canaries.httpHeader } },
  command: { kind: "command", command: "echo broken >&2; exit 3", shell: true, env: { KEY: canaries.commandEnv } },
  missing: { kind: "command", command: "/no/such/program", env: { KEY: canaries.commandEnv } },
  acp: { kind: "acp", command: process.execPath, args: ["-e", "process.exit(3)"], env: { KEY: canaries.acpEnv } },
  module: {
    kind: "module",
    path: "failing-agent.ts",
    options: { key: canaries.moduleOption, deep: { keys: [canaries.deepModuleOption] } },
  },
} as const;
const env = { OPENAI_API_KEY: canaries.openAiKeyOfTheEnvironment, OPENAI_BASE_URL: NOBODY };

/** Bots whose tokens their platforms don't know, and secrets of the ways in that are off for the first. */
const accounts = {
  telegram: {
    work: {
      token: canaries.otherTelegramToken,
      mode: "webhook",
      webhookUrl: "https://parley.invalid/webhooks/telegram/work",
      webhookSecret: canaries.otherTelegramWebhook,
    },
  },
  discord: { work: { token: canaries.otherDiscordToken } },
  slack: {
    work: {
      botToken: canaries.otherSlackBot,
      appToken: canaries.otherSlackApp,
      mode: "http",
      signingSecret: canaries.otherSlackSigning,
    },
  },
} as const;

test("no secret of any place is in logs, answers, metrics, the page, the data, a backup or what commands print, though everything fails", async () => {
  using modules = tempDir();
  const modulePath = join(modules.path, agents.module.path);
  writeFileSync(modulePath, FAILING_MODULE);
  await using parley = await startPlatformDaemon({
    env,
    more: () => ({
      console: { token: canaries.consoleToken },
      log: { level: "debug" },
      agents: { main: { kind: "echo" }, ...agents, module: { ...agents.module, path: modulePath } },
      memory: { hooks: [{ name: "told", url: NOBODY, secret: canaries.hookSecret }] },
      routes: Object.keys(agents).map((agent) => ({ match: { platform: "web", chatId: agent }, agent })),
      sessions: { titles: "text" },
    }),
    sections: {
      telegram: { webhookSecret: canaries.telegramWebhook, accounts: accounts.telegram },
      discord: { accounts: accounts.discord },
      slack: { signingSecret: canaries.slackSigning, accounts: accounts.slack },
    },
  });
  const secrets: readonly string[] = [...Object.values(canaries), ...parley.worlds.flatMap((world) => world.secrets)];
  const fields = secretFieldsOf(JSON.parse(readFileSync(parley.configPath, "utf8")));
  assert.ok(fields.length > 20);
  for (const { path, texts } of fields) {
    assert.ok(texts.length > 0, `no canary is planted in ${path}`);
    for (const text of texts) assert.ok(secrets.includes(text), `what is planted in ${path} is not looked for`);
  }
  for (const world of parley.worlds) await until(`${world.platform} is connected`, () => world.isConnected());
  const { url } = parley.daemon();
  const headers = { authorization: `Bearer ${canaries.consoleToken}`, "content-type": "application/json" };
  const answers: string[] = [];
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, { headers, ...init });
    const text = path === "/api/events" ? "" : await response.text();
    if (path === "/api/events") await response.body?.cancel();
    answers.push(`${path} ${response.status} ${JSON.stringify(Object.fromEntries(response.headers))} ${text}`);
    return response.status;
  };

  const asking = Object.keys(agents).map(async (chatId) => {
    const body = JSON.stringify({ chatId, userId: "ann", text: "hello" });
    assert.equal(await ask("/api/messages?wait=20", { method: "POST", headers, body }), 200, chatId);
  });
  await Promise.all(asking);
  for (const world of parley.worlds) {
    world.fault({ kind: "server_error" }, world.dm(1));
    world.fault({ kind: "cut" }, world.dm(2));
    for (const person of [1, 2]) world.say(world.dm(person), "hello");
    world.sendOddEvents();
  }
  await until("the failures are told", () => (parley.logged().match(/"level":"(?:warn|error)"/g) ?? []).length > 3);
  await ask("/api/login", { method: "POST", headers, body: JSON.stringify({ token: `${canaries.consoleToken}x` }) });
  await ask("/api/login", { method: "POST", headers, body: JSON.stringify({ token: canaries.consoleToken }) });
  await ask("/api/messages", { method: "POST", headers, body: "{" });
  const paths = [
    "/",
    "/metrics",
    "/readyz",
    "/api/sessions",
    "/api/search?q=canary",
    "/api/commands",
    "/api/pairings",
    "/api/jobs",
    "/api/memory",
    "/api/status",
  ];
  for (const path of [...paths, "/api/dead-letters", "/api/nothing"]) await ask(path);
  for (const call of ["telegram", "slack", "discord"])
    for (const account of ["default", "work"])
      await ask(`/webhooks/${call}/${account}`, { method: "POST", headers, body: "{}" });
  const anew = JSON.stringify({ chatId: "command", userId: "ann", text: "/new" });
  await ask("/api/messages?wait=20", { method: "POST", headers, body: anew });
  await until("the hook's failure is told", () => parley.logged().includes('"hook":"told"'));

  const printed: string[] = [];
  const backup = join(parley.dataDir, "backup.tgz");
  const lines = [["config", "show"], ["status", "--json"], ["doctor"], ["backup", backup]];
  for (const words of lines) {
    const done = run(process.execPath, [entry, ...words, "--config", parley.configPath], {
      env: { PATH: process.env.PATH, ...env },
    });
    // Exit code 1 is doctor's word for a problem: it is what is printed that counts.
    const { stdout, stderr } = await done.catch((error: { stdout: string; stderr: string }) => error);
    printed.push(`${words.join(" ")}: ${stdout}${stderr}`);
  }
  assert.match(printed.join("\n"), /agents/);

  const kept = readdirSync(parley.dataDir, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name !== "parley.yaml" && file.name !== "backup.tgz")
    .map((file) => readFileSync(join(file.parentPath, file.name), "latin1"));
  const seen: Readonly<Record<string, string>> = {
    "the log": parley.logged(),
    "an answer over HTTP": answers.join("\n"),
    "what a command printed": printed.join("\n"),
    "the data directory": kept.join("\n"),
    "a backup": gunzipSync(readFileSync(backup)).toString("latin1"),
    "a post": JSON.stringify(parley.worlds.flatMap((world) => [...world.posts(), ...world.privatePosts()])),
  };
  for (const [where, text] of Object.entries(seen)) {
    assert.ok(text.length > 0, where);
    for (const secret of secrets) {
      const at = text.indexOf(secret);
      assert.equal(at, -1, `a secret in ${where}: …${text.slice(Math.max(0, at - 200), at + 40)}…`);
      const encoded = encodeURIComponent(secret);
      assert.ok(encoded === secret || !text.includes(encoded), `encoded, in ${where}`);
    }
  }
});
