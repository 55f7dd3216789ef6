import {
  completeResetPolicy,
  defaultResetPolicy,
  type ResetPolicy,
  type ResetRules,
} from "../src/session/reset-policy.ts";
import type { ResetPart, ResetSection } from "./reset.ts";

/**
 * Completes what the configuration says into whole policies. What is missing in one comes from the default policy; a
 * platform's own `reset` wins field by field over `reset.byPlatform`.
 */
export function resetRules(
  section: ResetSection,
  platformResets: Readonly<Record<string, ResetPart>>,
  timeZone: string,
): ResetRules {
  const base = completeResetPolicy(section.default, defaultResetPolicy(timeZone));
  const wholeEach = (parts: Readonly<Record<string, ResetPart>>): Readonly<Record<string, ResetPolicy>> =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, completeResetPolicy(part, base)]));
  const byPlatform = new Map(Object.entries(section.byPlatform));
  for (const [name, part] of Object.entries(platformResets)) {
    if (Object.keys(part).length > 0) {
      byPlatform.set(name, laidOver(part, byPlatform.get(name) ?? {}));
    }
  }
  return {
    default: base,
    byChatType: wholeEach(section.byChatType),
    byPlatform: wholeEach(Object.fromEntries(byPlatform)),
  };
}

/** Who names an hour and no schedule means the hour, as in `completeResetPolicy`. */
function laidOver(part: ResetPart, below: ResetPart): ResetPart {
  const { schedule, ...rest } = below;
  const keepsSchedule = schedule !== undefined && part.atHour === undefined;
  return { ...rest, ...(keepsSchedule ? { schedule } : {}), ...part };
}
