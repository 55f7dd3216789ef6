import { GatewayCloseCodes } from "discord.js";

const PORTAL = "https://discord.com/developers/applications";

/** What to do about a token that was refused; the token itself is never told. */
export const TOKEN_REFUSED = `Discord refused the bot's token. Get a right one at ${PORTAL} → your application → Bot → Reset Token, and set it as platforms.discord.token (or DISCORD_BOT_TOKEN).`;

/** Close codes after which discord.js does not connect again (discord.com/developers/docs/topics/opcodes-and-status-codes#gateway). */
const REASONS = new Map<number, string>([
  [GatewayCloseCodes.AuthenticationFailed, TOKEN_REFUSED],
  [GatewayCloseCodes.InvalidShard, "Discord refused the shard of this connection."],
  [
    GatewayCloseCodes.ShardingRequired,
    "Discord refuses one connection for a bot in this many servers: it is in more than 2500.",
  ],
  [GatewayCloseCodes.InvalidAPIVersion, "Discord no longer knows this version of its gateway: update Parley."],
  [GatewayCloseCodes.InvalidIntents, "Discord no longer knows the intents that were asked for: update Parley."],
  [
    GatewayCloseCodes.DisallowedIntents,
    `Discord refused the intents: switch on "Message Content Intent" at ${PORTAL} → your application → Bot → Privileged Gateway Intents.`,
  ],
]);

/** Why this close code ends it; null for codes after which discord.js connects again by itself. */
export function finalCloseDetail(code: number): string | null {
  return REASONS.get(code) ?? null;
}
