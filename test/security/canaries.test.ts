import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);
const entry = join(import.meta.dirname, "../../src/cli/parley.js");
/** Nothing listens there. */
const NOBODY = "http://127.0.0.1:9";

/** Something secret for each place that holds one, besides the platforms' tokens. */
const canaries = {
  consoleToken: "canary-console-4f1b2c",
  webhookSecret: "canary_webhook_77a1c0",
  signingSecret: "ca7a7700112233445566778899aabbcc",
  openAiKey: "sk-canary-openai-90d1e2",
  anthropicKey: "sk-ant-canary-11b2c3",
  agentHeader: "canary-header-55d6e7",
  httpSecret: "canary-http-secret-aa01",
  httpHeader: "Bearer canary-http-header-bb02",
  commandEnv: "canary-command-env-cc03",
  acpEnv: "canary-acp-env-dd04",
} as const;

const agents = {
  openai: {
    kind: "openai",
    baseUrl: NOBODY,
    model: "m",
    apiKey: canaries.openAiKey,
    headers: { "x-a": canaries.agentHeader },
  },
  anthropic: { kind: "anthropic", baseUrl: NOBODY, model: "m", apiKey: canaries.anthropicKey },
  http: { kind: "http", url: NOBODY, secret: canaries.httpSecret, headers: { authorization: canaries.httpHeader } },
  command: { kind: "command", command: "echo broken >&2; exit 3", shell: true, env: { KEY: canaries.commandEnv } },
  missing: { kind: "command", command: "/no/such/program", env: { KEY: canaries.commandEnv } },
  acp: { kind: "acp", command: process.execPath, args: ["-e", "process.exit(3)"], env: { KEY: canaries.acpEnv } },
} as const;

test("no secret of any place is in logs, answers, metrics, the page, the data, a backup or what commands print, though everything fails", async () => {
  await using parley = await startPlatformDaemon({
    more: () => ({
      console: { token: canaries.consoleToken },
      log: { level: "debug" },
      agents: { main: { kind: "echo" }, ...agents },
      routes: Object.keys(agents).map((agent) => ({ match: { platform: "web", chatId: agent }, agent })),
      sessions: { titles: "text" },
    }),
    sections: {
      telegram: { webhookSecret: canaries.webhookSecret },
      slack: { signingSecret: canaries.signingSecret },
    },
  });
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
  const paths = ["/", "/metrics", "/readyz", "/api/sessions", "/api/search?q=canary", "/api/commands", "/api/pairings"];
  for (const path of [...paths, "/api/dead-letters", "/api/nothing"]) await ask(path);
  for (const call of ["telegram", "slack", "discord"])
    await ask(`/webhooks/${call}/default`, { method: "POST", headers, body: "{}" });

  const printed: string[] = [];
  const backup = join(parley.dataDir, "backup.tgz");
  const lines = [["config", "show"], ["status", "--json"], ["doctor"], ["backup", backup]];
  for (const words of lines) {
    const done = run(process.execPath, [entry, ...words, "--config", parley.configPath], {
      env: { PATH: process.env.PATH },
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
  const secrets = [...Object.values(canaries), ...parley.worlds.flatMap((world) => world.secrets)];
  assert.ok(secrets.length >= 14);
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
