import { posix } from "node:path";
import { HTTP_FILE, OPERATORS_IMPORT_FILE, type Part, partOf, parts } from "./parts.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** One source file; its path is relative to the repository, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Modules that read the time or set timers behind the clock's back. */
const CLOCK_MODULES = new Set(["timers", "timers/promises", "perf_hooks"]);

/** What a file imports against the order of the parts, one readable line each. */
export function importComplaints(file: SourceFile): readonly string[] {
  const part = partOf(file.path);
  if (part === undefined)
    return [`${file.path}: expected a file of one of the parts ${parts.map(({ path }) => path).join(", ")}`];
  return importsOf(tokensOf(file.text)).flatMap(({ specifier, line }) => {
    const wrong = specifier === null ? wrongComputed(file.path) : wrongImport(file.path, part, specifier);
    return wrong === null ? [] : [`${file.path}:${line}: ${wrong}`];
  });
}

function wrongComputed(path: string): string | null {
  return path === OPERATORS_IMPORT_FILE ? null : "imports a computed path, expected a literal one";
}

function wrongImport(path: string, part: Part, specifier: string): string | null {
  if (specifier.startsWith(".")) return wrongNeighbour(path, part, specifier);
  if (specifier.startsWith("node:")) {
    const builtin = specifier.slice("node:".length);
    if (CLOCK_MODULES.has(builtin)) return `imports ${specifier}, expected src/clock/clock.ts instead`;
    if (builtin === "http" && path !== HTTP_FILE) return `imports ${specifier}, expected ${HTTP_FILE} instead`;
    const allowed = part.builtins === undefined || part.builtins.includes(builtin);
    return allowed ? null : `imports ${specifier}, ${part.path} may use only ${listed(part.builtins ?? [])} of Node`;
  }
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  return part.packages.includes(name) ? null : `imports ${name}, ${part.path} may use only ${listed(part.packages)}`;
}

function wrongNeighbour(path: string, part: Part, specifier: string): string | null {
  const target = posix.join(posix.dirname(path), specifier);
  const other = partOf(target);
  if (other === undefined) return `imports ${target}, which belongs to no part`;
  if (other === part || isAdapter(part, other) === "mine") return null;
  if (isAdapter(part, other) === "another") return `imports ${target}: an adapter never imports another`;
  return parts.indexOf(other) < parts.indexOf(part)
    ? null
    : `imports ${target}, which stands below ${part.path} in the order of parts`;
}

function isAdapter(part: Part, other: Part): "mine" | "another" | null {
  if (!part.path.startsWith("adapters/") || !other.path.startsWith("adapters/")) return null;
  return part === other ? "mine" : "another";
}

interface Import {
  /** Null when it is computed. */
  readonly specifier: string | null;
  readonly line: number;
}

// `import "x"`, `import … from "x"`, `export … from "x"`, `import("x")` in code and in types, `require("x")`.
function importsOf(tokens: readonly Token[]): readonly Import[] {
  return tokens.flatMap((token, index): readonly Import[] => {
    if (token.kind !== "word" || tokens[index - 1]?.text === ".") return [];
    const next = tokens[index + 1];
    if (token.text === "from" || token.text === "import") {
      if (next?.kind === "string") return [{ specifier: next.text, line: token.line }];
    }
    if ((token.text === "import" || token.text === "require") && next?.text === "(") {
      const argument = tokens[index + 2];
      return [{ specifier: argument?.kind === "string" ? argument.text : null, line: token.line }];
    }
    return [];
  });
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
