import { readAccessEntry } from "./entry.ts";
import type { AccessRules } from "./judge.ts";

/** The ids of a platform's roles that a bot's rules name, each once: what its adapter has to know of people beside who they are. */
export function namedRoles(
  { allow, chats }: Pick<AccessRules, "allow" | "chats">,
  platform: string,
): readonly string[] {
  const entries = [...allow, ...Object.values(chats).flatMap((chat) => chat.allow ?? [])].map(readAccessEntry);
  const ids = entries.flatMap((entry) => (entry?.kind === "role" && entry.platform === platform ? [entry.roleId] : []));
  return [...new Set(ids)];
}
