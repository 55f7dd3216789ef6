import { hash } from "node:crypto";

/** `nonce` may have 25 characters (discord.com/developers/docs/resources/message#create-message). */
const NONCE_LENGTH = 25;

/**
 * The nonce of an outbox row: the same at each attempt, so that Discord posts it once.
 * `seed` keeps installations apart that use the same bot, one after the other, and number their rows from 1.
 */
export function nonceOf(seed: string, account: string, outboxId: number): string {
  const key = JSON.stringify([seed, account, outboxId]);
  return hash("sha256", key, "base64url").slice(0, NONCE_LENGTH);
}
