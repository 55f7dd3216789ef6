import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AgentConfig } from "../config/agents.ts";
import type { Config } from "../config/config.ts";
import type { AgentBackend } from "./agent/backend.ts";
import { echoAgent } from "./agent/echo.ts";
import type { Clock } from "./clock/clock.ts";
import type { Events } from "./observe/events.ts";

/** What agents need besides their settings. */
export interface AgentParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly events: Events;
}

/** Opens the configured agents, by name. The code of a kind that is not used is not even imported. Throws what a module that can't be loaded says. */
export async function openAgents(
  agents: Config["agents"],
  parts: AgentParts,
): Promise<ReadonlyMap<string, AgentBackend>> {
  const opened = new Map<string, AgentBackend>();
  const stateDir = join(parts.dataDir, "agents");
  // Programs of an agent that is no longer configured end as well.
  if (existsSync(stateDir)) {
    const { endOrphans } = await import("./agent/child-orphans.ts");
    const ended = await endOrphans(stateDir, parts.clock);
    if (ended > 0) parts.events.orphansEnded({ programs: ended });
  }
  for (const [name, config] of Object.entries(agents)) opened.set(name, await openAgent(name, config, stateDir, parts));
  return await withFallbacks(agents, opened, parts);
}

async function openAgent(
  name: string,
  config: AgentConfig,
  stateDir: string,
  { dataDir, clock, events }: AgentParts,
): Promise<AgentBackend> {
  const report = (line: string) => events.agentSaid({ agent: name, line });
  const mediaDir = join(dataDir, "media");
  switch (config.kind) {
    case "echo":
      return echoAgent();
    case "openai": {
      const { openaiAgent } = await import("./agent/openai.ts");
      return openaiAgent({ ...config, ...modelSettings(config), name, clock });
    }
    case "anthropic": {
      const { anthropicAgent } = await import("./agent/anthropic.ts");
      return anthropicAgent({ ...config, ...modelSettings(config), name, clock });
    }
    case "command": {
      const { commandAgent } = await import("./agent/command-agent.ts");
      return commandAgent({ ...config, name, mediaDir, stateDir, clock, report });
    }
    case "acp": {
      const { acpAgent } = await import("./agent/acp-agent.ts");
      return acpAgent({ ...config, name, mediaDir, stateDir, clock, report });
    }
    case "module": {
      const { moduleAgent } = await import("./agent/module-agent.ts");
      return await moduleAgent({ ...config, name, clock, report });
    }
    case "http": {
      const { httpAgent } = await import("./agent/http-agent.ts");
      return httpAgent({
        ...config,
        name,
        firstByteTimeoutMs: config.firstByteTimeoutSeconds * 1_000,
        mediaDir,
        clock,
        report,
      });
    }
  }
}

function modelSettings(config: { readonly firstByteTimeoutSeconds: number; readonly fallback: string | null }) {
  return { firstByteTimeoutMs: config.firstByteTimeoutSeconds * 1_000, hasFallback: config.fallback !== null };
}

/** Puts those that have one before their fallback, however long the chain: the configuration has no cycles. */
async function withFallbacks(
  agents: Config["agents"],
  opened: ReadonlyMap<string, AgentBackend>,
  { clock, events }: AgentParts,
): Promise<ReadonlyMap<string, AgentBackend>> {
  const fallbackOf = (name: string) => {
    const config = agents[name];
    return config?.kind === "openai" || config?.kind === "anthropic" ? config.fallback : null;
  };
  if (!Object.keys(agents).some((name) => fallbackOf(name) !== null)) return opened;
  const { withFallback } = await import("./agent/with-fallback.ts");
  const chained = (name: string): AgentBackend | undefined => {
    const agent = opened.get(name);
    const next = fallbackOf(name);
    const second = next === null ? undefined : chained(next);
    if (agent === undefined || second === undefined) return agent;
    const both = withFallback(agent, second, {
      clock,
      onFallback: ({ reason, detail }) => events.turnFellBack({ agent: name, to: next ?? "", reason, detail }),
    });
    // The second is closed under its own name.
    return { ...both, close: async () => await agent.close?.() };
  };
  return new Map([...opened.keys()].flatMap((name) => [[name, chained(name) ?? echoAgent()] as const]));
}
