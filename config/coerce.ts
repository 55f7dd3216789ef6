import type { z } from "zod";
import type { Origins } from "./interpolate.ts";
import { shapeOf } from "./shape.ts";
import { isTree, type Path, pathText, type Tree } from "./tree.ts";

/**
 * Makes a number or a boolean of each text that is entirely one environment variable, where the schema takes no text
 * there: `port: "${PORT}"`. Only plain decimal numbers, `true` and `false`;
 * anything else stays a text, which the schema refuses.
 */
export function coerceWholeVariables(schema: z.ZodType, tree: Tree, origins: Origins): Tree {
  const visit = (part: z.ZodType, value: unknown, path: Path): unknown => {
    const shape = shapeOf(part, value);
    if (Array.isArray(value)) {
      return shape.kind === "array" ? value.map((item, index) => visit(shape.element, item, [...path, index])) : value;
    }
    if (isTree(value)) {
      return visitTree(part, value, path);
    }
    const fits = typeof value !== "string" || !origins.get(pathText(path))?.whole || part.safeParse(value).success;
    return fits ? value : coerced(part, value);
  };
  const visitTree = (part: z.ZodType, value: Tree, path: Path): Tree => {
    const shape = shapeOf(part, value);
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => {
        const childPart = shape.kind === "object" ? shape.fields[key] : shape.kind === "record" ? shape.element : null;
        return [key, childPart ? visit(childPart, child, [...path, key]) : child];
      }),
    );
  };
  return visitTree(schema, tree, []);
}

function coerced(schema: z.ZodType, text: string): unknown {
  const value = plainValueOf(text);
  // A number out of range stays a number, so that the problem speaks of the range; a text field never gets one.
  const wantsText = schema
    .safeParse(value)
    .error?.issues.some((issue) => issue.code !== "too_big" && issue.code !== "too_small");
  return wantsText ? text : value;
}

function plainValueOf(text: string): unknown {
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) {
    return Number(text);
  }
  return text === "true" ? true : text === "false" ? false : text;
}
