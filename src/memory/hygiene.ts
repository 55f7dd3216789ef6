import { fingerprint } from "./fingerprint.ts";
import { memoryLine } from "./memory-line.ts";
import { isPosing } from "./posing.ts";
import { holdsSecret } from "./secrets.ts";
import { isTransient } from "./transient.ts";

/** Longest memory, in UTF-16 units: one fact in a sentence or two; a longer text is a document, not a memory. */
export const MAX_MEMORY_LENGTH = 1000;

/** Why something isn't remembered. */
export type Refusal = "empty" | "too_long" | "transient" | "secret" | "posing";

/** What is left of a text that was to be remembered. */
export type Cleaned =
  | { readonly kind: "clean"; readonly content: string; readonly fingerprint: string }
  | { readonly kind: "refused"; readonly reason: Refusal };

/** What an extraction says when nothing is worth remembering. */
const nothing = /^no_memory_needed$/;
/** Letters, digits, or an emoji at least. */
const says = /[\p{L}\p{N}\p{S}]/u;

/** A text as it may be remembered, or why it may not: normalised, then asked whether it is about the moment, a secret, or an order. */
export function cleanMemory(raw: string): Cleaned {
  if (raw.length > MAX_MEMORY_LENGTH * 2) return { kind: "refused", reason: "too_long" };
  const content = memoryLine(raw);
  const print = fingerprint(content);
  if (!says.test(print) || nothing.test(print)) return { kind: "refused", reason: "empty" };
  if (content.length > MAX_MEMORY_LENGTH) return { kind: "refused", reason: "too_long" };
  // The secret first: of two reasons it is the one that must be counted. What was cut off in cleaning may show it too.
  if (holdsSecret(raw) || holdsSecret(content)) return { kind: "refused", reason: "secret" };
  if (isTransient(content)) return { kind: "refused", reason: "transient" };
  if (isPosing(content)) return { kind: "refused", reason: "posing" };
  return { kind: "clean", content, fingerprint: print };
}
