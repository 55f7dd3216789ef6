import type { z } from "zod";
import type { Config } from "./config.ts";
import { resolvedSchema } from "./schema.ts";
import { childSchema, factsOf } from "./shape.ts";
import { isTree } from "./tree.ts";

/** What stands in the place of every secret. */
const MASK = "***";

/** The configuration as it may be shown and logged: the value of every field that the schema marks as secret is `***`. */
export function maskedConfig(config: Config): unknown {
  return masked(resolvedSchema, config);
}

function masked(schema: z.ZodType | null, value: unknown): unknown {
  if (value === null || value === undefined) {
    return value;
  }
  if (schema !== null && factsOf(schema, value).secret) {
    return hidden(value);
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => masked(schema && childSchema(schema, value, index), item));
  }
  if (!isTree(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, masked(schema && childSchema(schema, value, key), child)]),
  );
}

function hidden(value: unknown): unknown {
  return isTree(value) ? Object.fromEntries(Object.keys(value).map((key) => [key, MASK])) : MASK;
}
