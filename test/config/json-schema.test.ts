import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { configJsonSchema } from "../../config/json-schema.ts";

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("the JSON Schema", () => {
  test("parley.schema.json is up to date", () => {
    assert.deepEqual(
      JSON.parse(file("parley.schema.json")),
      JSON.parse(JSON.stringify(configJsonSchema())),
      "parley.schema.json differs from the schema: npm run -s parley -- config schema > parley.schema.json",
    );
  });

  test("takes the example, with its variables not yet filled in, and refuses a typo", () => {
    const schema = z.fromJSONSchema(JSON.parse(file("parley.schema.json")));
    const example = parse(file("config/parley.example.yaml"));
    assert.deepEqual(schema.safeParse(example).error?.issues ?? [], []);
    assert.equal(schema.safeParse({ ...example, console: { port: "${PORT}" } }).success, true);
    assert.equal(schema.safeParse({ ...example, console: { port: "eight" } }).success, false);
    assert.equal(schema.safeParse({ ...example, consle: {} }).success, false);
    assert.equal(schema.safeParse({ ...example, platforms: { telegram: {}, discord: false } }).success, true);
  });

  test("every field has a meaning, and every optional one says its default", () => {
    const missing: string[] = [];
    const visit = (node: unknown, path: string) => {
      const { properties = {}, required = [] } = sectionSchema.parse(node);
      for (const [key, field] of Object.entries(properties)) {
        const { description = "" } = sectionSchema.parse(field);
        const hasDefault = /[Dd]efault|JSON Schema/.test(description) || required.includes(key) || isSection(field);
        if (description === "" || !hasDefault) {
          missing.push(`${path}${key}: ${description}`);
        }
        inside(field).forEach((part) => {
          visit(part, `${path}${key}.`);
        });
      }
    };
    visit(configJsonSchema(), "");
    assert.deepEqual(missing, []);
  });
});

const sectionSchema = z.looseObject({
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
});

function isSection(node: unknown): boolean {
  return sectionSchema.parse(node).properties !== undefined;
}

function inside(node: unknown): readonly unknown[] {
  const { anyOf = [], oneOf = [], items, additionalProperties } = sectionSchema.parse(node);
  const parts = [node, ...anyOf, ...oneOf, items, additionalProperties].filter(
    (part) => typeof part === "object" && part !== null,
  );
  return parts.flatMap((part) => (part === node ? (isSection(part) ? [part] : []) : [part, ...inside(part)]));
}
