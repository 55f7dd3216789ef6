import { z } from "zod";
import { type FieldFacts, fieldFacts } from "./field.ts";
import { isTree, type Path } from "./tree.ts";

/** What a part of the schema holds, with the wrappers (optional, default, nullable, transform) taken off. */
export type Shape =
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, z.ZodType>> }
  | { readonly kind: "record"; readonly key: z.ZodType; readonly element: z.ZodType }
  | { readonly kind: "array"; readonly element: z.ZodType }
  | { readonly kind: "leaf" };

/** The shape that `value` is meant to have; where the schema is a union, the value says which option. */
export function shapeOf(schema: z.ZodType, value: unknown): Shape {
  const core = coreOf(schema, value);
  if (core instanceof z.ZodObject) {
    return { kind: "object", fields: core.shape };
  }
  if (core instanceof z.ZodRecord && core.keyType instanceof z.ZodType && core.valueType instanceof z.ZodType) {
    return { kind: "record", key: core.keyType, element: core.valueType };
  }
  if (core instanceof z.ZodArray && core.element instanceof z.ZodType) {
    return { kind: "array", element: core.element };
  }
  return { kind: "leaf" };
}

/** The schema of one child of `value`; null for a key the schema does not know. */
export function childSchema(schema: z.ZodType, value: unknown, step: string | number): z.ZodType | null {
  const shape = shapeOf(schema, value);
  switch (shape.kind) {
    case "object":
      return Object.hasOwn(shape.fields, step) ? (shape.fields[step] ?? null) : null;
    case "record":
    case "array":
      return shape.element;
    case "leaf":
      return null;
  }
}

/** The schema at a path of `value`; null where the schema knows nothing. */
export function schemaAt(root: z.ZodType, value: unknown, path: Path): z.ZodType | null {
  let schema: z.ZodType | null = root;
  let here = value;
  for (const step of path) {
    schema = schema === null ? null : childSchema(schema, here, step);
    here = Array.isArray(here) || isTree(here) ? Reflect.get(here, step) : undefined;
  }
  return schema;
}

/** What `fieldFacts` says of a schema, or of what it wraps; the outermost word counts. */
export function factsOf(schema: z.ZodType, value: unknown): FieldFacts {
  let facts: FieldFacts = {};
  for (const layer of layersOf(schema, value)) {
    facts = { ...fieldFacts.get(layer), ...facts };
  }
  return facts;
}

function coreOf(schema: z.ZodType, value: unknown): z.ZodType {
  return layersOf(schema, value).at(-1) ?? schema;
}

/** A schema and everything it wraps, outermost first; ends at what holds the value itself. */
function layersOf(schema: z.ZodType, value: unknown): readonly z.ZodType[] {
  const layers: z.ZodType[] = [];
  let layer: unknown = schema;
  while (layer instanceof z.ZodType) {
    layers.push(layer);
    layer = insideOf(layer, value);
  }
  return layers;
}

function insideOf(schema: z.ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodPipe) {
    return schema.in;
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return schema.unwrap();
  }
  if (schema instanceof z.ZodUnion) {
    return optionFor(schema.options, value);
  }
  return null;
}

/** The option of a union a mapping is meant for: the one whose literal fields (`kind`) agree with it. */
function optionFor(options: readonly unknown[], value: unknown): unknown {
  if (!isTree(value)) {
    return null;
  }
  return options.find(
    (option) =>
      option instanceof z.ZodObject &&
      Object.entries(option.shape).every(
        ([key, field]) =>
          !(field instanceof z.ZodLiteral) || [...field.values].some((literal) => literal === value[key]),
      ),
  );
}
