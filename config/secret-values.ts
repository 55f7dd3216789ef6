import type { z } from "zod";
import type { Config } from "./config.ts";
import { resolvedSchema } from "./schema.ts";
import { childSchema, factsOf } from "./shape.ts";
import { isTree } from "./tree.ts";

/** Every secret of a configuration, for a log to keep out: the values of the fields that `maskedConfig` hides. */
export function secretValues(config: Config): readonly string[] {
  return secretsIn(resolvedSchema, config, false);
}

function secretsIn(schema: z.ZodType | null, value: unknown, isInSecret: boolean): readonly string[] {
  const isSecret = isInSecret || (schema !== null && factsOf(schema, value).secret === true);
  if (typeof value === "string") return isSecret ? [value] : [];
  const children: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : isTree(value)
      ? Object.entries(value)
      : [];
  return children.flatMap(([key, child]) => secretsIn(schema && childSchema(schema, value, key), child, isSecret));
}
