import { z } from "zod";
import { configJsonSchema } from "../../config/json-schema.ts";

const node = z.looseObject({
  writeOnly: z.boolean().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
});

/** A field of the configuration that the schema marks as secret, and the texts that a configuration has there. */
export interface SecretField {
  /** `agents.*.openai.apiKey`: `*` for any name or place, the kind behind it where there are several. */
  readonly path: string;
  readonly texts: readonly string[];
}

/** Every secret field that there can be, with what is in it in this configuration. */
export function secretFieldsOf(config: unknown): readonly SecretField[] {
  const found = new Map<string, string[]>();
  visit(configJsonSchema(), [config], "");
  return [...found].map(([path, texts]) => ({ path, texts }));

  function visit(schema: unknown, values: readonly unknown[], path: string): void {
    const { success, data } = node.safeParse(schema);
    if (!success) return;
    if (data.writeOnly === true) {
      found.set(path, [...(found.get(path) ?? []), ...values.flatMap(textsIn)]);
      return;
    }
    for (const option of [...(data.anyOf ?? []), ...(data.oneOf ?? [])]) {
      const kind = kindOf(option);
      visit(
        option,
        kind === null ? values : values.filter((value) => childOf(value, "kind") === kind),
        joined(path, kind),
      );
    }
    for (const [name, field] of Object.entries(data.properties ?? {}))
      visit(
        field,
        values.map((value) => childOf(value, name)),
        joined(path, name),
      );
    for (const each of [data.additionalProperties, data.items])
      visit(
        each,
        values.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : [])),
        joined(path, "*"),
      );
  }
}

function kindOf(schema: unknown): string | null {
  const kind = node.safeParse(node.safeParse(schema).data?.properties?.kind).data?.const;
  return typeof kind === "string" ? kind : null;
}

function joined(path: string, name: string | null): string {
  return name === null ? path : path === "" ? name : `${path}.${name}`;
}

function childOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** All texts in a value, however deep. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
