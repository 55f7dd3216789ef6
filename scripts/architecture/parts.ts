/** One part of the program and what it may import beyond the parts above it. */
export interface Part {
  /** Path of its folder, or of the one file it is. */
  readonly path: string;
  /** npm packages, by name. */
  readonly packages: readonly string[];
  /** Node's own modules, without `node:`; absent: all but the clock's. */
  readonly builtins?: readonly string[];
}

/** The parts in order: each may import only from parts above it. ARCHITECTURE.md tells the reasons. */
export const parts: readonly Part[] = [
  { path: "src/clock", packages: [], builtins: ["crypto"] },
  { path: "src/version.ts", packages: [] },
  { path: "src/node-http.ts", packages: [] },
  { path: "src/session", packages: ["zod", "croner"], builtins: ["crypto"] },
  {
    path: "src/message",
    packages: ["zod", "mdast", "mdast-util-from-markdown", "mdast-util-gfm", "micromark-extension-gfm"],
    builtins: ["crypto"],
  },
  { path: "src/observe", packages: ["pino", "pino-pretty", "prom-client"] },
  { path: "src/platform", packages: ["zod"] },
  {
    path: "src/agent",
    packages: ["zod", "ai", "@ai-sdk/openai-compatible", "@ai-sdk/anthropic", "@agentclientprotocol/sdk"],
  },
  { path: "src/store", packages: ["kysely", "better-sqlite3", "zod"] },
  { path: "src/backup", packages: ["tar", "zod"] },
  { path: "src/media", packages: ["zod"] },
  { path: "src/access", packages: ["zod"] },
  { path: "src/memory", packages: ["zod"] },
  { path: "src/schedule", packages: ["croner"] },
  { path: "src/command", packages: ["zod"] },
  { path: "src/gateway", packages: ["zod"] },
  { path: "src/console", packages: ["hono", "@hono/node-server", "zod"] },
  { path: "config", packages: ["zod", "yaml"] },
  { path: "adapters/telegram", packages: ["zod", "grammy", "mdast"] },
  { path: "adapters/discord", packages: ["zod", "discord.js", "mdast"] },
  { path: "adapters/slack", packages: ["zod", "@slack/bolt", "@slack/web-api", "@slack/socket-mode", "mdast"] },
  { path: "adapters/local", packages: ["zod"] },
  { path: "adapters/web", packages: ["zod"] },
  { path: "src/home-channels.ts", packages: [] },
  { path: "src/config-jobs.ts", packages: [] },
  { path: "src/config-memory.ts", packages: [] },
  { path: "src/bot-rules.ts", packages: [] },
  { path: "src/open-agents.ts", packages: [] },
  { path: "src/open-platforms.ts", packages: [] },
  { path: "src/main.ts", packages: ["zod"] },
  { path: "src/index.ts", packages: [] },
  { path: "src/cli", packages: ["zod", "yaml", "croner"] },
];

/** The one file that reads the time, sets timers and draws random numbers. */
export const CLOCK_FILE = "src/clock/clock.ts";

/** The one file that asks Node for its HTTP, in a way that costs less memory. */
export const HTTP_FILE = "src/node-http.ts";

/** The one file that imports what an operator names, so that its path is computed. */
export const OPERATORS_IMPORT_FILE = "src/agent/module-import.ts";

/** Where `setImmediate` is allowed: the store ends a batch with the tick of the event loop. */
export const TICK_PART = "src/store";

/** The part a file belongs to; undefined when it lies outside all of them. */
export function partOf(path: string): Part | undefined {
  return parts.find((part) => path === part.path || path.startsWith(`${part.path}/`));
}
