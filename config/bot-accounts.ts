import { z } from "zod";
import { fieldFacts, patternText } from "./field.ts";

/** Most bots of one platform: each is a connection with a client library of its own. */
const MAX_ACCOUNTS = 100;

/** A field that an account need not repeat: what it leaves out is as in the platform's section. */
type Inherited<Shape extends z.ZodRawShape> = {
  [Key in keyof Shape]: z.ZodExactOptional<z.ZodType<z.output<Shape[Key]>, z.input<Shape[Key]>>>;
};

/** The same fields, all of them to be left out, and none with a default: that would win over what the section says. */
export function inherited<Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape): Inherited<Shape> {
  const fields = Object.entries(shape).map(([name, field]) => {
    const meaning = (field.description ?? "").replace(/\bDefault .*$/s, "Default as in the platform's section.");
    return [name, withoutDefault(field).exactOptional().describe(meaning)] as const;
  });
  return Object.fromEntries(fields) as Inherited<Shape>; // fromEntries forgets which name has which type
}

function withoutDefault(field: z.ZodType): z.ZodType {
  if (!(field instanceof z.ZodDefault || field instanceof z.ZodPrefault)) return field;
  const inner = field.unwrap();
  return inner instanceof z.ZodType ? withoutDefault(inner) : field;
}

/** Further bots of a platform, by name. */
export function accountsOf<Section extends z.ZodObject>(section: Section) {
  return z
    .record(
      patternText(/^[a-z][a-z0-9_-]{0,31}$/, "a name of 1 to 32 small letters, digits, - and _, a letter first"),
      section,
    )
    .refine((accounts) => Object.keys(accounts).length <= MAX_ACCOUNTS)
    .register(fieldFacts, { expected: `a section for each bot's name, at most ${MAX_ACCOUNTS}` })
    .default({})
    .describe(
      "Further bots of this platform, by name: each has a token of its own, and what else differs. The section's own token is the account default. Default none.",
    );
}
