import { Routes } from "discord.js";
import { type MemberPayload, memberPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";

/** Members remembered while messages are read back; the oldest are asked for again. */
const MAX_MEMBERS = 1_000;

/** Looks up nicknames and roles, which history leaves out; null when that fails. Never rejects. */
export type LoadMember = (guildId: string, userId: string) => Promise<MemberPayload | null>;

/** Opens a look-up that remembers. */
export function openMembers(rest: Rest): LoadMember {
  const members = new Map<string, MemberPayload>();
  return async (guildId, userId) => {
    const key = `${guildId}/${userId}`;
    const known = members.get(key);
    if (known !== undefined) return known;
    try {
      const member = memberPayload.parse(await rest.call("get", Routes.guildMember(guildId, userId)));
      if (members.size >= MAX_MEMBERS) members.clear();
      members.set(key, member);
      return member;
    } catch {
      // Somebody who has left is nobody's member: the message is read without roles.
      return null;
    }
  };
}
