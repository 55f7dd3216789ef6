import type { Problem } from "./problems.ts";
import { isTree, type Path, pathText, type Tree } from "./tree.ts";

/** The environment: `process.env`, or what a test puts in its place. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Which variables a value came from, and whether it is exactly one of them, so that it may become a number or boolean. */
export interface Origin {
  readonly variables: readonly string[];
  readonly whole: boolean;
}

/** Origins by `pathText`. */
export type Origins = ReadonlyMap<string, Origin>;

/** A tree whose texts have their environment values; what could not be had is undefined and a problem. */
export interface Interpolated {
  readonly tree: Tree;
  readonly origins: Origins;
  readonly problems: readonly Problem[];
}

/** `$${` (a literal `${`), or `${` with everything up to the next `}`. */
const PLACEHOLDER = /\$\$\{|\$\{([^}]*)(\})?/g;
const WHOLE = /^\$\{[^}]*\}$/;
const NAME_AND_DEFAULT = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Puts environment values where parsed texts say `${VAR}` or `${VAR:-default}` (the default also stands in for an empty
 * value); `$${` is a literal `${`. Keys are left alone. It works on parsed values and never on the file's text, so no
 * value can change the structure. A text that is entirely one placeholder is noted as `whole`: `coerceWholeVariables`
 * makes it a number or a boolean where the schema wants one.
 */
export function interpolate(tree: Tree, env: Environment): Interpolated {
  const origins = new Map<string, Origin>();
  const problems: Problem[] = [];

  const visit = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) {
      return value.map((item, index) => visit(item, [...path, index]));
    }
    if (isTree(value)) {
      return visitTree(value, path);
    }
    if (typeof value !== "string") {
      return value;
    }
    const filled = fillText(value, env);
    if (filled.kind === "wrong") {
      problems.push({ path: pathText(path), message: filled.message });
      return undefined;
    }
    if (filled.variables.length > 0) {
      origins.set(pathText(path), { variables: filled.variables, whole: WHOLE.test(value) });
    }
    return filled.text;
  };
  const visitTree = (value: Tree, path: Path): Tree =>
    Object.fromEntries(Object.entries(value).map(([key, child]) => [key, visit(child, [...path, key])]));

  return { tree: visitTree(tree, []), origins, problems };
}

type Filled =
  | { readonly kind: "filled"; readonly text: string; readonly variables: readonly string[] }
  | { readonly kind: "wrong"; readonly message: string };

function fillText(written: string, env: Environment): Filled {
  const variables: string[] = [];
  const wrong: string[] = [];
  const text = written.replace(PLACEHOLDER, (placeholder: string, inside: string | undefined, end?: string) => {
    if (inside === undefined) {
      return "${";
    }
    const match = end === undefined ? null : NAME_AND_DEFAULT.exec(inside);
    const [, name, fallback] = match ?? [];
    if (name === undefined) {
      wrong.push("expected ${NAME} or ${NAME:-default}, got a ${ that is neither. Write $${ for a literal ${.");
      return placeholder;
    }
    variables.push(name);
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (fallback !== undefined) {
      return value || fallback;
    }
    if (value === undefined) {
      wrong.push(
        `expected the environment variable ${name}, which is not set. Set it, or write \${${name}:-default} to do without.`,
      );
    }
    return value ?? "";
  });
  const message = wrong[0];
  return message === undefined ? { kind: "filled", text, variables } : { kind: "wrong", message };
}
