import { z } from "zod";
import { accessSection } from "./access.ts";
import { agentSection } from "./agents.ts";
import { consoleSection } from "./console.ts";
import { agentName, text } from "./field.ts";
import { limitsSection, logSection, queueSection, sessionsSection } from "./gateway.ts";
import { jobSection } from "./jobs.ts";
import { memorySection } from "./memory.ts";
import { platformBots, platformsSection } from "./platforms.ts";
import { resetSection } from "./reset.ts";
import { routeSection } from "./routes.ts";

/** Most routes; they are tried one after the other for every message. */
const MAX_ROUTES = 1000;
/** Most jobs in the file. */
const MAX_JOBS = 1000;

/** The whole configuration file: each field says its meaning, unit and default. `unknownKeys` judges unknown keys. */
export const configSchema = z.object({
  $schema: z.string().exactOptional().describe("Where editors find the JSON Schema of this file; not used otherwise."),
  dataDir: text()
    .default("./data")
    .describe(
      "Folder of the database, transcripts and media, relative to this file. Default ./data in the working folder.",
    ),
  console: consoleSection.prefault({}).describe("The HTTP server: web page, API, health, metrics."),
  agents: z
    .record(agentName(), agentSection)
    .default({})
    .describe("Who answers, by name; main is the one without a route. Default main: { kind: echo }."),
  routes: z
    .array(routeSection)
    .max(MAX_ROUTES)
    .default([])
    .describe("Which agent answers where; the first match wins. Default main everywhere."),
  platforms: platformsSection.prefault({}).describe("The chat platforms to connect to. Default none."),
  access: accessSection.prefault({}).describe("Who may talk to the agent."),
  sessions: sessionsSection.prefault({}).describe("Who shares a conversation."),
  reset: resetSection.prefault({}).describe("When conversations start afresh."),
  queue: queueSection.prefault({}).describe("What waits, and how much runs at once."),
  limits: limitsSection.prefault({}).describe("How long things may take."),
  memory: memorySection.prefault({}).describe("What is kept of conversations that get long, or end."),
  log: logSection.prefault({}).describe("What is logged."),
  jobs: z.array(jobSection).max(MAX_JOBS).default([]).describe("Prompts that run by the clock. Default none."),
});

/** The schema of a resolved configuration, as far as walks along it need: which of its fields are secret. */
export const resolvedSchema = z.object({ ...configSchema.shape, platforms: platformBots });

/** The parsed file: defaults filled, nothing resolved yet. */
export type ParsedConfig = z.output<typeof configSchema>;
