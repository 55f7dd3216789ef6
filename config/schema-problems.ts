import { z } from "zod";
import { nearest } from "../src/message/nearest.ts";
import type { Origins } from "./interpolate.ts";
import { type Problem, problemMessage } from "./problems.ts";
import { factsOf, schemaAt, shapeOf } from "./shape.ts";
import { shownValue } from "./shown.ts";
import { type Path, pathText, valueAt } from "./tree.ts";

/** Every place where the tree does not fit the schema, in our words: zod's own could repeat a secret. */
export function schemaProblems(root: z.ZodType, tree: unknown, origins: Origins): readonly Problem[] {
  const result = root.safeParse(tree);
  return (result.error?.issues ?? [])
    .flatMap((issue) => issuesInside(issue))
    .map((issue) => problemAt(root, tree, readPath(issue.path), origins, issue.code === "invalid_key"));
}

/** A union's own issue says nothing; those of the option the value was meant for do, which is the one that took its type. */
function issuesInside(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") {
    return [issue];
  }
  const meant = issue.errors.find((errors) => errors.length > 0 && errors.every((inner) => inner.path.length > 0));
  return meant === undefined
    ? [issue]
    : meant.flatMap((inner) => issuesInside({ ...inner, path: [...issue.path, ...inner.path] }));
}

function problemAt(root: z.ZodType, tree: unknown, path: Path, origins: Origins, isKey: boolean): Problem {
  const written = pathText(path);
  const value = valueAt(tree, path);
  if (isKey) {
    const shape = shapeOf(schemaAt(root, tree, path.slice(0, -1)) ?? root, undefined);
    const expected = shape.kind === "record" ? factsOf(shape.key, undefined).expected : undefined;
    return { path: written, message: problemMessage(expected ?? "a known name", "another name", null) };
  }
  const schema = schemaAt(root, tree, path);
  if (schema === null) {
    // The path ends at the discriminator of a union without a fitting option: its values are in the parent's options.
    const kinds = kindsOf(schemaAt(root, tree, path.slice(0, -1)));
    const got = shownValue(value, {}, origins.get(written) ?? null);
    return { path: written, message: problemMessage(oneOf(kinds), got, didYouMean(value, kinds)) };
  }
  const facts = factsOf(schema, value);
  const node = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const choices = (node.enum ?? []).map(String);
  const message = problemMessage(
    facts.expected ?? expectedOf(node),
    shownValue(value, facts, origins.get(written) ?? null),
    facts.advice ?? didYouMean(value, choices),
  );
  return { path: written, message };
}

/** A JSON Schema in words: `a whole number from 0 to 65535`. */
function expectedOf(node: z.core.JSONSchema.BaseSchema): string {
  const options = (node.anyOf ?? []).filter((option) => typeof option === "object" && option.type !== "null");
  if (options.length > 0) {
    return options.map((option) => (typeof option === "object" ? expectedOf(option) : "anything")).join(" or ");
  }
  if (node.enum !== undefined) {
    return oneOf(node.enum.map(String));
  }
  switch (node.type) {
    case "integer":
      return `a whole number${range(node.minimum, node.maximum)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `a list (of ${node.minItems ?? 0} to ${node.maxItems ?? "any number of"} values)`;
    case "object":
      return "a section of keys and values";
    case "string":
      return node.minLength
        ? `a text of ${node.minLength} to ${node.maxLength ?? "any number of"} characters`
        : "a text";
    default:
      return "another value";
  }
}

function range(min: number | undefined, max: number | undefined): string {
  return min === undefined || max === undefined ? "" : ` from ${min} to ${max}`;
}

function oneOf(choices: readonly string[]): string {
  return `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`;
}

function didYouMean(value: unknown, choices: readonly string[]): string | null {
  const near = typeof value === "string" ? nearest(value, choices) : null;
  return near === null ? null : `Did you mean ${JSON.stringify(near)}?`;
}

function kindsOf(schema: z.ZodType | null): readonly string[] {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) {
    return [];
  }
  const { discriminator } = schema.def;
  return schema.options.flatMap((option) => {
    const literal = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return literal instanceof z.ZodLiteral ? [...literal.values].map(String) : [];
  });
}

function readPath(path: readonly PropertyKey[]): Path {
  return path.map((step) => (typeof step === "number" ? step : String(step)));
}
