import { pathToFileURL } from "node:url";

/**
 * Loads a file of the operator's own: the one import whose path the source cannot know. `version` makes another version of
 * the same file another module; Node keeps the earlier ones until the process ends, and the file's own imports as they are.
 */
export async function importModule(path: string, version: string | null): Promise<Readonly<Record<string, unknown>>> {
  const url = pathToFileURL(path);
  if (version !== null) url.searchParams.set("v", version);
  const loaded: unknown = await import(url.href);
  return typeof loaded === "object" && loaded !== null ? { ...loaded } : {};
}
