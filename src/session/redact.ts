import { createHash } from "node:crypto";
import { isPlatformName, type SessionSource } from "./source.ts";
import { cleanText } from "./untrusted-text.ts";

/** Hex characters of a hash that are shown: enough to tell people apart, too few to be looked up without the salt. */
const HASH_LENGTH = 12;
/** `\p{Nd}`: phone numbers are written in many digits. */
const phone = /^\+?\p{Nd}[\p{Nd}\-\s]{6,}$/u;
/** What people and platforms put between the digits of a phone number besides `-` and white space. */
const phonePunctuation = /[().\p{Pd}\u200c\u200d]/gu;

/** The first 12 hex characters of SHA-256 over salt and value; the salt is one secret per installation. */
export function hashId(value: string, salt: string): string {
  return createHash("sha256").update(salt).update(value).digest("hex").slice(0, HASH_LENGTH);
}

/** A person's id as a prompt may show it: `user_<12 hex>`. */
export function hashSenderId(value: string, salt: string): string {
  return `user_${hashId(value, salt)}`;
}

/** A chat's id as a prompt may show it: hashed, but for a platform in front of it (`telegram:<12 hex>`). */
export function hashChatId(value: string, salt: string): string {
  const colon = value.indexOf(":");
  const prefix = value.slice(0, Math.max(colon, 0));
  return isPlatformName(prefix) ? `${prefix}:${hashId(value.slice(colon + 1), salt)}` : hashId(value, salt);
}

/** Whether a text is nothing but a phone number: an optional +, then at least seven digits, hyphens and spaces. */
export function looksLikePhone(text: string): boolean {
  return phone.test(text.trim());
}

/** The name, or a hash in its place when it is a phone number, however that is punctuated. */
export function redactName(name: string, salt: string): string {
  const bare = cleanText(name).replace(phonePunctuation, "");
  return looksLikePhone(name) || looksLikePhone(bare) ? hashSenderId(bare, salt) : name;
}

/** The source as a prompt may show it where people's ids are nobody's business; never to be routed by. */
export function redactSource(source: SessionSource, salt: string): SessionSource {
  const each = <T>(value: string | null, redact: (text: string, salt: string) => T) =>
    value === null ? null : redact(value, salt);
  return {
    ...source,
    chatId: hashChatId(source.chatId, salt),
    // A thread that is a chat of its own has that chat's id.
    threadId: each(source.threadId, hashChatId),
    userId: each(source.userId, hashSenderId),
    userIdAlt: each(source.userIdAlt, hashSenderId),
    workspaceId: each(source.workspaceId, hashId),
    parentChatId: each(source.parentChatId, hashChatId),
    userName: each(source.userName, redactName),
    chatName: each(source.chatName, redactName),
    chatIdAlt: each(source.chatIdAlt, hashChatId),
  };
}
