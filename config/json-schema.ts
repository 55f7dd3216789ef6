import { z } from "zod";
import { fieldFacts } from "./field.ts";
import { configSchema } from "./schema.ts";

/** What may stand in the place of any number, choice or patterned text: a text with a variable in it. */
const VARIABLE = {
  type: "string",
  pattern: "\\$\\{",
  description: "An environment variable: ${NAME} or ${NAME:-default}.",
} as const;

/** The JSON Schema of the configuration file, for editors: `parley.schema.json` is this, written out. */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Parley configuration",
    ...z.toJSONSchema(configSchema, {
      io: "input",
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        const facts = zodSchema instanceof z.ZodType ? fieldFacts.get(zodSchema) : undefined;
        if (facts?.secret) {
          jsonSchema.writeOnly = true;
        }
        if (zodSchema instanceof z.ZodObject) {
          jsonSchema.additionalProperties = false; // the loader only warns; an editor may be stricter
        }
        if (zodSchema instanceof z.ZodRecord && zodSchema.keyType instanceof z.ZodString) {
          const { pattern } = z.toJSONSchema(zodSchema.keyType);
          jsonSchema.propertyNames = pattern === undefined ? {} : { pattern }; // keys take no variables
        }
        allowVariable(zodSchema, jsonSchema);
      },
    }),
    $defs: { variable: VARIABLE },
  };
}

/** Editors check what is written, before variables are filled in: `port: "${PORT}"` is right. */
function allowVariable(zodSchema: unknown, jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const isNarrow =
    zodSchema instanceof z.ZodNumber ||
    zodSchema instanceof z.ZodBoolean ||
    zodSchema instanceof z.ZodEnum ||
    (jsonSchema.type === "string" && (jsonSchema.pattern !== undefined || jsonSchema.format !== undefined));
  if (isNarrow) {
    const { description, ...own } = jsonSchema;
    for (const key of Object.keys(own)) {
      delete jsonSchema[key];
    }
    jsonSchema.anyOf = [own, { $ref: "#/$defs/variable" }];
  }
}
