import type { Parents } from "mdast";

/**
 * What a cut leaves whole: `blocks`, items, rows and lines; or `words` and links at least; or `graphemes`; `nothing` when a
 * link, code or emphasis is cut.
 */
export type Spared = "blocks" | "words" | "graphemes" | "nothing";

/** Where a text is cut in two, and what each half needs to stand alone. */
export interface Cut {
  /** Where the first half ends. */
  readonly at: number;
  /** Where the second half begins: behind white space, line prefixes and closing fences that are no longer needed. */
  readonly resumeAt: number;
  /** Ends the first half: a closing fence. */
  readonly closing: string;
  /** Begins the second half: quotes, an opening fence, a table's heading. */
  readonly opening: string;
  /** Quotes and lists that the cut goes through, the outermost first. */
  readonly path: readonly Enclosing[];
  /** Whether the second half begins with a line of the text, its prefixes included. */
  readonly startsLine: boolean;
  readonly spares: Spared;
}

/** A quote, a list's item or a footnote that a cut goes through. */
export interface Enclosing {
  readonly node: Parents;
  /** The number the list's next item gets; null when the list has none. */
  readonly nextNumber: number | null;
}

/**
 * Earliest place for a cut between whole blocks, items, rows and lines, as a part of what would fit: a shorter post than
 * this would look torn off, and the block is cut instead.
 */
export const MIN_BLOCK_FILL = 1 / 3;

/** The same for a block that can be cut between its own items or rows. */
export const MIN_DIVISIBLE_FILL = 2 / 3;
