/**
 * What a further line of a block must begin with, when the block begins at `offset`: the quotes it is in, and spaces for
 * the list markers before it.
 */
export function continuationPrefix(markdown: string, offset: number): string {
  const lineStart = markdown.lastIndexOf("\n", offset - 1) + 1;
  return markdown.slice(lineStart, offset).replace(/[^>\s]/g, " ");
}
