import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../config/interpolate.ts";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import { ConfigError, type Problem } from "../../config/problems.ts";

/** Calls `use` with a fresh folder and removes it afterwards. */
export function inTempFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "parley-config-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Loads `text` as the `parley.yaml` of a fresh folder. */
export function loadText(text: string, env: Environment = {}): LoadedConfig {
  return inTempFolder((folder) => {
    writeFileSync(join(folder, "parley.yaml"), text);
    return loadConfig({ env, cwd: folder });
  });
}

/** The problems of `text`, the folder cut off their paths; empty when it loads. */
export function problemsOf(text: string, env: Environment = {}): readonly Problem[] {
  return problemsFrom(() => loadText(text, env)).map((problem) => ({
    ...problem,
    path: problem.path.replace(/^.*parley\.yaml/, "parley.yaml"),
  }));
}

/** What the `ConfigError` says that `load` throws; empty when it throws none. */
export function problemsFrom(load: () => unknown): readonly Problem[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems;
    }
    throw error;
  }
}
