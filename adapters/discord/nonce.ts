import { hash } from "node:crypto";

/** `nonce` may have 25 characters (discord.com/developers/docs/resources/message#create-message); the greatest row number takes 11 and a dot. */
const PREFIX_LENGTH = 13;

/**
 * The nonces of outbox rows: a row has the same one at each attempt, so that Discord posts it once.
 * `seed` keeps installations apart that use the same bot, one after the other, and number their rows from 1.
 */
export function noncesOf(seed: string, account: string): (outboxId: number) => string {
  const prefix = hash("sha256", JSON.stringify([seed, account]), "base64url").slice(0, PREFIX_LENGTH);
  return (outboxId) => `${prefix}.${outboxId.toString(36)}`;
}
