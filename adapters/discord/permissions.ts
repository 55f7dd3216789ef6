import { PermissionFlagsBits } from "discord.js";
import { z } from "zod";

/** A set of permissions as Discord writes it: a number too large for JSON (discord.com/developers/docs/topics/permissions). */
const bits = z
  .string()
  .regex(/^\d{1,39}$/)
  .transform(BigInt);

/** What a channel changes for a role or for somebody. */
const overwrite = z.object({ id: z.string(), allow: bits, deny: bits });
type Overwrite = z.infer<typeof overwrite>;

/** A channel, for what it changes. */
export const channelOverwrites = z
  .object({ permission_overwrites: z.array(overwrite) })
  .transform((channel) => channel.permission_overwrites);

/** All roles of a guild. */
export const rolesPayload = z.array(z.object({ id: z.string(), permissions: bits }));
type Role = z.infer<typeof rolesPayload>[number];

/** A member of a guild, as far as it decides what they may do in a channel. */
export interface Standing {
  /** Also the id of the role that everybody has. */
  readonly guildId: string;
  readonly userId: string;
  readonly roleIds: readonly string[];
  /** All of the guild. */
  readonly roles: readonly Role[];
  /** Of the channel; a thread has those of the channel above. */
  readonly overwrites: readonly Overwrite[];
}

/** What a member may do in a channel: what their roles allow, changed for everybody, then for their roles, then for them. */
export function permissionsIn({ guildId, userId, roleIds, roles, overwrites }: Standing): bigint {
  const own = new Set([guildId, ...roleIds]);
  const allowed = union(roles.filter(({ id }) => own.has(id)).map(({ permissions }) => permissions));
  if ((allowed & PermissionFlagsBits.Administrator) !== 0n) return ~0n;
  const ofRoles = overwrites.filter(({ id }) => id !== guildId && own.has(id));
  const steps = [
    overwrites.filter(({ id }) => id === guildId),
    // Several roles: what one of them is allowed, no other takes away.
    [{ allow: union(ofRoles.map(({ allow }) => allow)), deny: union(ofRoles.map(({ deny }) => deny)) }],
    overwrites.filter(({ id }) => id === userId),
  ];
  return steps.flat().reduce((current, { allow, deny }) => (current & ~deny) | allow, allowed);
}

/** The permissions a bot lacks to post in a channel or a thread, by the names Discord shows; empty when it lacks none. */
export function missingToPost(permissions: bigint, isThread: boolean): readonly string[] {
  const needed: readonly (readonly [name: string, permission: bigint])[] = [
    ["View Channel", PermissionFlagsBits.ViewChannel],
    isThread
      ? ["Send Messages in Threads", PermissionFlagsBits.SendMessagesInThreads]
      : ["Send Messages", PermissionFlagsBits.SendMessages],
  ];
  return needed.filter(([, permission]) => (permissions & permission) === 0n).map(([name]) => name);
}

function union(sets: readonly bigint[]): bigint {
  return sets.reduce((all, each) => all | each, 0n);
}
