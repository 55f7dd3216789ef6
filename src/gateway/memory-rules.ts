import type { HygieneMode } from "../memory/clean-claim.ts";
import type { Thresholds } from "../memory/thresholds.ts";
import type { LifecycleEventKind } from "../store/lifecycle-rules.ts";

/** Something of the operator's that is told what happens to sessions. */
export interface MemoryHook {
  /** `[a-z][a-z0-9_-]*`, once; deliveries are stored under it. */
  readonly name: string;
  readonly kinds: readonly LifecycleEventKind[];
  readonly target: /** A file whose default export is a function of the event. */
    | { readonly kind: "module"; readonly path: string }
    /** Gets the event by POST, signed where there is a secret. */
    | { readonly kind: "webhook"; readonly url: string; readonly secret: string | null };
}

/** What is kept of conversations that get long, or end. */
export interface MemoryRules {
  /** False: nothing is compacted by itself, nothing recalled, nothing learned. */
  readonly enabled: boolean;
  /** The agent that summarises and extracts; null for each session's own. */
  readonly agent: string | null;
  /** Parts of a context's room. */
  readonly thresholds: Thresholds;
  /** Most messages that a compaction leaves word for word. */
  readonly tailMessages: number;
  /** Whether a model looks for what is worth remembering. */
  readonly extracts: boolean;
  /** How what it finds is cleaned. */
  readonly hygiene: HygieneMode;
  /** Most tokens of what is recalled in a turn; 0 for nothing. */
  readonly recallTokens: number;
  /** How long an ended session is kept; null for ever. */
  readonly retentionMs: number | null;
  /** Where a session is written to before it is purged, absolute; null for nowhere. */
  readonly exportFolder: string | null;
  readonly hooks: readonly MemoryHook[];
}

/**
 * The deliveries of a session's end that are ours, in the order in which they are made, each tried again by itself: what it learned is
 * promoted, its last lines are archived, and the next session's note says what it was about. No hook of an operator's has a name with a dot.
 */
export const endHooks = ["memory.promotion", "memory.summary", "memory.note"] as const;
export type EndHook = (typeof endHooks)[number];

/** What is stored of the rules, so that a session ended by the command line ends by them too. */
export function lifecycleRulesOf({ enabled, retentionMs, hooks }: MemoryRules) {
  const ends = enabled ? endHooks.map((name) => ({ name, kinds: ["session.ended" as const] })) : [];
  return { retentionMs, hooks: [...ends, ...hooks.map(({ name, kinds }) => ({ name, kinds: [...kinds] }))] };
}
