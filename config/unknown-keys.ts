import type { z } from "zod";
import { nearest } from "../src/message/nearest.ts";
import { type Problem, problemMessage } from "./problems.ts";
import { factsOf, shapeOf } from "./shape.ts";
import { isTree, type Path, pathText } from "./tree.ts";

/** Sections whose mistyped names would leave a door open. */
const LOCKS = ["access", "console"];

/** Keys the schema does not know: an upgrade must not take anyone down, and a mistyped lock is no lock. */
export interface UnknownKeys {
  /** One readable line each, for keys that change nothing. */
  readonly warnings: readonly string[];
  /** Those under `access` and `console`, and those that were probably meant to be one of the two. */
  readonly problems: readonly Problem[];
}

/** Finds every key the schema does not know, with the nearest known one. */
export function unknownKeys(root: z.ZodType, tree: unknown): UnknownKeys {
  const warnings: string[] = [];
  const problems: Problem[] = [];

  const visit = (schema: z.ZodType, value: unknown, path: Path, strict: boolean) => {
    const shape = shapeOf(schema, value);
    const isStrict = strict || factsOf(schema, value).strict === true;
    if (Array.isArray(value) && shape.kind === "array") {
      value.forEach((item, index) => {
        visit(shape.element, item, [...path, index], isStrict);
      });
    }
    if (!isTree(value)) {
      return;
    }
    for (const [key, child] of Object.entries(value)) {
      const childPath = [...path, key];
      if (shape.kind === "record") {
        visit(shape.element, child, childPath, isStrict);
      } else if (shape.kind === "object") {
        const known = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
        if (known) {
          visit(known, child, childPath, isStrict);
        } else {
          report(childPath, key, Object.keys(shape.fields), isStrict);
        }
      }
    }
  };

  const report = (path: Path, key: string, known: readonly string[], strict: boolean) => {
    const near = nearest(key, known);
    const meant = near === null ? null : `Did you mean ${JSON.stringify(near)}?`;
    if (strict || (near !== null && LOCKS.includes(near))) {
      const advice = `${meant ?? "Remove it."} A key that is not understood would protect nothing.`;
      problems.push({
        path: pathText(path),
        message: problemMessage(`one of ${known.join(", ")}`, "an unknown key", advice),
      });
    } else {
      warnings.push(`${pathText(path)}: unknown key, ignored.${meant === null ? "" : ` ${meant}`}`);
    }
  };

  visit(root, tree, [], false);
  return { warnings, problems };
}
