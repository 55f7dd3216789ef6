/** How emphasis is meant to look. */
export type Emphasis = "strong" | "emphasis" | "delete";

/** What is known of the surroundings of a span. */
export interface SpanEdges {
  /** A letter or digit stands directly before or after it. */
  readonly touchesWord: boolean;
}

/**
 * A platform's way to write what markdown means. Everything that comes in as `inner` is already in the platform's markup,
 * every `value` is raw text that still has to be escaped.
 */
export interface Markup {
  text(value: string): string;
  span(emphasis: Emphasis, inner: string, edges: SpanEdges): string;
  inlineCode(value: string): string;
  /** `url` has one of `linkSchemes`; `label` is the text of `inner` without markup. */
  link(inner: string, url: string, label: string): string;
  heading(inner: string, depth: number): string;
  /** `value` has something to show. */
  codeBlock(value: string, language: string | null): string;
  /** `depth` is 1 for a quote that is in no other. */
  quote(inner: string, depth: number): string;
  /** Called with the lines of a paragraph, to escape what would open a block at the beginning of a line. */
  lines(inner: string): string;
  readonly bullet: string;
  /** Before the box of a task in a list without numbers. */
  readonly taskBullet: string;
  readonly rule: string;
  /** What links may lead to, such as `https:`. Others are shown as text. */
  readonly linkSchemes: ReadonlySet<string>;
}
