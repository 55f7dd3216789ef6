import type { LogLine } from "./summary.ts";

/** What a memory is good for: it decides what may outlive its session. */
export type Bucket = "preference" | "project_fact" | "session_summary";

/** Something a person or a model says should be remembered, changed or no longer known; never done without a check. */
export interface Claim {
  readonly kind: "new" | "update" | "reinforce" | "forget";
  readonly content: string;
  readonly bucket: Bucket;
  readonly about: "user" | "chat" | "agent" | "session";
  /** The platform's id of the person who said it; null when nobody in particular did. */
  readonly author: string | null;
  /** 0 to 1. */
  readonly confidence: number;
  /** Fingerprint or address of what an `update` or `forget` is about; null when the content itself says it. */
  readonly replaces: string | null;
  /** A person asked for it in so many words. */
  readonly isExplicit: boolean;
}

/** Finds claims in lines, oldest first; `known` is what need not be found again. Rejects when it can't. */
export type Extract = (
  input: { readonly lines: readonly LogLine[]; readonly known: readonly string[] },
  signal: AbortSignal,
) => Promise<readonly Claim[]>;
