import type { Config } from "../config/config.ts";
import type { MemoryHook, MemoryRules } from "./gateway/memory-rules.ts";

const DAY_MS = 24 * 60 * 60_000;

/** The configuration's `memory` as the gateway takes it. */
export function configMemory(memory: Config["memory"]): MemoryRules {
  const { enabled, agent, soft, hard, tailMessages, extraction, hygiene, recallTokens, purgeAfterDays, exportPurged } =
    memory;
  return {
    enabled,
    agent,
    thresholds: { soft, hard },
    tailMessages,
    extracts: extraction === "model",
    hygiene,
    recallTokens,
    retentionMs: purgeAfterDays === "never" ? null : purgeAfterDays * DAY_MS,
    exportFolder: exportPurged,
    hooks: memory.hooks.map(({ name, events, module, url, secret }): MemoryHook => {
      const target =
        module === undefined
          ? ({ kind: "webhook", url: url ?? "", secret } as const)
          : ({ kind: "module", path: module } as const);
      return { name, kinds: events, target };
    }),
  };
}
