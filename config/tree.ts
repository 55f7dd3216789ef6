/** A mapping of the configuration as it was written, not yet judged. */
export type Tree = Readonly<Record<string, unknown>>;

/** Where a value stands: keys of mappings and positions in lists, outermost first. */
export type Path = readonly (string | number)[];

/** Whether a value is a mapping. */
export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A path as people write it: `routes[0].match.chatId`; keys with other characters are quoted. */
export function pathText(path: Path): string {
  let written = "";
  for (const step of path) {
    if (typeof step === "number") {
      written += `[${step}]`;
    } else if (/^[\w$-]+$/.test(step)) {
      written += written === "" ? step : `.${step}`;
    } else {
      written += `[${JSON.stringify(step)}]`;
    }
  }
  return written;
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const step of path) {
    if (Array.isArray(value)) {
      value = typeof step === "number" ? value[step] : undefined;
    } else if (isTree(value) && Object.hasOwn(value, step)) {
      value = value[step];
    } else {
      return undefined;
    }
  }
  return value;
}

/** The tree with `value` at a path of keys; unchanged where something else than a mapping stands in the way. */
export function withValueAt(tree: Tree, path: readonly string[], value: unknown): Tree {
  const [key, ...rest] = path;
  if (key === undefined) {
    return tree;
  }
  if (rest.length === 0) {
    return { ...tree, [key]: value };
  }
  const child = Object.hasOwn(tree, key) ? (tree[key] ?? {}) : {};
  return isTree(child) ? { ...tree, [key]: withValueAt(child, rest, value) } : tree;
}

/** The list at a path; empty where there is none. */
export function listAt(tree: Tree, path: Path): readonly unknown[] {
  const value = valueAt(tree, path);
  return Array.isArray(value) ? value : [];
}
