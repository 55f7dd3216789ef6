import type { Bucket, Claim } from "./claims.ts";
import { cleanClaim, type HygieneMode } from "./clean-claim.ts";
import type { Refusal } from "./hygiene.ts";

/** Something that is remembered, or was, in the session of the claims or in a scope they may reach. */
export interface Known {
  readonly addr: string;
  readonly fingerprint: string;
  readonly state: "preliminary" | "active" | "superseded" | "stashed" | "forgotten" | "archived";
  /** Whether it belongs to this session alone. */
  readonly isOfThisSession: boolean;
}

/** What is to be done about a claim. */
export type Decision<K extends Known = Known> =
  /** A memory of its own; `supersedes` is what it takes the place of: at once, or when it is promoted. */
  | {
      readonly kind: "add";
      readonly claim: Claim;
      readonly content: string;
      readonly fingerprint: string;
      readonly bucket: Bucket;
      readonly supersedes: { readonly known: K; readonly when: "now" | "at_promotion" } | null;
    }
  | { readonly kind: "reinforce"; readonly claim: Claim; readonly known: K }
  /** A person asked for something that was put aside. */
  | { readonly kind: "revive"; readonly claim: Claim; readonly known: K }
  /** Put aside, not gone; what a model wants forgotten of its own session. */
  | { readonly kind: "stash"; readonly claim: Claim; readonly known: K }
  | { readonly kind: "forget"; readonly claim: Claim; readonly known: K }
  /** A model wants something forgotten that outlived its session: the person is asked, nothing is done. */
  | { readonly kind: "ask_forget"; readonly claim: Claim; readonly known: K }
  | {
      readonly kind: "refuse";
      readonly claim: Claim;
      readonly reason: Refusal | "unknown" | "outdated" | "put_aside" | "repeated" | "too_many";
    };

/** Most claims of one batch: a model that finds more has not chosen. */
export const MAX_DECIDED = 50;

/**
 * What to do about claims, in their order, given what is known. A contradiction is one only where the claim says so and names
 * what it replaces; what was superseded, put aside or forgotten does not come back because a model reads it again; and a model
 * deletes nothing that outlived its session.
 */
export function decideClaims<K extends Known>(
  claims: readonly Claim[],
  known: readonly K[],
  hygiene: HygieneMode = "strict",
): readonly Decision<K>[] {
  const byFingerprint = new Map<string, K>();
  // The live one of several with the same words, else the one named first.
  for (const one of known) {
    const before = byFingerprint.get(one.fingerprint);
    if (before === undefined || (!isLive(before) && isLive(one))) byFingerprint.set(one.fingerprint, one);
  }
  const byAddr = new Map(known.map((one) => [one.addr, one]));
  const seen = new Set<string>();
  return claims.map((claim, index) => {
    if (index >= MAX_DECIDED) return refused(claim, "too_many");
    const target =
      claim.replaces === null ? undefined : (byFingerprint.get(claim.replaces) ?? byAddr.get(claim.replaces));
    const decision = decide(claim, byFingerprint, target, hygiene);
    const print =
      decision.kind === "add" ? decision.fingerprint : "known" in decision ? decision.known.fingerprint : null;
    if (print === null) return decision;
    // Said twice in one batch, it was said once.
    if (seen.has(print)) return refused(claim, "repeated");
    seen.add(print);
    return decision;
  });
}

function decide<K extends Known>(
  claim: Claim,
  byFingerprint: ReadonlyMap<string, K>,
  target: K | undefined,
  hygiene: HygieneMode,
): Decision<K> {
  const cleaned = cleanClaim(claim, hygiene);
  const same = target ?? (cleaned.kind === "clean" ? byFingerprint.get(cleaned.fingerprint) : undefined);
  switch (claim.kind) {
    case "forget":
      return forgotten(claim, same);
    case "reinforce":
      if (same !== undefined) return said(claim, same);
      break;
    case "new":
    case "update":
      break;
  }
  if (cleaned.kind === "refused") return refused(claim, cleaned.reason);
  const add = (supersedes: K | null): Decision<K> => ({
    kind: "add",
    claim,
    content: cleaned.content,
    fingerprint: cleaned.fingerprint,
    bucket: cleaned.bucket,
    supersedes:
      supersedes === null
        ? null
        : { known: supersedes, when: claim.isExplicit || supersedes.isOfThisSession ? "now" : "at_promotion" },
  });
  const equal = byFingerprint.get(cleaned.fingerprint);
  if (claim.kind === "update" && target !== undefined && isLive(target) && target.fingerprint !== cleaned.fingerprint) {
    // Back to what was true before: that one is a new placement of the same words, unless it was put aside.
    // The same where only this session thought otherwise meanwhile: its correction must not outlive it.
    const isBack = equal !== undefined && target.isOfThisSession && !equal.isOfThisSession && isLive(equal);
    return isBack || equal === undefined || equal.state === "superseded" || equal.state === "archived"
      ? add(target)
      : said(claim, equal);
  }
  return equal === undefined || equal.state === "archived" ? add(null) : said(claim, equal);
}

/** The same words again. */
function said<K extends Known>(claim: Claim, known: K): Decision<K> {
  if (isLive(known)) return { kind: "reinforce", claim, known };
  if (claim.isExplicit) return { kind: "revive", claim, known };
  return refused(claim, known.state === "stashed" || known.state === "forgotten" ? "put_aside" : "outdated");
}

function forgotten<K extends Known>(claim: Claim, known: K | undefined): Decision<K> {
  if (known === undefined || known.state === "forgotten") return refused(claim, "unknown");
  if (claim.isExplicit) return { kind: "forget", claim, known };
  if (!isLive(known)) return refused(claim, "put_aside");
  return { kind: known.isOfThisSession ? "stash" : "ask_forget", claim, known };
}

function isLive({ state }: Known): boolean {
  return state === "active" || state === "preliminary";
}

function refused<K extends Known>(
  claim: Claim,
  reason: (Decision<K> & { readonly kind: "refuse" })["reason"],
): Decision<K> {
  return { kind: "refuse", claim, reason };
}
