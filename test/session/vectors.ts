import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The cases of one file of example data. */
export function readVectors<Case>(name: string): readonly Case[] {
  const path = join(import.meta.dirname, "../fixtures/vectors", `${name}.json`);
  const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(path, "utf8"));
  return cases;
}
