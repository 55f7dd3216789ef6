import type { Bucket, Claim } from "./claims.ts";
import { type Cleaned, cleanMemory, MAX_MEMORY_LENGTH } from "./hygiene.ts";
import { isLegacyNothing, isLegacyTransient, legacyBucket, legacyFingerprint, legacyLine } from "./legacy-hygiene.ts";
import { isPosing } from "./posing.ts";
import { holdsSecret } from "./secrets.ts";

/** How what a model found is cleaned: `strict` mends the slips of the reference systems, `compat` stores what they stored, byte for byte. */
export type HygieneMode = "strict" | "compat";

/** What is left of a claim's text, with the bucket it belongs to. */
export type CleanedClaim =
  | (Extract<Cleaned, { kind: "clean" }> & { readonly bucket: Bucket })
  | Extract<Cleaned, { kind: "refused" }>;

/** A claim as it may be remembered, or why it may not. */
export function cleanClaim({ content, bucket }: Pick<Claim, "content" | "bucket">, mode: HygieneMode): CleanedClaim {
  switch (mode) {
    case "strict": {
      const cleaned = cleanMemory(content);
      return cleaned.kind === "refused" ? cleaned : { ...cleaned, bucket };
    }
    case "compat":
      return cleanCompatibly(content);
  }
}

/** The reference knew neither secrets nor orders; those are kept out here too. */
function cleanCompatibly(raw: string): CleanedClaim {
  if (raw.length > MAX_MEMORY_LENGTH * 2) return { kind: "refused", reason: "too_long" };
  const content = legacyLine(raw);
  const fingerprint = legacyFingerprint(content);
  if (fingerprint === "" || isLegacyNothing(content)) return { kind: "refused", reason: "empty" };
  if (content.length > MAX_MEMORY_LENGTH) return { kind: "refused", reason: "too_long" };
  if (holdsSecret(raw) || holdsSecret(content)) return { kind: "refused", reason: "secret" };
  if (isLegacyTransient(content)) return { kind: "refused", reason: "transient" };
  if (isPosing(content)) return { kind: "refused", reason: "posing" };
  return { kind: "clean", content, fingerprint, bucket: legacyBucket(content) };
}
