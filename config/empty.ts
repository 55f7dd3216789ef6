import type { z } from "zod";
import { shapeOf } from "./shape.ts";
import { isTree, type Tree } from "./tree.ts";

/**
 * The tree without its empty values: `key:` and `key: ""` (also by `"${VAR:-}"`) say nothing, so the default holds.
 * An empty section becomes `{}`. Inside free mappings (`env`, `headers`, `options`) and lists every value is kept.
 */
export function withoutEmptyValues(schema: z.ZodType, tree: Tree): Tree {
  const shape = shapeOf(schema, tree);
  const kept = Object.entries(tree).flatMap(([key, value]): [string, unknown][] => {
    const part = shape.kind === "object" ? shape.fields[key] : shape.kind === "record" ? shape.element : undefined;
    if (part === undefined) {
      return [[key, value]];
    }
    const isSection = ["object", "record"].includes(shapeOf(part, {}).kind);
    if (isSection && (value === null || value === undefined)) {
      return [[key, {}]];
    }
    if (isTree(value)) {
      return [[key, withoutEmptyValues(part, value)]];
    }
    if (Array.isArray(value)) {
      const elementSchema = shapeOf(part, value);
      return [
        [
          key,
          elementSchema.kind === "array" ? value.map((item) => withoutEmptyInside(elementSchema.element, item)) : value,
        ],
      ];
    }
    const isEmpty = value === undefined || (shape.kind === "object" && (value === null || value === ""));
    return isEmpty ? [] : [[key, value]];
  });
  return Object.fromEntries(kept);
}

function withoutEmptyInside(schema: z.ZodType, item: unknown): unknown {
  return isTree(item) ? withoutEmptyValues(schema, item) : item;
}
