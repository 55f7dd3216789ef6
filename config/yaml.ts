import { createRequire } from "node:module";
import type { Document, YAMLError } from "yaml";
import type { Problem } from "./problems.ts";
import { isTree, type Tree } from "./tree.ts";

/** A file's text as a tree, or every reason why it is none. */
export type ReadYaml =
  | { readonly kind: "read"; readonly tree: Tree }
  | { readonly kind: "wrong"; readonly problems: readonly Problem[] };

/** Our words for the parser's complaints: its own can repeat a piece of the file, and that piece can be a secret. */
const REASONS: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  BAD_DQ_ESCAPE: "expected a known escape after the backslash. Use single quotes, where a backslash is plain.",
  BAD_INDENT: "expected another indentation, or a closing bracket. Keys of one section start at the same column.",
  BAD_SCALAR_START: "expected a value; @, ` and some others cannot begin one. Put the value in quotes.",
  BLOCK_AS_IMPLICIT_KEY: 'expected one value after the key, got another ": ". Put the value in quotes.',
  DUPLICATE_KEY: "expected each key once in a section, got it again. Remove one of the two.",
  MISSING_CHAR: "expected a closing quote or bracket, or a space after the colon or dash.",
  MULTILINE_IMPLICIT_KEY: 'expected "key: value", got a line without a colon.',
  MULTIPLE_DOCS: "expected one document, got another after ---. Keep one.",
  NON_STRING_KEY: "expected a plain key, got a list or a section as key.",
  TAB_AS_INDENT: "expected spaces, got a tab. YAML is indented by spaces only.",
  TAG_RESOLVE_FAILED: "expected a plain value, got a tag (!…). Tags are not supported: put a leading ! in quotes.",
};
const OTHER_REASON =
  "expected YAML, got something that does not fit here. Check indentation, colons and quotes near it.";

/** Loads the parser when there is something to parse: a daemon without a file is three megabytes smaller. Reading a configuration waits for nothing. */
function yamlParser(): typeof import("yaml") {
  const require = createRequire(import.meta.url);
  return require("yaml");
}

/** Parses one YAML document whose top is a mapping; an empty one counts as `{}`. `name` is how the problems call the file. */
export function readYaml(source: string, name: string): ReadYaml {
  const { LineCounter, parseDocument } = yamlParser();
  const lineCounter = new LineCounter();
  const document = parseDocument(source, {
    lineCounter,
    prettyErrors: false, // they quote the line
    intAsBigInt: true, // chat ids can exceed what a number holds exactly
    stringKeys: true,
    logLevel: "error",
  });
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const problems = [...document.errors, ...document.warnings].map(
    (error): Problem => ({ path: at(error.pos[0]), message: REASONS[error.code] ?? OTHER_REASON }),
  );
  const alias = firstUnresolvedAlias(document);
  if (alias !== null) {
    const message = "expected an alias (*name) of an anchor (&name) above it. Put a leading * in quotes.";
    problems.push({ path: at(alias), message });
  }
  if (problems.length > 0) {
    return { kind: "wrong", problems };
  }
  const value = plainValueOf(document);
  if (value === TANGLED) {
    const message = `expected sections at most ${MAX_DEPTH} deep and aliases that end, got more. Write the values out.`;
    return { kind: "wrong", problems: [{ path: name, message }] };
  }
  if (value === null || value === undefined) {
    return { kind: "read", tree: {} };
  }
  if (!isTree(value)) {
    return {
      kind: "wrong",
      problems: [{ path: name, message: 'expected "key: value" lines, got a list or a single value.' }],
    };
  }
  return { kind: "read", tree: value };
}

/** Deepest nesting; ours is 6 deep, and an alias inside its own anchor has no end. */
const MAX_DEPTH = 32;
const TANGLED = Symbol("tangled");

function firstUnresolvedAlias(document: Document): number | null {
  let offset: number | null = null;
  const { visit } = yamlParser();
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) === undefined) {
        offset = node.range?.[0] ?? 0;
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return offset;
}

function plainValueOf(document: Document): unknown {
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) {
      return TANGLED; // how the parser says that aliases multiply without measure
    }
    throw error;
  }
  return isDeeperThan(MAX_DEPTH, value) ? TANGLED : withPlainNumbers(value);
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  return depth === 0 || Object.values(value).some((child) => isDeeperThan(depth - 1, child));
}

/** Whole numbers a double holds exactly become numbers; longer ones are ids and become text. */
function withPlainNumbers(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (Array.isArray(value)) {
    return value.map(withPlainNumbers);
  }
  return isTree(value)
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withPlainNumbers(child)]))
    : value;
}
