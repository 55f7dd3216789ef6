import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { coerceWholeVariables } from "./coerce.ts";
import type { Config } from "./config.ts";
import { withoutEmptyValues } from "./empty.ts";
import { fillFromEnvironment } from "./environment.ts";
import { hostTimeZone } from "./host-time-zone.ts";
import { type Environment, interpolate } from "./interpolate.ts";
import { jobWarnings } from "./job-relations.ts";
import { ConfigError, firstOfEachPath } from "./problems.ts";
import { relationProblems, relationWarnings } from "./relations.ts";
import { resolveConfig } from "./resolve.ts";
import { configSchema } from "./schema.ts";
import { schemaProblems } from "./schema-problems.ts";
import type { Tree } from "./tree.ts";
import { unknownKeys } from "./unknown-keys.ts";
import { readYaml } from "./yaml.ts";

/** A configuration that may be used, and what its author should know about it. */
export interface LoadedConfig {
  readonly config: Config;
  /** One readable line each: unknown keys, settings without effect. */
  readonly warnings: readonly string[];
  /** The file it came from, absolute; null without a file. */
  readonly path: string | null;
}

/** The file that counts where none is named. */
const DEFAULT_FILE = "parley.yaml";
/** Largest file that is read, in bytes: a thousand jobs with long prompts, never a database named by mistake. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Reads the configuration: the file at `path` (the option `--config`), else at PARLEY_CONFIG, else `parley.yaml` in
 * `cwd` if there is one, else none. Throws a `ConfigError` with every mistake at once.
 */
export function loadConfig(options: {
  readonly path?: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
}): LoadedConfig {
  const { env, cwd } = options;
  const file = findFile(options);
  const unknown = unknownKeys(configSchema, file.tree);
  const interpolated = interpolate(file.tree, env);
  const said = withoutEmptyValues(configSchema, interpolated.tree);
  const filled = fillFromEnvironment(said, env);
  const origins = new Map([...interpolated.origins, ...filled.origins]);
  const tree = coerceWholeVariables(configSchema, filled.tree, origins);

  const problems = firstOfEachPath([
    ...interpolated.problems,
    ...unknown.problems,
    ...schemaProblems(configSchema, tree, origins),
    ...relationProblems(tree, origins),
  ]);
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  const fileBase = file.path === null ? cwd : dirname(file.path);
  const config = resolveConfig(configSchema.parse(tree), {
    dataDirBase: said.dataDir === undefined ? cwd : fileBase,
    fileBase,
    timeZone: hostTimeZone(env),
  });
  return {
    config,
    warnings: [...unknown.warnings, ...filled.warnings, ...relationWarnings(tree), ...jobWarnings(config)],
    path: file.path,
  };
}

interface SourceFile {
  readonly tree: Tree;
  readonly path: string | null;
}

function findFile(options: {
  readonly path?: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
}): SourceFile {
  const named: readonly (readonly [by: string, path: string | undefined])[] = [
    ["--config", options.path],
    ["PARLEY_CONFIG", options.env.PARLEY_CONFIG || undefined],
  ];
  for (const [by, path] of named) {
    if (path !== undefined) {
      return readFile(resolve(options.cwd, path), by);
    }
  }
  const usual = resolve(options.cwd, DEFAULT_FILE);
  return statSync(usual, { throwIfNoEntry: false }) === undefined
    ? { tree: {}, path: null }
    : readFile(usual, DEFAULT_FILE);
}

/** `by` is who named the file, for the message when it cannot be read. */
function readFile(path: string, by: string): SourceFile {
  const yaml = readYaml(readText(path, by), path);
  if (yaml.kind === "wrong") {
    throw new ConfigError(yaml.problems);
  }
  return { tree: yaml.tree, path };
}

function readText(path: string, by: string): string {
  const unreadable = (got: string, cause?: unknown) =>
    new ConfigError([{ path: by, message: `expected a configuration file at ${path}, got ${got}.` }], { cause });
  try {
    const file = statSync(path, { throwIfNoEntry: false });
    if (file === undefined) {
      throw unreadable('nothing there. Check the name, or write one with "parley init"');
    }
    if (!file.isFile() || file.size > MAX_FILE_BYTES) {
      throw unreadable(
        file.isFile() ? `${file.size} bytes; at most ${MAX_FILE_BYTES} are read` : "something that is no file",
      );
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof ConfigError) {
      throw error;
    }
    const code = error instanceof Error && "code" in error ? String(error.code) : "of an unknown kind";
    throw unreadable(`an error ${code}`, error);
  }
}
