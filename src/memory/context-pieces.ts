import type { LogLine } from "./summary.ts";

/** Something remembered, as a context shows it. */
export interface RememberedPiece {
  readonly content: string;
  /** Whom it is about: "this person", "this place"; our own words. */
  readonly about: string;
  /** Since when it is known, milliseconds since 1970 UTC. */
  readonly sinceMs: number;
}

/** What stands for lines that left the window. */
export interface ArchivePiece {
  readonly archiveId: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly overview: string;
  readonly abstract: string;
}

/** Where the conversation stands. */
export interface StatePiece {
  readonly activeTask: { readonly text: string } | null;
  readonly uncertainties: readonly string[];
  /** What stands for lines that no archive tells of; empty for nothing. */
  readonly compressed: string;
  readonly commitments: readonly {
    readonly kind: "loop" | "constraint" | "decision";
    readonly text: string;
    readonly state: "open" | "fulfilled" | "expired";
  }[];
}

/** All that a context may be made of. */
export interface ContextPieces {
  readonly prompt: string;
  /** The best first. */
  readonly memory: readonly RememberedPiece[];
  /** Live ones, oldest first. */
  readonly archives: readonly ArchivePiece[];
  /** Null before there was any. */
  readonly windowState: StatePiece | null;
  /** The window, oldest first; the last one is to be answered. */
  readonly messages: readonly LogLine[];
  /** What the provider counts for one token of our estimate; 1 before it reported any. */
  readonly scale: number;
}

/** A text of a context within its limit. */
export interface FittedText {
  /** Empty for nothing. */
  readonly text: string;
  readonly isTruncated: boolean;
}
