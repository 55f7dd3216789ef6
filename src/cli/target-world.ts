import type { Config } from "../../config/config.ts";
import type { TargetWorld } from "../session/resolve-targets.ts";

/** Platforms that need no configuration, and whose people read our own store. */
export const OWN_PLATFORMS: readonly string[] = ["web", "local"];

/** The places a configuration knows, without its bots being connected. */
export function targetWorldOf(config: Config, homeOfTarget: TargetWorld["homeOf"]): TargetWorld {
  const accountsOf = (platform: string) => {
    const bots = Object.entries(config.platforms).find(([name]) => name === platform)?.[1] ?? [];
    return bots.map(({ account }) => account);
  };
  const configured = Object.keys(config.platforms).filter((platform) => accountsOf(platform).length > 0);
  return { platforms: [...OWN_PLATFORMS, ...configured], accountsOf, homeOf: homeOfTarget };
}
