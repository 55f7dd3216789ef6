import { ask } from "./api.js";

/** Longest text that is shown formatted, and most that is asked for at a time, in UTF-16 units: what the daemon parses at once. */
const MAX_LENGTH = 64 * 1024;
const MAX_TEXTS = 100;
/** Trees that are remembered: some pages of messages. */
const MAX_KEPT = 500;

/** @typedef {import("../../message/shown-tree.ts").ShownNode} ShownNode */
/** @typedef {readonly ShownNode[]} Tree */

/** @type {Map<string, Tree>} */
const known = new Map();

/**
 * The tree of a text of markdown, if `fetchTrees` has brought it.
 * @param {string} text
 */
export function treeOf(text) {
  return known.get(text);
}

/**
 * Has the daemon parse texts, for `treeOf`. It never rejects: what it does not bring is shown as it was written.
 * @param {readonly string[]} texts
 */
export async function fetchTrees(texts) {
  const missing = [...new Set(texts)].filter((text) => text.length <= MAX_LENGTH && !known.has(text));
  while (missing.length > 0) {
    /** @type {string[]} */
    const batch = [];
    let length = 0;
    while (missing[0] !== undefined && length + missing[0].length <= MAX_LENGTH && batch.length < MAX_TEXTS) {
      length += missing[0].length;
      batch.push(...missing.splice(0, 1));
    }
    const trees = await parsed(batch);
    for (const [place, text] of batch.entries()) {
      const tree = trees[place];
      if (tree !== undefined) known.set(text, tree);
    }
  }
  for (const text of known.keys()) {
    if (known.size <= MAX_KEPT) return;
    known.delete(text);
  }
}

/**
 * The tree of a text that is still growing; null when it is to be shown as it was written.
 * @param {string} text
 */
export async function treeOfGrowing(text) {
  return text.length > MAX_LENGTH ? null : ((await parsed([text]))[0] ?? null);
}

/**
 * @param {readonly string[]} texts
 * @returns {Promise<readonly Tree[]>} empty when the daemon did not answer
 */
async function parsed(texts) {
  // Plain text is readable, too; a banner says that there is no connection.
  return await ask("POST", "/api/markdown", { texts }).then(
    ({ trees }) => trees,
    () => [],
  );
}
