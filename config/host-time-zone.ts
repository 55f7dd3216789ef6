import { readlinkSync } from "node:fs";
import type { Environment } from "./interpolate.ts";

/** Names of zones that every edition of the time zone database has had for long: an area and a place, or UTC. */
const PLAIN_ZONE = /^(?:(?:Etc\/)?UTC|(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Za-z_/-]+)$/;

/**
 * The IANA name of this machine's time zone. Where TZ or the system says it plainly (`/etc/localtime` is a link into its zones), Intl is
 * not asked: with its data it takes 8 MB, which a daemon that nobody writes to need not hold.
 */
export function hostTimeZone(env: Environment, link = "/etc/localtime"): string {
  const plain = env.TZ === undefined ? linkedZone(link) : plainZone(env.TZ);
  return plain ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function plainZone(name: string): string | null {
  return PLAIN_ZONE.test(name) ? name.replace(/^Etc\/UTC$/, "UTC") : null;
}

function linkedZone(link: string): string | null {
  try {
    const [, name = ""] = readlinkSync(link).split("/zoneinfo/");
    return plainZone(name);
  } catch {
    return null; // a copy instead of a link, or a system that keeps its zone elsewhere
  }
}
