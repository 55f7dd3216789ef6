import { resolve } from "node:path";
import type { AgentConfig } from "./agents.ts";
import { botsOf } from "./bots.ts";
import type { Config } from "./config.ts";
import { resetRules } from "./reset-rules.ts";
import type { ParsedConfig } from "./schema.ts";

/** What a parsed file leaves to the machine it is read on. */
export interface Surroundings {
  /** The folder that `dataDir` is relative to. */
  readonly dataDirBase: string;
  /** The folder that paths of agents are relative to. */
  readonly fileBase: string;
  /** The host's IANA time zone. */
  readonly timeZone: string;
}

/** Completes a parsed configuration: whole policies and access rules, absolute paths, the time zone in force. */
export function resolveConfig(parsed: ParsedConfig, surroundings: Surroundings): Config {
  const timeZone = parsed.sessions.timeZone ?? surroundings.timeZone;
  const platformResets = Object.entries(parsed.platforms).flatMap(([name, section]) =>
    section ? [[name, section.reset] as const] : [],
  );
  return {
    dataDir: resolve(surroundings.dataDirBase, parsed.dataDir),
    console: parsed.console,
    agents: Object.fromEntries(
      Object.entries(parsed.agents).map(([name, agent]) => [name, resolveAgent(agent, surroundings.fileBase)]),
    ),
    routes: parsed.routes,
    platforms: botsOf(parsed.platforms, parsed.access),
    access: parsed.access,
    sessions: { ...parsed.sessions, timeZone },
    reset: resetRules(parsed.reset, Object.fromEntries(platformResets), timeZone),
    queue: parsed.queue,
    limits: parsed.limits,
    memory: {
      ...parsed.memory,
      exportPurged:
        parsed.memory.exportPurged === null ? null : resolve(surroundings.fileBase, parsed.memory.exportPurged),
      hooks: parsed.memory.hooks.map((hook) =>
        hook.module === undefined ? hook : { ...hook, module: resolve(surroundings.fileBase, hook.module) },
      ),
    },
    log: parsed.log,
    jobs: parsed.jobs.map((job) => ({ ...job, timeZone: job.timeZone ?? timeZone })),
  };
}

function resolveAgent(agent: AgentConfig, base: string): AgentConfig {
  if (agent.kind === "module") return { ...agent, path: resolve(base, agent.path) };
  const isProgram = agent.kind === "command" || agent.kind === "acp";
  return isProgram && agent.cwd !== null ? { ...agent, cwd: resolve(base, agent.cwd) } : agent;
}
